"""Documents: list, text, versions, deletion."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import Response

from bot.console.visit import Visit
from bot.core.errors import NotFoundError
from bot.storage import audit, knowledge
from bot.storage.models import DocumentRow, DocumentVersionRow, PassageRow
from knowledge.catalogue import Catalogue
from knowledge.documents import SUFFIXES

HOME = "/console/documents"
LARGEST_FILE = 20 * 2**20
LARGEST_UPLOAD = 200 * 2**20
MOST_FILES = 500
_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a text may be cited as current, in a word and in a sentence."""

    label: str
    colour: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list."""

    document: DocumentRow
    version: DocumentVersionRow | None
    passages: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class Part:
    """One passage as it is shown."""

    anchor: str
    row: PassageRow
    standing: Standing | None

    @property
    def text(self) -> str:
        """The text after its own number, which stands before it as a link."""
        return self.row.text.removeprefix(self.row.address)


def show_all(visit: Visit) -> Response:
    """One page of the list, filtered by what the address says."""
    wanted = {name: visit.query(name).strip() for name in ("kind", "region", "q")}
    place = visit.query("page")
    page = min(int(place), 10_000) if place.isdecimal() and int(place) > 0 else 1
    indexed = {chunk.short for chunk in visit.desk.follower.library.chunks}
    with visit.desk.database.reading() as session:
        rows, total = knowledge.find_documents(
            session, wanted["kind"], wanted["region"], wanted["q"], (page - 1) * _A_PAGE, _A_PAGE
        )
        current = {row.id: _current(row) for row in rows}
        counts = knowledge.passage_counts(session, [version.id for version in current.values() if version])
        groups = knowledge.document_groups(session)
    lines = [
        Line(
            row,
            version := current[row.id],
            counts.get(version.id, 0) if version else 0,
            document_standing(row, version, visit.desk.catalogue, indexed),
        )
        for row in rows
    ]
    return visit.page(
        "documents/table.html" if visit.target == "table" else "documents/list.html",
        lines=lines,
        total=total,
        page=page,
        pages=max(1, -(-total // _A_PAGE)),
        wanted=wanted,
        kinds_found=_sums((kind, count) for kind, _, count in groups),
        regions_found=_sums((region, count) for _, region, count in groups),
        accept=",".join(sorted(SUFFIXES)),
        megabytes=LARGEST_FILE // 2**20,
        megabytes_together=LARGEST_UPLOAD // 2**20,
        most_files=MOST_FILES,
        link=lambda **other: _link(wanted, **other),
        job=visit.console.jobs.get(visit.query("job")) or visit.console.jobs.latest_running(),
    )


def show_one(visit: Visit) -> Response:
    """A document: its versions, and the passages of one of them."""
    words = visit.query("q").strip()
    with visit.desk.database.reading() as session:
        document = knowledge.document(session, visit.number("document"))
        versions = sorted(document.versions, key=lambda version: version.id, reverse=True)
        version = _version(visit, document)
        rows = knowledge.passages(session, version.id)
    parts = [_part(row, document, version, visit.desk.catalogue) for row in rows]
    shown = [part for part in parts if words.lower() in f"{part.row.address}\n{part.row.text}".lower()]
    indexed = {chunk.short for chunk in visit.desk.follower.library.chunks}
    return visit.page(
        "documents/document.html",
        document=document,
        version=version,
        versions=versions,
        parts=shown,
        total=len(parts),
        words=words,
        chapters=_chapters(parts),
        standing=document_standing(document, version, visit.desk.catalogue, indexed),
        job=visit.console.jobs.get(visit.query("job")) or visit.console.jobs.latest_running(),
    )


def ask_delete(visit: Visit) -> Response:
    """Is it really to be deleted?"""
    with visit.desk.database.reading() as session:
        document = knowledge.document(session, visit.number("document"))
        counts = knowledge.passage_counts(session, [version.id for version in document.versions])
        sources = [version.source_name for version in document.versions]
    return visit.page(
        "documents/delete.html", document=document, passages=sum(counts.values()), sources=sources
    )


def delete(visit: Visit) -> Response:
    """Delete a document with all versions, and take it out of the index."""
    with visit.desk.database.session() as session:
        short = knowledge.document(session, visit.number("document")).short
        title = knowledge.delete_document(session, visit.number("document"))
        audit.record(session, visit.member.actor, "document.delete", short[:200], visit.now)
    job = visit.console.jobs.publish(f"删除《{title}》后更新索引")
    done = f"已删除《{title}》。要恢复，请重新上传原来的文件。"
    return visit.go(f"{HOME}?job={job.id}", done)


def make_current(visit: Visit) -> Response:
    """Make an older version the one that is searched and cited."""
    with visit.desk.database.session() as session:
        document = knowledge.document(session, visit.number("document"))
        wanted = visit.number("version")
        if all(version.id != wanted for version in document.versions):
            raise NotFoundError("没有这个版本。")
        knowledge.set_versions_current(session, wanted)
        subject = document.short[:200]
        audit.record(session, visit.member.actor, "document.version", subject, visit.now, version=wanted)
        title = document.title
    job = visit.console.jobs.publish(f"《{title}》换版本后更新索引")
    done = "已设为现行版本；原来的版本保留着，随时可以换回去。"
    return visit.go(f"{HOME}/{visit.number('document')}?job={job.id}", done)


def document_standing(
    document: DocumentRow, version: DocumentVersionRow | None, catalogue: Catalogue, indexed: set[str]
) -> Standing:
    """The state of a whole document, the most urgent first."""
    law = catalogue.laws.get(document.short)
    if law and law.superseded:
        return Standing("已失效", "red", law.superseded)
    if version is None or document.short not in indexed:
        return Standing("待发布", "yellow", "已存好，索引更新后就能搜到。")
    if law and law.superseded_articles:
        return Standing("部分失效", "orange", f"{len(law.superseded_articles)} 条不再作为现行依据")
    note = version.note or (law.note if law else "")
    return Standing("现行", "green", note)


def _part(row: PassageRow, document: DocumentRow, version: DocumentVersionRow, catalogue: Catalogue) -> Part:
    anchor = f"a{row.number}" if row.number else f"p{row.ordinal}"
    law = catalogue.laws.get(document.short)
    in_force, note = law.standing(row.number) if law else (True, "")
    if version.status != "current":
        return Part(anchor, row, Standing("旧版本", "secondary"))
    if not (in_force and row.in_force):
        return Part(anchor, row, Standing("不再作为现行依据", "red", row.note or note))
    return Part(anchor, row, Standing("有说明", "azure", row.note or note) if row.note or note else None)


def _current(document: DocumentRow) -> DocumentVersionRow | None:
    return next((version for version in document.versions if version.status == "current"), None)


def _version(visit: Visit, document: DocumentRow) -> DocumentVersionRow:
    wanted = visit.query("version")
    found = (
        next((version for version in document.versions if str(version.id) == wanted), None)
        if wanted
        else _current(document)
    )
    if found is None:
        raise NotFoundError("没有这个版本，可能已被删除。")
    return found


def _chapters(parts: Iterable[Part]) -> list[tuple[str, str]]:
    """Each chapter with the anchor of its first passage."""
    first: dict[str, str] = {}
    for part in parts:
        if part.row.heading:
            first.setdefault(part.row.heading, part.anchor)
    return list(first.items())


def _sums(counted: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    sums: dict[str, int] = {}
    for name, count in counted:
        sums[name] = sums.get(name, 0) + count
    return sorted(sums.items(), key=lambda found: -found[1])


def _link(wanted: Mapping[str, str], **other: object) -> str:
    query = {name: value for name, value in {**wanted, **other}.items() if value}
    return f"{HOME}?{urlencode(query)}" if query else HOME
