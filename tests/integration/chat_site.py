"""A deployment whose web chat can be visited: shipped handbook, a small statute, and what the corpus offers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from bot import app, server
from bot.channels import webchat
from bot.channels.webchat.routes import Limits
from bot.core.clock import FixedClock
from bot.core.messages import InboundMessage, Reply
from bot.settings import load_settings
from handlers import curation
from tests.integration import live

STATUTE = """# 江城市职工茶歇办法

2024年1月5日 江城市第三次会议通过

<!-- INFO END -->

## 第一章　总则

第一条 为了让职工喝上热茶，制定本办法。

第二条 本办法所称茶歇，是指连续工作满二小时以后的休息，写作 <茶&歇>，不是“茶'歇”。

有下列情形的，可以多歇一会：

（一）搬了一上午砖的；

（二）站了一上午柜台的。

## 第二章　标准

第三条 每次茶歇不少于十分钟，<不扣工资>。
"""
MANIFEST = {"title": "江城市职工茶歇办法", "short": "江城市职工茶歇办法", "level": "地方政府规章（江城）"}
UNION = "江城市总工会"


@contextmanager
def deploy(folder: Path, documents: tuple[Path, ...] = (), **settings: object) -> Iterator[app.Parts]:
    """A whole deployment below ``folder`` that knows the small statute and ``documents``."""
    noon = FixedClock(datetime(2026, 11, 20, 4, 0, tzinfo=UTC))
    given = {"data_dir": folder / "var", "database_url": "", "union_name": UNION, **settings}
    parts = app.assemble(load_settings(**given), noon)
    try:
        curation.import_one(
            parts.database, parts.catalogue, STATUTE.encode(), "茶歇.md", noon.now(), manifest=MANIFEST
        )
        curation.import_files(parts.database, parts.catalogue, documents, noon.now())
        app.rebuild(parts)
        yield parts
    finally:
        parts.close()


@contextmanager
def visit(parts: app.Parts) -> Iterator[str]:
    """The whole server over ``parts``, on a loopback port."""
    with live.serve(server.create(parts, with_worker=False)) as base:
        yield base


@contextmanager
def chat_only(
    receive: Callable[[InboundMessage], tuple[Reply, ...]],
    shelf: webchat.Shelf,
    public_url: str = "",
    limits: Limits | None = None,
) -> Iterator[str]:
    """The web chat alone, in front of any ``receive``."""
    site = FastAPI()
    site.mount("/static", StaticFiles(directory=str(files("bot.console") / "static")))
    site.include_router(webchat.router(receive, shelf, UNION, public_url, limits))
    with live.serve(site) as base:
        yield base
