"""Encryption at rest: an AES-GCM column type and the keyed blind index that finds what it hides."""

import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Dialect, LargeBinary, TypeDecorator

from bot.core.errors import SettingsError

_NONCE_BYTES = 12


class Vault:
    """The deployment's keys: the newest encrypts, every one of them decrypts."""

    def __init__(self, keys: dict[int, bytes], index_key: bytes) -> None:
        """``keys`` maps a version (1 to 255) to 32 bytes; ``index_key`` feeds the blind index."""
        self._ciphers = {version: AESGCM(key) for version, key in keys.items()}
        self._newest = max(keys)
        self._index_key = index_key

    @classmethod
    def open(cls, path: Path) -> "Vault":
        """The vault of the key file at ``path``; a first start writes a fresh one, readable by its owner only."""
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = {"index": secrets.token_hex(32), "keys": {"1": secrets.token_hex(32)}}
            try:
                handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                pass
            else:
                with os.fdopen(handle, "w", encoding="ascii") as file:
                    json.dump(fresh, file)
        try:
            stored = json.loads(path.read_text(encoding="ascii"))
            keys = {int(version): bytes.fromhex(key) for version, key in stored["keys"].items()}
            return cls(keys, bytes.fromhex(stored["index"]))
        except (ValueError, KeyError, TypeError) as broken:
            raise SettingsError(
                f"密钥文件 {path.name} 已损坏，请用备份恢复；没有它，加密的内容读不出来。"
            ) from broken

    def encrypt(self, text: str, place: str) -> bytes:
        """``text`` sealed for ``place`` (table.column), so that it cannot be moved to another column unnoticed."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._ciphers[self._newest].encrypt(nonce, text.encode(), place.encode())
        return bytes([self._newest]) + nonce + sealed

    def decrypt(self, sealed: bytes, place: str) -> str:
        """The inverse of :meth:`encrypt`; raises ``SettingsError`` when the key is missing or the bytes changed."""
        try:
            cipher = self._ciphers[sealed[0]]
            nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
            return cipher.decrypt(nonce, body, place.encode()).decode()
        except (KeyError, IndexError, InvalidTag) as broken:
            raise SettingsError(
                f"{place} 里有一条加密内容打不开：密钥文件不是写入时用的那一份，或内容被改动过。"
            ) from broken

    def blind(self, text: str, purpose: str) -> str:
        """A keyed fingerprint of ``text`` (64 hex digits) that finds equal values without revealing them."""
        return hmac.new(self._index_key, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()


class Encrypted(TypeDecorator[str]):
    """A text column stored sealed; its place (table.column) is the associated data."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        """``place`` is the table.column it stands in."""
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Seal on the way in."""
        return None if value is None else vault_of(dialect).encrypt(value, self.place)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """Open on the way out."""
        return None if value is None else vault_of(dialect).decrypt(bytes(value), self.place)


def vault_of(dialect: Dialect) -> Vault:
    """The vault that ``open_database`` attached to this database's dialect."""
    vault = getattr(dialect, "niangjia_vault", None)
    if not isinstance(vault, Vault):
        raise SettingsError("数据库没有配密钥就打开了。")
    return vault
