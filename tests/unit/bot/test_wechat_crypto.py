"""Signature and cipher, held against known answers and against wechatpy."""

import os
import secrets
import xml.etree.ElementTree as ET
from base64 import b64encode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto

from bot.channels.wechat.crypto import BrokenCipherError, Codec, ForeignAppError, is_genuine, signature
from tests.fakes.wechat_platform import Credentials

SHARED = Credentials()
BODIES = (
    *("工" * length for length in range(70)),
    *("x" * length for length in range(70)),
    "工人🙂👩‍👩‍👧",
    "]]>",
    "a\x00b\x1fc",
    "长" * 20_000,
    "<xml></xml>",
)


def _codec() -> Codec:
    return Codec(SHARED.token, SHARED.aes_key, SHARED.app_id)


def _theirs(app_id: str = SHARED.app_id) -> WeChatCrypto:
    return WeChatCrypto(SHARED.token, SHARED.aes_key, app_id)


def _sealed_by_them(body: str, app_id: str = SHARED.app_id) -> bytes:
    envelope = ET.fromstring(_theirs(app_id).encrypt_message(body, "1", "2"))
    return envelope.findtext("Encrypt", "").encode()


def test_signature_of_known_parts() -> None:
    """The published answer for a, b, c, in whatever order they come."""
    assert signature(b"c", b"a", b"b") == b"a9993e364706816aba3e25717850c26c9cd0d89d"


@pytest.mark.parametrize(
    "given_signature", [b"", b"a9993e", b"A9993E36" * 5, b"0" * 40, "签名".encode(), b"\xff"]
)
def test_any_other_signature_is_not_genuine(given_signature: bytes) -> None:
    """Empty, short, upper-case, wrong and unprintable signatures are all refused without a fault."""
    assert not is_genuine(given_signature, b"a", b"b", b"c")
    assert is_genuine(b"a9993e364706816aba3e25717850c26c9cd0d89d", b"a", b"b", b"c")


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_opens_what_wechatpy_seals_and_the_other_way_round(body: str) -> None:
    """Every padding length, emoji, control characters and long bodies agree in both directions."""
    assert _codec().open(_sealed_by_them(body)).decode() == body
    sealed = _codec().seal(body.encode(), 1_700_000_000)
    envelope = ET.fromstring(sealed)
    parts = (envelope.findtext(name) for name in ("MsgSignature", "TimeStamp", "Nonce"))
    assert _theirs().decrypt_message(sealed, *parts) == body
    assert envelope.findtext("TimeStamp") == "1700000000"


def test_a_text_for_another_account_is_told_apart_from_a_broken_one() -> None:
    """The app id behind the text decides."""
    with pytest.raises(ForeignAppError):
        _codec().open(_sealed_by_them("x", "wxffffffffffffffff"))


def test_the_same_text_is_sealed_differently_each_time() -> None:
    """Sixteen random bytes stand before it, and each envelope has a nonce of its own."""
    assert len({_codec().seal(b"x", 1) for _ in range(20)}) == 20


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_broken_ciphertext_is_refused_and_nothing_else(garbage: bytes) -> None:
    """Whatever was signed by mistake: one kind of error comes out."""
    for text in (garbage, b64encode(garbage), b64encode(garbage.ljust(-(-len(garbage) // 16) * 16, b"\0"))):
        with pytest.raises((BrokenCipherError, ForeignAppError)):
            _codec().open(text)


def test_a_length_beyond_the_text_is_refused() -> None:
    """The inner length is not believed."""
    cipher = _codec()._cipher.encryptor()
    packed = os.urandom(16) + (1 << 31).to_bytes(4, "big") + SHARED.app_id.encode()
    padding = 32 - len(packed) % 32
    padded = packed + bytes([padding]) * padding
    with pytest.raises(BrokenCipherError):
        _codec().open(b64encode(cipher.update(padded) + cipher.finalize()))


def test_padding_is_checked_byte_for_byte() -> None:
    """Padding of the right length but with a wrong byte in it is broken, and so is padding of 0 or 33."""
    for padding in (b"\x01\x00\x03", b"\x00", b"\x21"):
        cipher = _codec()._cipher.encryptor()
        packed = secrets.token_bytes(16) + (1).to_bytes(4, "big") + b"x" + SHARED.app_id.encode()
        filled = packed + b"\x05" * (-(len(packed) + len(padding)) % 16) + padding
        with pytest.raises(BrokenCipherError):
            _codec().open(b64encode(cipher.update(filled) + cipher.finalize()))
