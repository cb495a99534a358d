"""Templates of the console, what every one of them may use, and short messages kept for the next page."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.storage.vault import Vault
from handlers.accounts import ROLE_NAMES

FLASH_COOKIE = "niangjia_flash"
_SEAL = 32
_LONGEST_FLASH = 400
KINDS: Mapping[str, str] = {
    "statute": "法规",
    "amendment": "修改决定",
    "notice": "公文",
    "handbook": "手册",
    "entry": "问答",
}
"""Kind of a document or chunk → what people call it."""


class Pages:
    """Renders templates; everything put into one is escaped."""

    def __init__(self, zone: ZoneInfo, union_name: str) -> None:
        folder = Path(str(files("bot.console")))
        self._static = folder / "static"
        self._zone = zone
        self._environment = Environment(
            loader=FileSystemLoader(folder / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals |= {
            "union_name": union_name,
            "kinds": KINDS,
            "role_names": ROLE_NAMES,
            "asset": self._asset,
            "icon": _icon,
        }
        self._environment.filters |= {"when": self._when, "day": _day, "mark": marked}
        self._versions: dict[str, str] = {}

    def render(self, template: str, context: Mapping[str, Any]) -> str:
        """The page of ``template``."""
        return self._environment.get_template(template).render(**context)

    def _when(self, instant: datetime) -> str:
        return f"{instant.astimezone(self._zone):%Y-%m-%d %H:%M}"

    def _asset(self, name: str) -> str:
        """Address of a shipped file; it changes with the file, so that browsers never show an old one."""
        if name not in self._versions:
            content = (self._static / name).read_bytes()
            self._versions[name] = hashlib.sha256(content).hexdigest()[:8]
        return f"/static/{name}?{self._versions[name]}"


def marked(text: str, words: Sequence[str]) -> Markup:
    """``text`` escaped, with every occurrence of ``words`` in ``<mark>``."""
    return Markup("").join(
        Markup("<mark>{}</mark>").format(piece) if hit else escape(piece)
        for piece, hit in pieces(text, words)
    )


def pieces(text: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """``text`` cut where ``words`` begin and end, whatever their case, and whether each piece is one of them."""
    plain = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    hit = bytearray(len(text))
    for word in filter(None, words):
        place = plain.find(word.lower())
        while place >= 0:
            hit[place : place + len(word)] = b"\x01" * len(word)
            place = plain.find(word.lower(), place + 1)
    cuts = [0, *(n for n in range(1, len(text)) if hit[n] != hit[n - 1]), len(text)]
    return [(text[a:b], bool(hit[a])) for a, b in pairwise(cuts) if a < b]


def seal(vault: Vault, kind: str, text: str) -> str:
    """A message for the next page as a cookie value only this deployment can have written."""
    body = base64.urlsafe_b64encode(json.dumps([kind, text[:_LONGEST_FLASH]]).encode()).decode()
    return f"{body}.{vault.blind(body, 'flash')[:_SEAL]}"


def unseal(vault: Vault, value: str) -> tuple[str, str] | None:
    """Kind and text of a message in a cookie; None when it is not ours."""
    body, _, given = value.partition(".")
    if not hmac.compare_digest(vault.blind(body, "flash")[:_SEAL].encode(), given.encode()):
        return None
    kind, text = json.loads(base64.urlsafe_b64decode(body))
    return str(kind), str(text)


def _day(value: date | None) -> str:
    return f"{value:%Y-%m-%d}" if value else "—"


def _icon(name: str, more: str = "") -> Markup:
    return Markup(
        '<svg class="icon {}" width="24" height="24" aria-hidden="true">'
        '<use href="/static/vendor/tabler-icons/sprite.svg#{}"></use></svg>'
    ).format(more, name)
