"""Passwords: what a good one is, how it is kept, and one-time passwords for the first sign-in."""

import secrets
import threading
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from bot.core.errors import SignInError

SHORTEST = 10
LONGEST = 128
_FEWEST_DIFFERENT = 5
_COMMON = frozenset(
    {"1234567890", "0987654321", "qwertyuiop", "1qaz2wsx3edc", "password123", "admin12345", "abcd123456"}
)
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
"""32 characters nobody mistakes for one another."""
_GROUPS, _IN_A_GROUP = 4, 4
_MEMORY_KIB, _ROUNDS, _LANES = 19 * 1024, 2, 1
"""What OWASP asks of argon2id at the least; small enough for a small machine."""
_AT_ONCE = 2
_MOST_WAITING = 40


class Passwords:
    """Hashes and checks passwords with argon2id, a few at a time: each one takes memory and a processor."""

    def __init__(self) -> None:
        hasher = Argon2Hasher(time_cost=_ROUNDS, memory_cost=_MEMORY_KIB, parallelism=_LANES)
        self._hasher = PasswordHash((hasher,))
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="passwords")
        self._places = threading.BoundedSemaphore(_MOST_WAITING)

    def hash(self, password: str) -> str:
        """What is stored of ``password``."""
        return self._pool.submit(self._hasher.hash, _plain(password)).result()

    def check(self, password: str, stored: str | None) -> tuple[bool, str | None]:
        """Whether ``password`` fits ``stored``, and a stronger hash when the stored one is of an older kind.

        Without ``stored`` the answer is no after the same work, so that nobody learns which accounts exist.
        """
        if not self._places.acquire(blocking=False):
            raise SignInError("现在登录的人太多，请过一会儿再试。")
        try:
            return self._pool.submit(self._check, _plain(password), stored).result()
        finally:
            self._places.release()

    def _check(self, password: str, stored: str | None) -> tuple[bool, str | None]:
        nobody = self._nobody
        try:
            fits, newer = self._hasher.verify_and_update(password, stored or nobody)
        except UnknownHashError:
            return False, None
        return (fits, newer) if stored else (False, None)

    @cached_property
    def _nobody(self) -> str:
        return self._hasher.hash(secrets.token_hex(16))


def one_time() -> str:
    """A random password of 80 bits in four groups, easy to read out and to type."""
    groups = ["".join(secrets.choice(_ALPHABET) for _ in range(_IN_A_GROUP)) for _ in range(_GROUPS)]
    return "-".join(groups)


def fault(password: str, login: str) -> str:
    """Why ``password`` is not good enough for ``login``, in one sentence; empty when it is."""
    plain = _plain(password).lower()
    if len(plain) < SHORTEST:
        return f"新密码至少要 {SHORTEST} 个字符。"
    if len(plain) > LONGEST:
        return f"新密码最多 {LONGEST} 个字符。"
    if len(set(plain)) < _FEWEST_DIFFERENT or plain in _COMMON:
        return "新密码太简单，很容易被猜到，请换一个。"
    if login.lower() in plain:
        return "新密码里不要带账号名。"
    return ""


def _plain(password: str) -> str:
    """Full-width characters of an input method count as their plain ones."""
    return unicodedata.normalize("NFKC", password)
