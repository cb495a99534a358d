"""The gate in front of every page: who is it, may they, and did the form come from our own page?"""

import hmac
import re
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from urllib.parse import quote, urlsplit

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from bot.console.visit import Console, Page, Visit
from bot.core.errors import ConflictError, NiangjiaError, NotFoundError
from handlers import accounts
from handlers.accounts import SignedIn

SESSION_COOKIE = "niangjia_console"
FORM_COOKIE = "niangjia_form"
SIGN_IN = "/console/sign-in"
PASSWORD = "/console/password"  # noqa: S105 - an address
_LONGEST_COOKIE = 200
_LOCAL = re.compile(r"/console(?:[/?#][^\\\s]*)?")
_STATUS: tuple[tuple[type[NiangjiaError], int], ...] = ((NotFoundError, 404), (ConflictError, 409))
_STALE = "这个页面打开太久，或者不是从管理台里打开的，刚才的操作没有执行。请返回上一页，刷新后再试。"


class RefusalError(NiangjiaError):
    """这一步不能做。"""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class Gate:
    """Lets requests through to their page."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def endpoint(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        """What answers requests for ``page``."""

        async def answer(request: Request) -> Response:
            response = await self._answer(page, request)
            response.headers["Cache-Control"] = "no-store"
            return response

        return answer

    async def _answer(self, page: Page, request: Request) -> Response:
        now = self._console.desk.clock.now()
        signed = await run_in_threadpool(self._signed_in, request, now)
        if not page.public and signed is None:
            return to_sign_in(request)
        if signed is not None and signed.member.must_change and not (page.before_change or page.public):
            return Visit(self._console, request, signed, signed.csrf, FormData(), now).go(PASSWORD)
        csrf = self._form_token(page, request, signed)
        outside = Visit(self._console, request, signed, csrf, FormData(), now)
        try:
            if signed is not None and not page.public and not page.roles & signed.member.roles:
                raise RefusalError("你的账号没有打开这个页面的权限。需要的话，请找管理员开通。", 403)
            if request.method != "POST":
                return await run_in_threadpool(page.show, outside)
            return await self._take_form(page, outside)
        except NiangjiaError as wrong:
            return _sorry(outside, wrong)

    async def _take_form(self, page: Page, outside: Visit) -> Response:
        _check_size(page, outside.request)
        try:
            async with outside.request.form(max_files=page.files) as form:
                given = outside.request.headers.get("X-CSRF-Token") or form.get("csrf")
                if not _same(given, outside.csrf):
                    raise RefusalError(_STALE, 403)
                inside = Visit(
                    self._console, outside.request, outside.signed, outside.csrf, form, outside.now
                )
                return await run_in_threadpool(page.show, inside)
        except HTTPException as broken:
            most = f"（一次最多 {page.files} 个文件）" if page.files else ""
            raise RefusalError(f"提交的内容读不出来{most}，请返回上一页再试。", 400) from broken

    def _form_token(self, page: Page, request: Request, signed: SignedIn | None) -> str:
        if signed is not None and not page.public:
            return signed.csrf
        return form_token(self._console, request.cookies.get(FORM_COOKIE, ""))

    def _signed_in(self, request: Request, now: datetime) -> SignedIn | None:
        token = request.cookies.get(SESSION_COOKIE, "")
        if not token or len(token) > _LONGEST_COOKIE:
            return None
        return accounts.signed_in(self._console.desk.database, token, now)


def form_token(console: Console, seed: str) -> str:
    """What a form must carry that is sent before signing in; nothing fits an empty ``seed``."""
    return console.desk.database.vault.blind(seed, "console-form") if seed else secrets.token_hex(32)


def to_sign_in(request: Request) -> Response:
    """Off to the sign-in page, remembering where the visitor wanted to go."""
    partial = request.headers.get("HX-Request") == "true"
    wanted = str(request.url.path)
    if partial:
        wanted = urlsplit(request.headers.get("HX-Current-URL", "")).path
    elif request.method != "GET":
        wanted = "/console"
    elif request.url.query:
        wanted += f"?{request.url.query}"
    target = f"{SIGN_IN}?next={quote(local_target(wanted), safe='/')}"
    headers = {"HX-Redirect": target} if partial else {"Location": target}
    return Response(status_code=204 if partial else 303, headers=headers)


def local_target(wanted: str) -> str:
    """``wanted`` if it is a page of this console, else the first page; never another site."""
    away = wanted.startswith((SIGN_IN, PASSWORD)) or not _LOCAL.fullmatch(wanted)
    return "/console" if away else wanted


def _check_size(page: Page, request: Request) -> None:
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal():
        raise RefusalError("提交的内容没有写明大小，没有接收。", 411)
    if int(length) > page.largest:
        raise RefusalError(f"一次最多提交 {page.largest // 2**20 or 1} MB，请分几次来。", 413)


def _same(given: object, wanted: str) -> bool:
    return isinstance(given, str) and hmac.compare_digest(given.encode(), wanted.encode())


def _sorry(visit: Visit, wrong: NiangjiaError) -> Response:
    status = wrong.status if isinstance(wrong, RefusalError) else _status(wrong)
    if visit.partial:
        response: Response = visit.page("message.html", status, kind="danger", text=str(wrong))
        response.headers["HX-Retarget"] = "#messages"
        response.headers["HX-Reswap"] = "innerHTML"
        return response
    return visit.page("error.html", status, status=status, text=str(wrong))


def _status(wrong: NiangjiaError) -> int:
    return next((status for kind, status in _STATUS if isinstance(wrong, kind)), 400)
