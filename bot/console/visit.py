"""One request to the console, and the row of the page table that answers it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData, UploadFile

from bot.console import pages
from bot.console.attempts import AddressLimit
from bot.console.desk import Desk
from bot.console.jobs import Jobs
from bot.console.pages import Pages
from bot.core.errors import NotFoundError
from handlers.accounts import Member, Role, SignedIn
from handlers.passwords import Passwords

_LARGEST_NUMBER = 2**31 - 1
_LONGEST_FIELD = 2000
_FLASH_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Console:
    """Everything one console is made of."""

    desk: Desk
    pages: Pages
    passwords: Passwords
    addresses: AddressLimit
    jobs: Jobs
    table: "tuple[Page, ...]"
    """Every page there is."""

    def menu(self, roles: frozenset[Role]) -> "list[Page]":
        """The pages of the menu that ``roles`` may open."""
        return [page for page in self.table if page.label and page.roles & roles]


@dataclass(frozen=True, slots=True)
class Visit:
    """A request that was let in."""

    console: Console
    request: Request
    signed: SignedIn | None
    csrf: str
    """What the forms of the answer must carry."""
    form: FormData
    now: datetime

    @property
    def desk(self) -> Desk:
        """The running parts."""
        return self.console.desk

    @property
    def member(self) -> Member:
        """Who is signed in; only public pages have nobody."""
        assert self.signed is not None
        return self.signed.member

    @property
    def partial(self) -> bool:
        """Whether a piece of a page is asked for."""
        return self.request.headers.get("HX-Request") == "true"

    @property
    def target(self) -> str:
        """Which element of the page the answer will stand in; empty for a whole page."""
        return self.request.headers.get("HX-Target", "") if self.partial else ""

    @property
    def secure(self) -> bool:
        """Whether the page is served over https."""
        return self.request.url.scheme == "https"

    def number(self, name: str) -> int:
        """A number in the address; one that no row can have is not found."""
        value = int(self.request.path_params[name])
        if value > _LARGEST_NUMBER:
            raise NotFoundError
        return value

    def query(self, name: str) -> str:
        """A word after the question mark."""
        return _clean(self.request.query_params.get(name, ""))

    def field(self, name: str) -> str:
        """A form field as typed, without what no keyboard types."""
        value = self.form.get(name)
        return _clean(value) if isinstance(value, str) else ""

    def fields(self, name: str) -> list[str]:
        """Every value of a form field that may be ticked more than once."""
        return [_clean(value) for value in self.form.getlist(name) if isinstance(value, str)]

    def uploads(self, name: str) -> list[UploadFile]:
        """The files of a form field."""
        return [file for file in self.form.getlist(name) if isinstance(file, UploadFile) and file.filename]

    def page(self, template: str, code: int = 200, **context: Any) -> HTMLResponse:
        """The page of ``template``, with the message the last one left."""
        kept = self.request.cookies.get(pages.FLASH_COOKIE)
        flash = pages.unseal(self.desk.database.vault, kept) if kept and not self.partial else None
        everything = {
            "path": self.request.url.path,
            "member": self.signed.member if self.signed else None,
            "menu": self._menu(),
            "csrf": self.csrf,
            "flash": flash,
            **context,
        }
        response = HTMLResponse(self.console.pages.render(template, everything), code)
        if kept and not self.partial:
            response.delete_cookie(pages.FLASH_COOKIE, path="/console", httponly=True)
        return response

    def _menu(self) -> "list[tuple[Page, int]]":
        """The pages of the menu with what waits on each; a piece of a page has no menu."""
        if self.signed is None or self.partial:
            return []
        shown = self.console.menu(self.signed.member.roles)
        return [(page, page.count(self.desk) if page.count else 0) for page in shown]

    def go(self, path: str, done: str = "", kind: str = "success") -> Response:
        """On to ``path``, which shows the message ``done``."""
        if self.partial:
            response = Response(status_code=204, headers={"HX-Redirect": path})
        else:
            response = RedirectResponse(path, 303)
        if done:
            value = pages.seal(self.desk.database.vault, kind, done)
            response.set_cookie(
                pages.FLASH_COOKIE,
                value,
                max_age=_FLASH_SECONDS,
                path="/console",
                httponly=True,
                samesite="lax",
                secure=self.secure,
            )
        return response


@dataclass(frozen=True, slots=True)
class Page:
    """A row of the page table: which address, which method, who may, and what answers."""

    method: str
    path: str
    show: Callable[[Visit], Response]
    roles: frozenset[Role]
    public: bool = False
    """Whether it is there before signing in."""
    before_change: bool = False
    """Whether it is there while a one-time password waits to be changed."""
    largest: int = 64 * 1024
    """Bytes of a form it takes."""
    files: int = 0
    """How many files a form of it may hold."""
    label: str = ""
    """Its name in the menu; empty when it is not there."""
    icon: str = ""
    count: Callable[[Desk], int] | None = None
    """How many things wait there, for the mark beside its name."""


def plain_name(name: str) -> str:
    """A file's own name: no folders, nothing unprintable, of a length that can be stored."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(char for char in last if char.isprintable())[-150:] or "没有名字的文件"


def _clean(text: str) -> str:
    return "".join(char for char in text[:_LONGEST_FIELD] if char.isprintable() or char == "\n")
