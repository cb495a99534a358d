"""The routes: page, form, interface and clauses."""

import re
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, StreamingResponse

from bot.channels.webchat import questions, sessions, turns
from bot.channels.webchat.errors import RefusedError
from bot.channels.webchat.limits import Limiter
from bot.channels.webchat.pages import Exchange, Pages
from bot.channels.webchat.turns import Receive
from bot.core.messages import InboundMessage
from knowledge.library import Library

__all__ = ["Limits", "Receive", "Shelf", "router"]

_STREAM_HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
_PRIVATE = {"Cache-Control": "no-store"}
_OWN = {"Cache-Control": "private, no-cache"}
_EVENT_ID = re.compile("[0-9]{1,6}")


class Shelf(Protocol):
    """Whoever serves the newest library."""

    @property
    def library(self) -> Library:
        """The library to show clauses from."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """How fast questions may come; a whole factory may share one address."""

    session: Limiter = field(default_factory=lambda: Limiter(burst=30, per_minute=60))
    address: Limiter = field(default_factory=lambda: Limiter(burst=300, per_minute=1200))


def router(
    receive: Receive, shelf: Shelf, union_name: str, public_url: str = "", limits: Limits | None = None
) -> APIRouter:
    """The chat page, its JSON and event-stream interface, and the clause pages."""
    web = _WebChat(receive, shelf, union_name, public_url, limits or Limits())
    routes = APIRouter()
    routes.add_api_route("/", web.page, methods=["GET", "HEAD"])
    routes.add_api_route("/", web.form, methods=["POST"])
    routes.add_api_route("/chat/clear", web.clear, methods=["POST"])
    routes.add_api_route("/api/chat", web.api, methods=["POST"])
    routes.add_api_route("/clause/{key:path}", web.clause, methods=["GET", "HEAD"])
    return routes


class _WebChat:
    """The handlers; all of them run in the event loop, the turns themselves in threads."""

    def __init__(
        self, receive: Receive, shelf: Shelf, union_name: str, public_url: str, limits: Limits
    ) -> None:
        public = urlsplit(public_url)
        self._receive = receive
        self._shelf = shelf
        self._limits = limits
        self._public_host = public.netloc
        self._cookie = sessions.Cookie(secure=public.scheme == "https")
        self._pages = Pages(union_name)

    async def page(self, request: Request) -> Response:
        """The chat page; a new browser gets its cookie here."""
        return self._remembering(request, HTMLResponse(self._pages.chat(), headers=_OWN))

    async def form(self, request: Request) -> Response:
        """The answer to the page's own form, for browsers without script; what was typed is never lost."""
        session, text = self._session(request), ""
        try:
            question = await questions.read_form(request, self._public_host)
            text = question.text
            message = self._message(request, session, question)
            exchange, status = Exchange(text, await turns.replies(self._receive, message)), 200
        except RefusedError as refused:
            exchange, status = Exchange(refused.text or text, error=str(refused)), refused.status
        page = HTMLResponse(self._pages.chat(exchange), status, headers=_PRIVATE)
        return self._remembering(request, page, session)

    async def api(self, request: Request) -> Response:
        """The replies to one question, as JSON or as an event stream."""
        session = self._session(request)
        try:
            question = await questions.read_json(request, self._public_host)
            message = self._message(request, session, question)
            return self._remembering(request, await self._replies(request, message), session)
        except RefusedError as refused:
            headers = {"Retry-After": str(refused.wait)} if refused.wait else {}
            return JSONResponse({"error": str(refused)}, refused.status, headers=_PRIVATE | headers)

    async def clear(self, request: Request) -> Response:
        """Forget this browser: the next question starts a conversation of its own."""
        try:
            questions.demand_own_page(request, self._public_host)
        except RefusedError as refused:
            return HTMLResponse(self._pages.notice(str(refused)), refused.status)
        response = RedirectResponse("/", 303)
        self._cookie.write(response, sessions.new_session())
        return response

    async def clause(self, key: str) -> Response:
        """One clause as a page of its own."""
        library = self._shelf.library
        chunk = library.get(key)
        if chunk is None:
            return HTMLResponse(self._pages.notice("没有找到这一条，可能已经被更新或撤下。"), 404)
        return HTMLResponse(self._pages.clause(chunk, library))

    async def _replies(self, request: Request, message: InboundMessage) -> Response:
        if "text/event-stream" in request.headers.get("accept", ""):
            seen = _EVENT_ID.fullmatch(request.headers.get("last-event-id", ""))
            events = turns.events(self._receive, message, int(seen[0]) if seen else 0)
            return StreamingResponse(events, media_type="text/event-stream", headers=_STREAM_HEADERS)
        replies = await turns.replies(self._receive, message)
        return JSONResponse({"replies": [reply.to_dict() for reply in replies]}, headers=_PRIVATE)

    def _message(self, request: Request, session: str, question: questions.Question) -> InboundMessage:
        """The message, unless it comes too fast; no browser can name a message of another's session."""
        address = request.client.host if request.client else ""
        wait = max(self._limits.address.wait(address), self._limits.session.wait(session))
        if wait:
            raise RefusedError(429, f"发得太快了，请过{wait}秒再发。你写的内容还在。", wait=wait)
        return InboundMessage("web", session, f"{session}:{question.message_id}", question.text)

    def _session(self, request: Request) -> str:
        return self._cookie.read(request) or sessions.new_session()

    def _remembering(self, request: Request, response: Response, session: str = "") -> Response:
        if not self._cookie.read(request):
            self._cookie.write(response, session or sessions.new_session())
        return response
