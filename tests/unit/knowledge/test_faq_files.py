"""Entries in tables and back: real workbooks, what WPS and careless hands make of them, CSV in any encoding, YAML."""

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from bot.core.errors import ContentError, DocumentError
from knowledge import entries, faq_files, faq_rows
from knowledge.catalogue import Catalogue, Law
from knowledge.entries import Entry
from knowledge.faq_files import Kept, Row
from knowledge.faq_rows import HEADS

LAWS = Catalogue([Law("中华人民共和国劳动合同法", "劳动合同法", "法律")])
ENTRY = Entry(
    id="H900",
    topic="工资与加班",
    title="=1+1 不是公式",
    conclusion="可以，“引号”、逗号, 都行。",
    conditions=("+86 也不是。", "-5℃还让干活。", "'单引号。", "'=带引号的等号。"),
    steps=("@工会。", "＝全角。"),
    cites=("劳动合同法#47", "劳动合同法#23之一"),
    questions=("=cmd|' /C calc'!A0", "996算加班不", "老板𠮷说不算"),
    region="浙江",
    local=True,
    valid_from=date(2008, 1, 1),
    checked=date(2026, 11, 20),
    calculators=("overtime",),
    forms=("overtime",),
    line="帮扶",
)
PLAIN = replace(
    ENTRY, id="H901", title="简单的", local=False, conditions=(), valid_from=None, region="全国", line=""
)
KEPT = [Kept(ENTRY, 3, own=True), Kept(PLAIN, 1, own=False)]
HEAD_ROW = list(HEADS)


def read(content: bytes, name: str) -> list[Row]:
    """The rows of a file."""
    return faq_files.read(content, name, LAWS)


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv", "a.yml", "A.YAML"])
def test_out_and_back_says_the_same(name: str) -> None:
    """Every field, quotes, formula characters and rare characters included."""
    rows = read(faq_files.write(KEPT, name), name)
    assert [row.entry for row in rows] == [ENTRY, PLAIN]
    assert [row.code for row in rows] == ["H900", "H901"]
    if name != "a.yml" and name != "A.YAML":
        assert [row.revision for row in rows] == [3, 1]
        assert [row.place for row in rows] == ["第2行", "第3行"]


def test_no_cell_is_a_formula() -> None:
    """In the workbook every text cell is a string in text format; in the CSV none begins like a formula."""
    book = load_workbook(io.BytesIO(faq_files.write(KEPT, "a.xlsx")))
    for row in book.active.iter_rows(min_row=2):
        for cell in row:
            assert cell.data_type != "f"
            if isinstance(cell.value, str):
                assert cell.number_format == "@"
                assert not any(line.startswith(tuple("=+-@")) for line in cell.value.split("\n"))
    text = faq_files.write(KEPT, "a.csv").decode("utf-8-sig")
    assert "'=1+1" in text
    assert "\n=cmd" not in text


@given(st.text(alphabet="'=+-@＝a1 ", max_size=6))
def test_neutral_text_is_restored(text: str) -> None:
    """What was neutralised comes back, and cannot be run in between."""
    assert faq_rows.restored(faq_rows.neutral(text)) == text
    assert not faq_rows.neutral(text).startswith(tuple("=+-@"))


def workbook(*rows: Sequence[Any], title: str = "Sheet1") -> bytes:
    """A workbook as an office program saves it."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cells(**changes: Any) -> list[Any]:
    """A row of cells in the order of the heads."""
    values = {
        "编号": "",
        "分组": "工资",
        "标题": "题",
        "一句话结论": "可以。",
        "下一步": "问工会",
        "问法": "怎么办\n咋整",
        **changes,
    }
    return [values.get(head) for head in HEAD_ROW]


def test_what_office_programs_do_to_cells_is_understood() -> None:
    """Dates in every spelling and as serial numbers, numbers for text, flags, blank lines, other line ends."""
    for written in (
        date(2026, 11, 20),
        datetime(2026, 11, 20),  # noqa: DTZ001 - a cell has no zone
        46346,
        "46346",
        "2026/11/20",
        "2026年11月20日",
        "2026.11.20",
        "2026-11-20 00:00:00",
    ):
        (row,) = read(workbook(HEAD_ROW, cells(核对日期=written)), "a.xlsx")
        assert row.entry is not None, row.problem
        assert row.entry.checked == date(2026, 11, 20), written
    (row,) = read(
        workbook(
            HEAD_ROW,
            cells(
                标题=996.0,
                问法="一_x000D_\n 二 \r\n\r\n三",
                各地不同=True,
                依据="《劳动合同法》第四十七条\n中华人民共和国劳动合同法第23条之一\n本会章程第3条\n劳动合同法#82",
            ),
        ),
        "a.xlsx",
    )
    assert row.entry is not None, row.problem
    assert (row.entry.title, row.entry.questions, row.entry.local) == ("996", ("一", "二", "三"), True)
    assert row.entry.cites == ("劳动合同法#47", "劳动合同法#23之一", "本会章程#3", "劳动合同法#82")


def test_a_table_is_found_under_its_title_with_its_own_order() -> None:
    """Heads below a title line, in another order, with stars and notes; unknown columns are passed over."""
    content = workbook(
        ["2026年问答"],
        [],
        ["备注", "*标题", "一句话结论（必填）", "下一步", " 问 法 "],
        ["x", "题", "可以。", "问工会", "怎么办"],
        [None] * 5,
        ["y", "题二", "可以。", "问工会", "咋整"],
    )
    rows = read(content, "a.xlsx")
    assert [(row.place, row.entry.title) for row in rows if row.entry] == [("第4行", "题"), ("第6行", "题二")]


def wps(rows: Sequence[Sequence[str]]) -> bytes:
    """A workbook as small writers make it: inline strings, no styles, no shared strings, no document properties."""
    lines = []
    for number, row in enumerate(rows, start=1):
        inside = "".join(
            f'<c r="{chr(65 + place)}{number}" t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'
            for place, value in enumerate(row)
            if value
        )
        lines.append(f'<row r="{number}">{inside}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.'
        'openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="问答" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{"".join(lines)}</sheetData></worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return out.getvalue()


def test_a_bare_workbook_says_the_same() -> None:
    """Inline strings without styles: the entry comes back as it went out, dates as text."""
    out = [str(value) if value is not None else "" for value in faq_rows.to_cells(ENTRY).values()]
    escaped = [text.replace("&", "&amp;").replace("<", "&lt;") for text in out]
    (row,) = read(wps([HEAD_ROW, escaped]), "a.xlsx")
    assert row.entry == ENTRY


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_csv_comes_back_in_any_encoding(encoding: str, delimiter: str) -> None:
    """As Excel on Chinese Windows, WPS and others save it."""
    table = load_workbook(io.BytesIO(faq_files.write(KEPT, "a.xlsx"))).active
    quoted = [
        delimiter.join(
            '"' + str("" if cell.value is None else cell.value).replace('"', '""') + '"' for cell in row
        )
        for row in table.iter_rows()
    ]
    rows = read("\r\n".join(quoted).encode(encoding), "a.csv")
    assert [row.entry for row in rows] == [ENTRY, PLAIN]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"标题": ""}, "缺“标题”"),
        ({"标题": None, "问法": " \n "}, "缺“标题”、“问法”"),
        ({"标题": "=A1&B1"}, "“标题”是公式"),
        ({"标题": date(2026, 1, 2)}, "“标题”被表格软件变成了日期"),
        ({"标题": "长" * 121}, "“标题”超过 120 个字"),
        ({"核对日期": "去年"}, "“核对日期”写的是“去年”"),
        ({"核对日期": "2026-02-30"}, "“核对日期”写的是“2026-02-30”"),
        ({"各地不同": "也许"}, "“各地不同”写的是“也许”"),
        ({"编号": "编号一"}, "编号“编号一”不能用"),
    ],
)
def test_a_bad_row_is_told_and_the_good_ones_are_taken(changes: dict[str, Any], said: str) -> None:
    """Row number, column, and what to do; the next row is none the worse for it."""
    bad, good = read(workbook(HEAD_ROW, cells(**changes), cells(标题="好的")), "a.xlsx")
    assert (bad.entry, bad.place) == (None, "第2行")
    assert said in bad.problem
    assert good.entry is not None


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.doc", lambda: b"x", "格式不支持"),
        ("a.xlsx", lambda: b"", "打不开"),
        ("a.csv", lambda: b" ", "空文件"),
        ("a.xlsx", lambda: b"PK\x03\x04broken", "打不开"),
        ("a.xlsx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "xlsx"),
        ("a.xlsx", lambda: workbook(["姓名", "电话"], ["甲", "乙"]), "没有找到表头"),
        ("a.csv", lambda: '标题,一句话结论\n"没有关上的引号'.encode(), "引号"),
        ("a.yml", lambda: b"group: [", "不是有效的 YAML"),
        ("a.yml", lambda: b"- 1", "group"),
    ],
)
def test_a_file_that_is_no_table_is_refused(name: str, content: Callable[[], bytes], said: str) -> None:
    """One clear sentence with the file's name."""
    with pytest.raises(DocumentError, match=said) as refused:
        read(content(), name)
    assert name in str(refused.value)


def test_yaml_is_the_handbooks_own_format() -> None:
    """What is written can be a file of the handbook; numbers among sentences are sentences; faults are told one by one."""
    written = faq_files.write([Kept(PLAIN, 1, own=False)], "a.yml")
    assert list(entries.parse(yaml.safe_load(written), "a.yml")) == [PLAIN]
    text = """
group: 甲
entries:
  - {title: 加班, conclusion: 可以。, steps: [问], questions: [996, 加班]}
  - {id: X1, title: 少东西}
  - 只是一句话
  - {id: 一, title: 题, conclusion: 可以。, steps: [问], questions: [问]}
---
group: 乙
entries:
  - {id: X2, title: 题, conclusion: 可以。, steps: [问], questions: [问], checked: 2026-11-20}
"""
    rows = read(text.encode(), "a.yml")
    assert [row.place for row in rows] == ["甲第1条", "甲第2条", "甲第3条", "甲第4条", "乙第1条"]
    assert rows[0].entry is not None
    assert (rows[0].code, rows[0].entry.questions) == ("", ("996", "加班"))
    assert "缺少字段" in rows[1].problem
    assert [bool(row.problem) for row in rows] == [False, True, True, True, False]


def test_a_cell_that_cannot_hold_its_text_is_not_cut() -> None:
    """A spreadsheet cell ends at 32767 characters; the export says so instead of losing the rest."""
    huge = replace(PLAIN, questions=tuple(f"问法{number}" * 20 for number in range(800)))
    with pytest.raises(ContentError, match="yml"):
        faq_files.write([Kept(huge, 1, own=True)], "a.xlsx")
    assert read(faq_files.write([Kept(huge, 1, own=True)], "a.csv"), "a.csv")[0].entry == huge


def test_what_no_cell_can_hold_is_tidied() -> None:
    """Line breaks inside an item, blanks around it, control characters, empty items."""
    untidy = replace(
        PLAIN, title=" 题\n目 ", steps=("一\x07步", " ", "二\t步"), region="", cites=("劳动合同法第2条",)
    )
    tidy = faq_rows.tidied(untidy, LAWS)
    assert (tidy.title, tidy.steps, tidy.region) == ("题 目", ("一步", "二 步"), "全国")
    assert tidy.cites == ("劳动合同法#2",)
    assert read(faq_files.write([Kept(untidy, 1, own=True)], "a.xlsx"), "a.xlsx")[0].entry == tidy
