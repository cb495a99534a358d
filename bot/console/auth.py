"""Signing in and out, and changing one's own password."""

import secrets

from fastapi import Response
from fastapi.responses import RedirectResponse

from bot.console.gate import FORM_COOKIE, SESSION_COOKIE, SIGN_IN, form_token, local_target
from bot.console.visit import Visit
from bot.core.errors import SignInError
from handlers import accounts, passwords

_REFUSED = 400


def show_sign_in(visit: Visit) -> Response:
    """The sign-in page."""
    if visit.signed is not None:
        return RedirectResponse("/console", 303)
    return _sign_in_page(visit)


def sign_in(visit: Visit) -> Response:
    """Sign in, and go on to the page that was wanted."""
    address = visit.request.client.host if visit.request.client else "-"
    console, login = visit.console, visit.field("login")
    try:
        console.addresses.take(address, visit.now)
        opened = accounts.sign_in(
            visit.desk.database, console.passwords, login, visit.field("password"), visit.now
        )
    except SignInError as wrong:
        return _sign_in_page(visit, _REFUSED, str(wrong), login)
    console.addresses.give_back(address)
    earlier = visit.request.cookies.get(SESSION_COOKIE)
    if earlier:
        accounts.sign_out(visit.desk.database, earlier, visit.now)
    response = RedirectResponse(local_target(visit.field("next")), 303)
    return _keep(visit, response, opened.token)


def sign_out(visit: Visit) -> Response:
    """End this browser's session, here and on the server."""
    accounts.sign_out(visit.desk.database, visit.request.cookies.get(SESSION_COOKIE, ""), visit.now)
    response = visit.go(SIGN_IN, "已退出。")
    response.delete_cookie(SESSION_COOKIE, path="/console", httponly=True)
    return response


def show_password(visit: Visit) -> Response:
    """The page for a new password."""
    return _password_page(visit)


def change_password(visit: Visit) -> Response:
    """Store the new password; every other browser is signed out, this one gets a fresh session."""
    new = visit.field("new")
    try:
        if new != visit.field("again"):
            raise SignInError("两次输入的新密码不一样，请重新输入。")
        opened = accounts.change_password(
            visit.desk.database, visit.console.passwords, visit.member, visit.field("old"), new, visit.now
        )
    except SignInError as wrong:
        return _password_page(visit, _REFUSED, str(wrong))
    return _keep(visit, visit.go("/console", "密码已改好，其他地方的登录都已退出。"), opened.token)


def _keep(visit: Visit, response: Response, token: str) -> Response:
    """Hand the browser its session; the cookie ends with the browser, the session on the server by itself."""
    response.set_cookie(
        SESSION_COOKIE, token, path="/console", httponly=True, samesite="lax", secure=visit.secure
    )
    return response


def _sign_in_page(visit: Visit, status: int = 200, wrong: str = "", login: str = "") -> Response:
    seed = visit.request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(32)
    target = local_target(visit.field("next") or visit.query("next"))
    response = visit.page(
        "auth/sign_in.html",
        status,
        csrf=form_token(visit.console, seed),
        target=target,
        wrong=wrong,
        login=login,
    )
    response.set_cookie(
        FORM_COOKIE, seed, path="/console", httponly=True, samesite="lax", secure=visit.secure
    )
    return response


def _password_page(visit: Visit, status: int = 200, wrong: str = "") -> Response:
    return visit.page(
        "auth/password.html", status, wrong=wrong, shortest=passwords.SHORTEST, longest=passwords.LONGEST
    )
