"""Questions nobody could answer yet: what to write next."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import Response

from bot.console.visit import Visit
from bot.core.errors import NotFoundError
from bot.storage import audit, conversations, knowledge
from bot.storage.models import UnansweredRow
from knowledge.library import Library

_HOME = "/console/unanswered"
_STATUSES: Mapping[str, str] = {"open": "待处理", "done": "已处理"}
_SHOWN = 200
_EXPORTED = 10_000
_REASONS: Mapping[str, str] = {"人工": "要求转人工", "出错": "回答时出错", "-": "没有相近内容"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Nearest:
    """The text that came closest to a question."""

    label: str
    url: str = ""


def show_all(visit: Visit) -> Response:
    """The list, the most frequent first."""
    status = visit.query("status") if visit.query("status") in _STATUSES else "open"
    with visit.desk.database.reading() as session:
        rows = conversations.unanswered(session, status, _SHOWN)
        counts = conversations.count_unanswered(session)
        documents = knowledge.ids_by_short(session, (row.nearest.partition("#")[0] for row in rows))
    library = visit.desk.follower.library
    return visit.page(
        "unanswered/list.html",
        rows=[(row, nearest(row.nearest, library, documents)) for row in rows],
        counts=counts,
        status=status,
        statuses=_STATUSES,
        shown=_SHOWN,
    )


def set_status(visit: Visit) -> Response:
    """Mark a question done, or open it again."""
    number, status = visit.number("question"), visit.field("status")
    if status not in _STATUSES:
        raise NotFoundError
    with visit.desk.database.session() as session:
        if not conversations.close_unanswered(session, number, status):
            raise NotFoundError
        subject = f"unanswered:{number}"
        audit.record(session, visit.member.actor, "unanswered.status", subject, visit.now, status=status)
    if status == "done":
        return visit.go(_HOME, "已标为处理完。再有人问到同样的问题，它会自动回到待处理。")
    return visit.go(f"{_HOME}?status=done", "已放回待处理。")


def export(visit: Visit) -> Response:
    """Every question of a status as a table for a spreadsheet program."""
    status = visit.query("status") if visit.query("status") in _STATUSES else "open"
    with visit.desk.database.session() as session:
        rows = conversations.unanswered(session, status, _EXPORTED)
        audit.record(session, visit.member.actor, "unanswered.export", status, visit.now, rows=len(rows))
    table = as_csv(rows, visit.desk.follower.library, visit.desk.zone)
    name = f"unanswered-{visit.now.astimezone(visit.desk.zone):%Y%m%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(table, media_type="text/csv; charset=utf-8", headers=headers)


def as_csv(rows: Iterable[UnansweredRow], library: Library, zone: ZoneInfo) -> str:
    """The rows as CSV with a mark that tells Excel it is UTF-8; no cell is taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["问题", "次数", "最接近的内容", "状态", "第一次", "最近一次"])
    for row in rows:
        times = [f"{at.astimezone(zone):%Y-%m-%d %H:%M}" for at in (row.first_at, row.last_at)]
        label = nearest(row.nearest, library, {}).label
        cells = [row.question, row.times, label, _STATUSES.get(row.status, row.status), *times]
        writer.writerow([neutral(cell) if isinstance(cell, str) else cell for cell in cells])
    return "\ufeff" + out.getvalue()


def neutral(cell: str) -> str:
    """``cell`` as text for every spreadsheet program, also when it looks like a formula."""
    return f"'{cell}" if cell.lstrip(" \u3000").startswith(_FORMULA) else cell


def nearest(key: str, library: Library, documents: Mapping[str, int]) -> Nearest:
    """What a key of the list stands for, and where it can be read."""
    chunk = library.get(key)
    if chunk is None:
        return Nearest(_REASONS.get(key, key))
    if chunk.kind == "entry":
        return Nearest(chunk.title, f"/clause/{quote(chunk.key, safe='')}")
    found = documents.get(chunk.short)
    anchor = quote(f"a{chunk.number}") if chunk.number else ""
    url = f"/console/documents/{found}#{anchor}" if found else ""
    return Nearest(f"《{chunk.short}》{chunk.address}", url)
