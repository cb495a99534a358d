"""Urgent alerts: what a person must look at now, opened one by one and on the record."""

from datetime import timedelta

from fastapi import Response

from bot.console.desk import Desk
from bot.console.visit import Visit
from bot.core.privacy import mask_text
from bot.storage import alerts, audit, staff
from bot.storage.models import AlertRow
from handlers.accounts import Role

_HOME = "/console/alerts"
_SHOWN = 200
_LATE = timedelta(minutes=30)
_CHANNELS = {"wechat": "微信", "telegram": "Telegram", "telegram_group": "Telegram 群", "web": "网页"}
_BEGINNING = 60


def waiting(desk: Desk) -> int:
    """How many alerts nobody has seen."""
    with desk.database.reading() as session:
        return alerts.count(session)[0]


def show_all(visit: Visit) -> Response:
    """Waiting or seen alerts; only who is on duty reads how they begin, masked."""
    seen = visit.query("status") == "seen"
    with visit.desk.database.reading() as session:
        rows = alerts.listed(session, seen, _SHOWN)
        unseen_count, seen_count = alerts.count(session)
        names = {row.id: row.name for row in staff.everyone(session)}
    return visit.page(
        "alerts/list.html",
        rows=[(row, _label(visit, row), _beginning(visit, row)) for row in rows],
        late=visit.now - _LATE,
        names=names,
        channels=_CHANNELS,
        seen=seen,
        counts={False: unseen_count, True: seen_count},
        on_duty=Role.DUTY in visit.member.roles,
        shown=_SHOWN,
    )


def open_one(visit: Visit) -> Response:
    """Everything that was written; who opened it stays on record."""
    number = visit.number("alert")
    with visit.desk.database.session() as session:
        row = alerts.find(session, number)
        audit.record(session, visit.member.actor, "alert.open", f"alert:{number}", visit.now, kind=row.kind)
        by = staff.member(session, row.seen_by).name if row.seen_by else ""
    return visit.page("alerts/one.html", row=row, label=_label(visit, row), channels=_CHANNELS, seen_by=by)


def mark_seen(visit: Visit) -> Response:
    """Note who took it, and when; the first one counts."""
    number = visit.number("alert")
    with visit.desk.database.session() as session:
        row = alerts.find(session, number)
        if not alerts.mark_seen(session, number, visit.member.id, visit.now):
            return visit.go(_HOME, "这条别的同事已经看过了。")
        audit.record(session, visit.member.actor, "alert.seen", f"alert:{number}", visit.now, kind=row.kind)
    return visit.go(_HOME, "已标为看过，记下了你的名字和时间。对方再发来新的话，会另起一条。")


def _label(visit: Visit, row: AlertRow) -> str:
    known = visit.desk.wording.comfort.dangers.get(row.kind)
    return known.label if known else row.kind


def _beginning(visit: Visit, row: AlertRow) -> str:
    return mask_text(row.words)[:_BEGINNING] if Role.DUTY in visit.member.roles else ""
