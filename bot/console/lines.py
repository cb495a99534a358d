"""The union's lines of service: what each one holds, and which are still empty."""

from dataclasses import dataclass

from fastapi import Response

from bot.console.visit import Visit
from bot.storage.models import EntryRow
from handlers import faq


@dataclass(frozen=True, slots=True)
class Line:
    """A line with what belongs to it."""

    name: str
    about: str
    entries: tuple[EntryRow, ...]
    forms: tuple[str, ...]
    """Applications of this line, as people call them."""

    @property
    def own(self) -> int:
        """How many entries the union wrote or changed itself."""
        return sum(not entry.shipped for entry in self.entries)


def show(visit: Visit) -> Response:
    """Every line with its entries; one without any stands out."""
    desk = visit.desk
    with desk.database.reading() as session:
        entries = faq.lines(session, desk.terms)
    checklists = desk.follower.library.checklists.values()
    shown = [
        Line(
            line.name,
            line.about,
            tuple(entries[line.name]),
            tuple(checklist.title for checklist in checklists if checklist.line == line.name),
        )
        for line in desk.terms.lines
    ]
    empty = [line.name for line in shown if not line.entries]
    return visit.page("lines/list.html", lines=shown, empty=empty, others=len(entries[""]))
