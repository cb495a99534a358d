"""The web server: every page and webhook of one process, and its background work."""

import logging
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.resources import files
from zoneinfo import ZoneInfo

import prometheus_client
import structlog
import uvicorn
from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import PlainTextResponse
from fastapi.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot import doctor, worker
from bot.app import Parts
from bot.channels import telegram, webchat
from bot.console import app as console
from bot.settings import content_dir
from handlers import review
from knowledge import terms
from knowledge.cards import Card

_log = structlog.get_logger(__name__)
_FOLLOW_SECONDS = 0.25
_PURGE_SECONDS = 3600.0
_SECURITY_HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'self'; img-src 'self' data:; object-src 'none'; frame-ancestors 'none'; form-action 'self'; "
        b"base-uri 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    # Browsers ask again whether a script or style is still the same: an upgrade takes effect at once.
    (b"cache-control", b"no-cache"),
)


def create(parts: Parts, with_worker: bool = True) -> FastAPI:
    """The ASGI application of this deployment."""
    settings = parts.settings

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        tickers = [worker.Ticker("follow", _FOLLOW_SECONDS, parts.follower.refresh)]
        if with_worker:
            tickers += _tickers(parts)
        bot = _telegram(parts) if with_worker else None
        for running in tickers:
            running.start()
        if bot is not None:
            bot.start()
        yield
        if bot is not None:
            bot.stop()
        for running in tickers:
            running.stop()

    web = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, lifespan=lifespan)
    web.add_middleware(_Guard)
    web.mount("/static", StaticFiles(directory=str(files("bot.console") / "static")), name="static")
    web.include_router(
        webchat.router(parts.assistant.receive, parts.follower, settings.union_name, settings.public_url)
    )
    web.include_router(webchat.card_router(_find_card(parts), settings.union_name))
    if settings.wechat_token.get_secret_value():
        web.include_router(_wechat(parts))
    web.include_router(console.router(_desk(parts), settings.union_name))
    _add_health(web, parts)
    return web


def serve(parts: Parts, host: str, port: int, with_worker: bool = True) -> None:
    """Serve until stopped."""
    # Access lines would carry addresses and signed queries; the metrics count requests instead.
    logging.getLogger("uvicorn.access").disabled = True
    uvicorn.run(create(parts, with_worker), host=host, port=port, access_log=False, log_level="warning")


def work(parts: Parts) -> None:
    """Background work without a web server, until stopped."""
    for ticker in _tickers(parts):
        ticker.start()
    threading.Event().wait()


def _tickers(parts: Parts) -> list[worker.Ticker]:
    def purge() -> int:
        return worker.purge(parts.database, parts.clock, parts.settings.transcript_days)

    return [worker.Ticker("purge", _PURGE_SECONDS, purge)]


def _desk(parts: Parts) -> console.Desk:
    settings = parts.settings
    return console.Desk(
        database=parts.database,
        catalogue=parts.catalogue,
        follower=parts.follower,
        index_dir=settings.index_dir,
        clock=parts.clock,
        wording=parts.wording,
        region=settings.region,
        zone=ZoneInfo(settings.timezone),
        examine=lambda: doctor.examine(parts),
        terms=terms.load(content_dir()),
    )


def _find_card(parts: Parts) -> Callable[[str], Card | None]:
    zone = ZoneInfo(parts.settings.timezone)
    return lambda code: review.card(parts.database, parts.follower.library, code, zone)


def _wechat(parts: Parts) -> APIRouter:
    from bot.channels import (
        wechat,  # its library is large; only a deployment with an account pays for loading it
    )

    settings = parts.settings
    account = wechat.Account(
        token=settings.wechat_token.get_secret_value(),
        app_id=settings.wechat_app_id,
        aes_key=settings.wechat_aes_key.get_secret_value(),
        clock_window=settings.wechat_clock_window,
        answer_within=settings.wechat_answer_within,
        public_url=settings.public_url,
    )
    return wechat.router(account, parts.assistant.receive, parts.clock)


def _telegram(parts: Parts) -> telegram.Polling | None:
    settings = parts.settings
    token = settings.telegram_token.get_secret_value()
    if not token:
        return None
    return telegram.Polling(token, settings.telegram_api_base, parts.assistant.receive)


class _Guard:
    """Security headers on every answer; a fault is logged and shown as one plain sentence. Plain ASGI: it runs always."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = message.setdefault("headers", [])
                present = {name.lower() for name, _ in headers}
                headers.extend(pair for pair in _SECURITY_HEADERS if pair[0] not in present)
            await send(message)

        try:
            await self._app(scope, receive, guarded)
        except Exception:  # noqa: BLE001 - around one page: people get a sentence, not a traceback
            _log.exception("page failed", route=_route(scope["path"]), method=scope["method"])
            if not started:
                await PlainTextResponse("页面出了点问题，请稍后再试。", status_code=500)(
                    scope, receive, guarded
                )


def _route(path: str) -> str:
    return "/" + path.strip("/").partition("/")[0]


def _add_health(web: FastAPI, parts: Parts) -> None:
    @web.get("/healthz")
    def healthz() -> PlainTextResponse:
        return PlainTextResponse("ok")

    @web.get("/readyz")
    def readyz() -> PlainTextResponse:
        found, newest = parts.database.schema_versions()
        ready = found == newest and parts.follower.digest
        return PlainTextResponse("ok" if ready else "starting", status_code=200 if ready else 503)

    @web.get("/metrics")
    def metrics() -> Response:
        return Response(prometheus_client.generate_latest(), media_type=prometheus_client.CONTENT_TYPE_LATEST)
