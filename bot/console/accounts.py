"""Accounts of staff: for administrators only."""

from fastapi import Response

from bot.console.visit import Visit
from bot.core.errors import ConflictError, NiangjiaError
from handlers import accounts

_HOME = "/console/accounts"


def show_all(visit: Visit) -> Response:
    """Everyone who may sign in, and a form to add one."""
    return _list(visit)


def add(visit: Visit) -> Response:
    """Add an account and show its one-time password, once."""
    login, name, roles = visit.field("login"), visit.field("name"), visit.fields("roles")
    database, actor = visit.desk.database, visit.member.actor
    try:
        password = accounts.add(database, login, name, roles, visit.now, actor)
    except NiangjiaError as wrong:
        return _list(visit, 400, str(wrong), {"login": login, "name": name, "roles": roles})
    return visit.page("accounts/one_time.html", login=login.strip().lower(), password=password, fresh=True)


def reset(visit: Visit) -> Response:
    """Give an account a new one-time password and show it, once."""
    member = accounts.find(visit.desk.database, visit.number("staff"))
    if member.id == visit.member.id:
        raise ConflictError("自己的密码请在“修改密码”里改。")
    password = accounts.reset_password(visit.desk.database, member.login, visit.now, visit.member.actor)
    return visit.page("accounts/one_time.html", login=member.login, password=password, fresh=False)


def set_active(visit: Visit) -> Response:
    """Let an account sign in again, or no longer."""
    active = visit.field("active") == "yes"
    number = visit.number("staff")
    if number == visit.member.id:
        raise ConflictError("不能停用自己正在用的账号。")
    member = accounts.set_active(visit.desk.database, number, active, visit.now, visit.member.actor)
    done = "已重新启用" if active else "已停用，正在登录的页面也已退出"
    return visit.go(_HOME, f"账号 {member.login} {done}。")


def _list(
    visit: Visit, status: int = 200, wrong: str = "", typed: dict[str, object] | None = None
) -> Response:
    return visit.page(
        "accounts/list.html",
        status,
        staff=accounts.everyone(visit.desk.database),
        wrong=wrong,
        typed=typed or {"login": "", "name": "", "roles": ["curator"]},
    )
