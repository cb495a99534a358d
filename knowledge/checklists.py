"""What each application asks for: one list for the form's uploads and for 要带的材料 in answers and cards."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.core.errors import ContentError
from knowledge import terms
from knowledge.entries import Entry


@dataclass(frozen=True, slots=True)
class Document:
    """One paper to hand in."""

    id: str
    """Name of the upload field."""
    name: str
    when: str = ""
    """Who has to bring it; empty when everybody has."""


@dataclass(frozen=True, slots=True)
class Checklist:
    """The papers of one form, and who takes them."""

    form: str
    title: str
    office: str
    line: str
    documents: tuple[Document, ...]

    @property
    def text(self) -> str:
        """As people read it: 申请金秋助学要带的材料：身份证、户口本；生病的另带诊断证明。"""
        always = [document.name for document in self.documents if not document.when]
        cases = dict.fromkeys(document.when for document in self.documents if document.when)
        parts = ["、".join(always)] if always else []
        for case in cases:
            names = [document.name for document in self.documents if document.when == case]
            parts.append(f"{case}{'另' if always else ''}带{'、'.join(names)}")
        return f"申请{self.title}要带的材料：{'；'.join(parts)}。"


_SEPARATOR = re.compile("[、；。]")

Checklists = Mapping[str, Checklist]
"""Name of a form → its list."""


def load(path: Path) -> dict[str, Checklist]:
    """The lists of a YAML file; a broken one is refused with file and form."""
    found = {}
    for form, row in terms.read(path, "forms")["forms"].items():
        try:
            found[str(form)] = _checklist(str(form), row)
        except (AttributeError, TypeError, KeyError) as wrong:
            raise ContentError(
                f"{path.name} 的 {form} 写法不对：{wrong}。要有 title、office、documents。"
            ) from wrong
    return found


def of(entry: Entry, checklists: Checklists) -> Checklist | None:
    """The papers for the form that ``entry`` leads to first; None when that form asks for none."""
    return checklists.get(entry.forms[0]) if entry.forms else None


def _checklist(form: str, row: Mapping[str, Any]) -> Checklist:
    documents = tuple(
        Document(str(paper["id"]), str(paper["name"]), str(paper.get("when", "")))
        for paper in row["documents"]
    )
    if not documents or len({document.id for document in documents}) < len(documents):
        raise KeyError("documents")
    if any(_SEPARATOR.search(document.name + document.when) for document in documents):
        raise KeyError("name、when 里不能有顿号、分号和句号")
    return Checklist(form, str(row["title"]), str(row["office"]), str(row.get("line", "")), documents)
