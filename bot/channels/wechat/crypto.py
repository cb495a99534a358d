"""Signature and cipher of the platform: keys prepared once, compared in constant time."""

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32
"""Padding goes to blocks of 32 bytes, although AES has 16."""
_PADDING = tuple(bytes([length]) * length for length in range(_BLOCK + 1))
_HEAD = 20
"""Sixteen random bytes and four of length stand before the text."""


class BrokenCipherError(Exception):
    """The encrypted text cannot be opened with our key."""


class ForeignAppError(Exception):
    """The text was encrypted for another account."""


def signature(*parts: bytes) -> bytes:
    """SHA-1 of the sorted parts, in hex."""
    return hashlib.sha1(b"".join(sorted(parts)), usedforsecurity=False).hexdigest().encode()


def is_genuine(given: bytes, *parts: bytes) -> bool:
    """Whether ``given`` is the signature of ``parts``; takes equally long wherever it differs."""
    return hmac.compare_digest(signature(*parts), given)


class Codec:
    """Opens and seals messages of one account."""

    def __init__(self, token: str, aes_key: str, app_id: str) -> None:
        key = b64decode(aes_key + "=")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))
        self._token = token.encode()
        self._app_id = app_id.encode()

    def open(self, encrypted: bytes) -> bytes:
        """The text inside ``encrypted``, whose signature has been checked."""
        try:
            decryptor = self._cipher.decryptor()
            padded = decryptor.update(b64decode(encrypted)) + decryptor.finalize()
        except ValueError as broken:
            raise BrokenCipherError from broken
        return self._unpacked(padded)

    def seal(self, text: bytes, timestamp: int) -> bytes:
        """The answer's XML envelope around ``text``."""
        packed = b"".join(
            (secrets.token_urlsafe(12).encode(), len(text).to_bytes(4, "big"), text, self._app_id)
        )
        encryptor = self._cipher.encryptor()
        padded = packed + _PADDING[_BLOCK - len(packed) % _BLOCK]
        encrypted = b64encode(encryptor.update(padded) + encryptor.finalize())
        stamp, nonce = b"%d" % timestamp, b"%d" % secrets.randbelow(10**10)
        return (
            b"<xml><Encrypt><![CDATA[%b]]></Encrypt><MsgSignature><![CDATA[%b]]></MsgSignature>"
            b"<TimeStamp>%b</TimeStamp><Nonce><![CDATA[%b]]></Nonce></xml>"
        ) % (encrypted, signature(self._token, stamp, nonce, encrypted), stamp, nonce)

    def _unpacked(self, padded: bytes) -> bytes:
        padding = padded[-1] if padded else 0
        end = len(padded) - padding
        length = int.from_bytes(padded[16:_HEAD], "big")
        if not 0 < padding <= _BLOCK or padded[end:] != _PADDING[padding] or _HEAD + length > end:
            raise BrokenCipherError
        if not hmac.compare_digest(padded[_HEAD + length : end], self._app_id):
            raise ForeignAppError
        return padded[_HEAD : _HEAD + length]
