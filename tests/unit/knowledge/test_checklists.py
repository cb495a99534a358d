"""Papers that applications ask for, and the other names entries may use."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.errors import ContentError
from bot.settings import content_dir
from knowledge import answers, checklists, entries, terms
from knowledge.catalogue import Catalogue
from knowledge.checklists import Checklist, Document
from knowledge.entries import Entry
from knowledge.equipment import Equipment
from knowledge.library import Library

LIST = Checklist(
    "x",
    "助学",
    "工会",
    "帮扶",
    (
        Document("a", "身份证"),
        Document("b", "户口本"),
        Document("c", "诊断证明", "因病的"),
        Document("d", "费用清单", "因病的"),
        Document("e", "残疾证", "有残疾的"),
    ),
)


def test_a_list_reads_as_a_sentence() -> None:
    """What everybody brings, then what some bring besides."""
    assert LIST.text == (
        "申请助学要带的材料：身份证、户口本；因病的另带诊断证明、费用清单；有残疾的另带残疾证。"
    )
    assert replace(LIST, documents=LIST.documents[4:]).text == "申请助学要带的材料：有残疾的带残疾证。"


def test_the_shipped_lists_are_what_answers_say() -> None:
    """For every application there is an entry that leads to it, and its answer names exactly the form's uploads."""
    shipped = checklists.load(content_dir() / "forms" / "documents.yml")
    library = Library.build([], Equipment(Catalogue([]), checklists=shipped))
    assert set(shipped) >= {"hardship", "tuition", "medical_mutual", "relief", "join", "legal_aid"}
    handbook = list(entries.load(content_dir() / "handbook"))
    for form, checklist in shipped.items():
        leading = [entry for entry in handbook if entry.forms[:1] == (form,)]
        assert leading, f"no entry leads to {form}"
        for entry in leading:
            lines = answers.entry_text(entry, library).split("\n")
            (said,) = [line for line in lines if line.startswith(f"申请{checklist.title}要带的材料：")]
            assert _papers(said) == {document.name for document in checklist.documents}, entry.id


def _papers(said: str) -> set[str]:
    """The papers a sentence lists, read back without the code that wrote it."""
    listed = said.partition("：")[2].removesuffix("。").split("；")
    return {name for part in listed for name in part.rpartition("另带")[2].split("、")}


def test_only_the_nearest_form_is_shown() -> None:
    """An entry that leads to a report first does not list the papers of an aid it merely mentions."""
    entry = Entry("a", "t", "t", "c", (), ("s",), (), ("q",), forms=("wage_arrears", "x"))
    assert checklists.of(entry, {"x": LIST}) is None
    assert checklists.of(replace(entry, forms=("x",)), {"x": LIST}) is LIST
    assert checklists.of(replace(entry, forms=()), {"x": LIST}) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("forms: {x: {title: 一}}", "x 写法不对"),
        ("forms: {x: {title: 一, office: 二, documents: []}}", "x 写法不对"),
        (
            "forms: {x: {title: 一, office: 二, documents: [{id: a, name: b}, {id: a, name: c}]}}",
            "x 写法不对",
        ),
        ("forms: {x: {title: 一, office: 二, documents: [{id: a, name: 甲、乙}]}}", "顿号"),
        ("forms: {x: [", "读不懂"),
        ("[]", "缺少forms"),
    ],
)
def test_a_broken_list_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    """File and form are named."""
    file = tmp_path / "documents.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=f"documents.yml.*{said}"):
        checklists.load(file)


def test_a_broken_file_of_terms_is_refused(tmp_path: Path) -> None:
    """A missing file and a wrong shape are told with the file's name."""
    with pytest.raises(ContentError, match=r"service_lines\.yml 读不懂"):
        terms.load(tmp_path)
    (tmp_path / "service_lines.yml").write_text("lines: [一]", encoding="utf-8")
    (tmp_path / "faq_terms.yml").write_text("calculators: {}\nforms: {}", encoding="utf-8")
    with pytest.raises(ContentError, match=r"faq_terms\.yml 读不懂"):
        terms.load(tmp_path)
