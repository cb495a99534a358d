"""Who is asking: a random id in a cookie that scripts cannot read and other sites do not send."""

import re
import secrets
from dataclasses import dataclass

from fastapi import Request, Response

_SHAPE = re.compile(r"[A-Za-z0-9_-]{32}")


@dataclass(frozen=True, slots=True)
class Cookie:
    """The chat's cookie; it ends with the browser session, so a shared computer forgets."""

    secure: bool
    """Whether workers open the page over https."""

    @property
    def name(self) -> str:
        """The ``__Host-`` prefix keeps neighbouring subdomains from planting one."""
        return "__Host-niangjia-chat" if self.secure else "niangjia-chat"

    def read(self, request: Request) -> str:
        """The browser's id, or nothing when it has none of ours."""
        value = request.cookies.get(self.name, "")
        return value if _SHAPE.fullmatch(value) else ""

    def write(self, response: Response, session: str) -> None:
        """Give the browser its id."""
        response.set_cookie(self.name, session, path="/", httponly=True, samesite="lax", secure=self.secure)


def new_session() -> str:
    """An id of 192 random bits."""
    return secrets.token_urlsafe(24)
