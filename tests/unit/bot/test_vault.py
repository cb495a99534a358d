"""Encryption at rest."""

from pathlib import Path

import pytest

from bot.core.errors import SettingsError
from bot.storage.vault import Vault, vault_of


def test_text_comes_back_only_with_its_key_and_place(tmp_path: Path) -> None:
    """A sealed value opens for its own column alone, and not after a byte changed."""
    vault = Vault.open(tmp_path / "keys.json")
    sealed = vault.encrypt("秘密", "a.b")
    assert vault.decrypt(sealed, "a.b") == "秘密"
    for broken, place in (
        (sealed, "a.c"),
        (sealed[:-1] + b"x", "a.b"),
        (b"\x09" + sealed[1:], "a.b"),
        (b"", "a.b"),
    ):
        with pytest.raises(SettingsError):
            vault.decrypt(broken, place)


def test_the_key_file_is_private_and_kept(tmp_path: Path) -> None:
    """A second start reads the same keys; nobody else may."""
    path = tmp_path / "keys.json"
    first = Vault.open(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert Vault.open(path).decrypt(first.encrypt("x", "t.c"), "t.c") == "x"
    assert Vault.open(path).blind("a", "p") == first.blind("a", "p") != first.blind("a", "q")


@pytest.mark.parametrize("content", ["", "{}", '{"keys": {"1": "zz"}, "index": "00"}'])
def test_a_broken_key_file_is_named(tmp_path: Path, content: str) -> None:
    """A damaged key file is said to be damaged, not replaced."""
    (tmp_path / "keys.json").write_text(content)
    with pytest.raises(SettingsError, match=r"keys\.json"):
        Vault.open(tmp_path / "keys.json")


def test_an_old_key_still_opens_after_a_new_one_came() -> None:
    """Rotation: the newest key encrypts, every one decrypts."""
    old = Vault({1: b"1" * 32}, b"i" * 32)
    both = Vault({1: b"1" * 32, 2: b"2" * 32}, b"i" * 32)
    assert both.decrypt(old.encrypt("x", "t.c"), "t.c") == "x"
    assert both.encrypt("x", "t.c")[0] == 2


def test_a_database_without_keys_is_refused() -> None:
    """A sealed column cannot be used on an engine opened some other way."""
    with pytest.raises(SettingsError):
        vault_of(object())  # type: ignore[arg-type]
