"""The console: every page in one table, who may open it, and the router that serves them."""

from fastapi import APIRouter, Response

from bot.console import accounts, alerts, auth, documents, health, home, lines, trial, unanswered, uploads
from bot.console.attempts import AddressLimit
from bot.console.desk import Desk
from bot.console.gate import PASSWORD, SIGN_IN, Gate
from bot.console.jobs import Jobs
from bot.console.pages import Pages
from bot.console.visit import Console, Page, Visit
from bot.core.errors import NotFoundError
from handlers.accounts import Role
from handlers.passwords import Passwords

__all__ = ["PAGES", "Desk", "router"]

_STAFF = frozenset(Role)
_CURATORS = frozenset({Role.ADMIN, Role.CURATOR})
_ADMINS = frozenset({Role.ADMIN})
_ON_DUTY = frozenset({Role.DUTY})
_ALERTED = frozenset({Role.ADMIN, Role.DUTY})


def _nothing(_visit: Visit) -> Response:
    raise NotFoundError("没有这个页面，请核对地址，或从菜单进入。")


PAGES: tuple[Page, ...] = (
    Page("GET", SIGN_IN, auth.show_sign_in, _STAFF, public=True),
    Page("POST", SIGN_IN, auth.sign_in, _STAFF, public=True),
    Page("POST", "/console/sign-out", auth.sign_out, _STAFF, before_change=True),
    Page("GET", PASSWORD, auth.show_password, _STAFF, before_change=True),
    Page("POST", PASSWORD, auth.change_password, _STAFF, before_change=True),
    Page("GET", "/console", home.show, _STAFF, label="首页", icon="home"),
    Page(
        "GET",
        "/console/alerts",
        alerts.show_all,
        _ALERTED,
        label="紧急提醒",
        icon="alert-triangle",
        count=alerts.waiting,
    ),
    Page("POST", "/console/alerts/{alert:int}/open", alerts.open_one, _ON_DUTY),
    Page("POST", "/console/alerts/{alert:int}/seen", alerts.mark_seen, _ON_DUTY),
    Page("GET", "/console/documents", documents.show_all, _CURATORS, label="文件", icon="files"),
    Page(
        "POST",
        "/console/documents",
        uploads.upload,
        _CURATORS,
        largest=documents.LARGEST_UPLOAD,
        files=documents.MOST_FILES,
    ),
    Page("POST", "/console/documents/publish", uploads.publish, _CURATORS),
    Page("GET", "/console/documents/jobs/{job}", uploads.show_job, _CURATORS),
    Page("GET", "/console/documents/{document:int}", documents.show_one, _CURATORS),
    Page("GET", "/console/documents/{document:int}/delete", documents.ask_delete, _CURATORS),
    Page("POST", "/console/documents/{document:int}/delete", documents.delete, _CURATORS),
    Page(
        "POST",
        "/console/documents/{document:int}/versions/{version:int}",
        documents.make_current,
        _CURATORS,
    ),
    Page(
        "GET",
        "/console/unanswered",
        unanswered.show_all,
        _CURATORS,
        label="未答问题",
        icon="message-question",
    ),
    Page("GET", "/console/unanswered.csv", unanswered.export, _CURATORS),
    Page("POST", "/console/unanswered/{question:int}", unanswered.set_status, _CURATORS),
    Page("GET", "/console/lines", lines.show, _CURATORS, label="服务线", icon="file-text"),
    Page("GET", "/console/trial", trial.show, _CURATORS, label="试一试", icon="flask"),
    Page("POST", "/console/trial", trial.ask, _CURATORS),
    Page("GET", "/console/health", health.show, _ADMINS, label="体检", icon="heartbeat"),
    Page("GET", "/console/accounts", accounts.show_all, _ADMINS, label="账号", icon="users"),
    Page("POST", "/console/accounts", accounts.add, _ADMINS),
    Page("POST", "/console/accounts/{staff:int}/password", accounts.reset, _ADMINS),
    Page("POST", "/console/accounts/{staff:int}/active", accounts.set_active, _ADMINS),
    Page("GET", "/console/{rest:path}", _nothing, _STAFF),
)
"""Who may open what: the only place that says so."""


def router(desk: Desk, union_name: str) -> APIRouter:
    """Every page below /console."""
    console = Console(desk, Pages(desk.zone, union_name), Passwords(), AddressLimit(), Jobs(desk), PAGES)
    gate, routes = Gate(console), APIRouter()
    for page in PAGES:
        routes.add_route(page.path, gate.endpoint(page), methods=[page.method], include_in_schema=False)
    return routes
