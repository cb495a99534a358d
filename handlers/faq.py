"""Handbook entries out to files and back, examined, and stored as the union's own."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import count
from pathlib import Path

from bot.core.errors import DocumentError
from bot.storage import audit
from bot.storage import knowledge as store
from bot.storage.database import Database, Session
from bot.storage.models import EntryRow
from handlers import review
from knowledge import faq_files, faq_lint, faq_rows, likeness
from knowledge.catalogue import Catalogue
from knowledge.entries import Entry
from knowledge.equipment import Equipment
from knowledge.faq_files import Kept, Row
from knowledge.findings import Base, Finding
from knowledge.library import Library
from knowledge.terms import Terms

_ACTOR = "cli"
_LARGEST = 50 * 2**20
_NO_TOPIC = "本单位问答"
_OWN_ID = "U{:03d}"
_NOBODY = "有人在你导出以后改过这一条（现在是第{now}版，文件是第{then}版），已按文件里的写。"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one row of a file."""

    place: str
    """第5行, as the program that shows the file counts."""
    code: str
    title: str
    status: str
    """added, changed, unchanged or failed."""
    detail: str = ""
    """Why it failed, or what to know about it, in one sentence."""


def export(database: Database, target: Path, now: datetime) -> int:
    """Write every entry to ``target``; returns how many there are."""
    with database.session() as session:
        rows = store.entries(session)
        audit.record(session, _ACTOR, "faq.export", target.suffix.lower(), now, rows=len(rows))
    kept = [Kept(Entry.from_dict(row.body), row.revision, not row.shipped) for row in rows]
    kept.sort(key=lambda one: (one.entry.topic, one.entry.id))
    content = faq_files.write(kept, target.name)
    try:
        target.write_bytes(content)
    except OSError as wrong:
        raise DocumentError(f"{target} 写不进去，请换一个有权限的文件夹，或先关掉正打开它的程序。") from wrong
    return len(kept)


def import_(
    database: Database, catalogue: Catalogue, source: Path, now: datetime, dry_run: bool = False
) -> list[Taken]:
    """Take the rows of ``source`` in; one bad row never stops the rest, and what it leaves out stays as it is."""
    rows = faq_files.read(_content(source), source.name, catalogue)
    with database.session() as session:
        taken, fresh = _compare(rows, store.entries(session), catalogue)
        if fresh and not dry_run:
            store.store_entries(
                session, [(entry.digest, entry.to_dict()) for entry in fresh], now, shipped=False
            )
            counts = Counter(one.status for one in taken)
            audit.record(session, _ACTOR, "faq.import", source.suffix.lower(), now, **counts)
    return taken


def examine(
    database: Database, equipment: Equipment, library: Library, terms: Terms, region: str, today: date
) -> list[Finding]:
    """What is wrong with the stored entries."""
    with database.reading() as session:
        rows = store.entries(session)
        base = Base(
            entries=[Entry.from_dict(row.body) for row in rows],
            questions=store.known_questions(session),
            catalogue=equipment.catalogue,
            terms=terms,
            regions=_regions(equipment, library, region),
            library=library,
            today=today,
            own=frozenset(row.code for row in rows if not row.shipped),
            outdated=review.outdated(session, library),
        )
    return faq_lint.examine(base)


def lines(session: Session, terms: Terms) -> Mapping[str, list[EntryRow]]:
    """The entries of each line of service, in the order of the lines; the last group belongs to none."""
    found: dict[str, list[EntryRow]] = {line.name: [] for line in terms.lines}
    found[""] = []
    for row in store.entries(session):
        line = str(row.body.get("line") or "")
        found[line if line in found else ""].append(row)
    return found


def _content(source: Path) -> bytes:
    try:
        if source.stat().st_size > _LARGEST:
            raise DocumentError(f"{source.name} 超过 {_LARGEST // 2**20} MB，请拆成几个文件再导入。")
        return source.read_bytes()
    except OSError as wrong:
        raise DocumentError(f"没有找到 {source}，或没有权限打开，请核对路径。") from wrong


def _regions(equipment: Equipment, library: Library, region: str) -> frozenset[str]:
    imported = {chunk.region for chunk in library.chunks if chunk.kind != "entry"}
    return frozenset({"全国", region, *equipment.places, *equipment.places.values(), *imported} - {""})


def _compare(
    rows: Iterable[Row], stored: Iterable[EntryRow], catalogue: Catalogue
) -> tuple[list[Taken], list[Entry]]:
    """What becomes of each row, and the entries to store."""
    here = {row.code: row for row in stored}
    titles = {_titled(Entry.from_dict(row.body)): row.code for row in here.values()}
    numbers = (code for number in count(1) if (code := _OWN_ID.format(number)) not in here)
    seen: set[str] = set()
    taken, fresh = [], []
    for row in rows:
        if row.entry is None:
            taken.append(Taken(row.place, row.code, "", "failed", row.problem))
            continue
        code = (
            row.code
            or titles.get(_titled(row.entry))
            or next(number for number in numbers if number not in seen)
        )
        entry = replace(row.entry, id=code, topic=row.entry.topic or _topic(here.get(code)))
        told = _judge(row, entry, here.get(code), code in seen, catalogue)
        taken.append(told)
        if told.status in ("added", "changed"):
            fresh.append(entry)
        seen.add(code)
        titles.setdefault(_titled(entry), code)
    return taken, fresh


def _judge(row: Row, entry: Entry, before: EntryRow | None, again: bool, catalogue: Catalogue) -> Taken:
    def told(status: str, detail: str = "") -> Taken:
        return Taken(row.place, entry.id, entry.title, status, detail)

    if again:
        return told(
            "failed", f"编号 {entry.id} 或同样的标题在前面已经有一行了，这一行没有导入，请删掉一行或改标题。"
        )
    if before is None:
        return told("added")
    if faq_rows.tidied(Entry.from_dict(before.body), catalogue) == entry:
        return told("unchanged")
    overtaken = row.revision is not None and row.revision < before.revision
    return told("changed", _NOBODY.format(now=before.revision, then=row.revision) if overtaken else "")


def _topic(before: EntryRow | None) -> str:
    return before.topic if before else _NO_TOPIC


def _titled(entry: Entry) -> tuple[str, str]:
    return likeness.plain(entry.title), entry.region
