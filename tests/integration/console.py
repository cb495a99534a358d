"""A member of staff at the console over real HTTP, without a browser's comforts."""

import html
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import httpx

from bot import server
from bot.app import Parts
from handlers import accounts
from handlers.passwords import Passwords
from tests.integration import live

PASSWORD = "一句自己记得住的话-2026"
_PATIENCE = 60.0
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')
_JOB = re.compile(r"/console/documents/jobs/(\w+)")


class Clerk:
    """One browser: keeps cookies, reads the form token of a page before it posts."""

    def __init__(self, base: str) -> None:
        self.http = httpx.Client(base_url=base, timeout=_PATIENCE)

    def get(self, path: str, **more: object) -> httpx.Response:
        """A page, without following redirects."""
        return self.http.get(path, **more)  # type: ignore[arg-type]

    def post(
        self, path: str, data: dict[str, object] | None = None, page: str = "", **more: object
    ) -> httpx.Response:
        """Send a form with the token of ``page`` (by default the page it goes to)."""
        token = self.token(page or path)
        return self.http.post(path, data={"csrf": token, **(data or {})}, **more)  # type: ignore[arg-type]

    def token(self, page: str) -> str:
        """The form token a page carries."""
        found = _CSRF.search(self.get(page).text)
        assert found, f"no form on {page}"
        return html.unescape(found[1])

    def sign_in(self, login: str, password: str, target: str = "") -> httpx.Response:
        """Fill in the sign-in page."""
        data: dict[str, object] = {"login": login, "password": password, "next": target}
        return self.post("/console/sign-in", data)

    def upload(self, files: Sequence[tuple[str, bytes]], **fields: str) -> httpx.Response:
        """Hand in files; returns the page once the import is done."""
        parts = [("files", (name, content, "text/plain")) for name, content in files]
        data = {"csrf": self.token("/console/documents"), **fields}
        answer = self.http.post("/console/documents", data=data, files=parts)
        return self.job(answer.headers["location"]) if answer.status_code == 303 else answer

    def job(self, path: str) -> httpx.Response:
        """The page at ``path`` once no work is going on on it."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            page = self.get(path)
            if not _JOB.search(page.text):
                return page
            time.sleep(0.05)
        raise AssertionError("the job did not end")

    def part(self, path: str) -> httpx.Response:
        """The panel of a job, asked for as htmx does, once the job is done."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            panel = self.get(path, headers={"HX-Request": "true"})
            if "HX-Trigger" in panel.headers:
                return panel
            time.sleep(0.05)
        raise AssertionError("the job did not end")


class Office:
    """A served deployment and the people at its doors."""

    def __init__(self, parts: Parts, base: str) -> None:
        self.parts = parts
        self.base = base
        self._there: list[Clerk] = []

    def stranger(self) -> Clerk:
        """Someone who is not signed in."""
        someone = Clerk(self.base)
        self._there.append(someone)
        return someone

    def employ(self, login: str, *roles: str) -> None:
        """An account whose password is PASSWORD."""
        database, now, keeper = self.parts.database, self.parts.clock.now(), Passwords()
        first = accounts.add(database, login, login, roles, now)
        opened = accounts.sign_in(database, keeper, login, first, now)
        accounts.change_password(database, keeper, opened.member, first, PASSWORD, now)

    def clerk(self, login: str, *roles: str) -> Clerk:
        """Someone with these roles, signed in."""
        self.employ(login, *roles)
        someone = self.stranger()
        answer = someone.sign_in(login, PASSWORD)
        assert answer.status_code == 303, answer.text
        return someone

    def close(self) -> None:
        """Everybody goes home."""
        for someone in self._there:
            someone.http.close()


@contextmanager
def opened(parts: Parts) -> Iterator[Office]:
    """The whole deployment over HTTP."""
    with live.serve(server.create(parts, with_worker=False)) as base:
        office = Office(parts, base)
        try:
            yield office
        finally:
            office.close()
