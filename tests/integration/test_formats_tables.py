"""Workbooks and csv files."""

import io
from datetime import date, datetime, time

import openpyxl
import pytest

from bot.core.errors import DocumentError
from knowledge import documents
from knowledge.catalogue import Catalogue
from knowledge.formats import reader
from tests import hostile, writers


def _passages(content: bytes, name: str) -> list[tuple[str, str, str]]:
    (document,) = documents.parse_all(content, name, Catalogue([]))
    return [(p.heading, p.address, p.text) for p in document.passages]


def test_each_row_is_a_passage_that_can_be_understood_alone() -> None:
    """A column of unique words names the rows; counting columns do not."""
    rows = [
        ("序号", "地区", "月最低工资（元）", "备注"),
        (1, "甲市", 2280, "含社保\n个人部分"),
        (2, "乙市", 2010.5, None),
        (3, "丙市", 1840, "自2025年起"),
    ]
    assert _passages(writers.workbook({"Sheet1": rows}), "最低工资.xlsx") == [
        ("", "甲市", "序号：1；地区：甲市；月最低工资（元）：2280；备注：含社保 个人部分"),
        ("", "乙市", "序号：2；地区：乙市；月最低工资（元）：2010.5"),
        ("", "丙市", "序号：3；地区：丙市；月最低工资（元）：1840；备注：自2025年起"),
    ]
    text = [["" if cell is None else str(cell) for cell in row] for row in rows]
    assert _passages(writers.table(text, "gbk", "\t"), "最低工资.csv") == _passages(
        writers.workbook({"Sheet1": rows}), "最低工资.xlsx"
    )


def test_rows_without_a_name_go_by_their_place() -> None:
    """Rows that no column tells apart are counted; sheets are told by name; hidden sheets are left out."""
    book = openpyxl.load_workbook(
        io.BytesIO(
            writers.workbook(
                {
                    "标准": [
                        ("2025年标准",),
                        (),
                        ("项目", "标准", "说明"),
                        ("住院", 500, "甲"),
                        ("住院", 800, "乙"),
                    ],
                    "电话": [("工会", "12351"), ("人社", "12333")],
                    "空": [],
                    "草稿": [("不要", "导入")],
                }
            )
        )
    )
    book["草稿"].sheet_state = "hidden"
    assert _passages(writers.saved(book), "标准.xlsx") == [
        ("", "标准", "2025年标准"),
        ("标准", "第1行", "项目：住院；标准：500；说明：甲"),
        ("标准", "第2行", "项目：住院；标准：800；说明：乙"),
        ("电话", "工会", "工会：12351"),
        ("电话", "人社", "人社：12333"),
    ]


def test_cells_are_told_as_people_see_them() -> None:
    """Shares, dates, times, truth, long fractions; errors say nothing."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["甲", "乙", "丙", "丁", "戊", "己", "庚"])
    sheet.append([0.08, date(2025, 1, 2), datetime(2025, 1, 2, 8, 30), time(9, 5), True, 0.1 + 0.2, "#N/A"])  # noqa: DTZ001 - a spreadsheet knows no zone
    sheet["A2"].number_format = "0%"
    assert [block.text for block in reader.read(writers.saved(book), "a.xlsx")][-1] == (
        "甲：8%；乙：2025-01-02；丙：2025-01-02 08:30；丁：09:05；戊：TRUE；己：0.3"
    )


def test_questions_in_merged_cells_and_groups() -> None:
    """A question over several rows is one section; a group becomes the heading above; other columns follow the answer."""
    rows = [
        ("分类", "标准问题", "答案", "依据"),
        ("入会", "怎么入会？", "填表。", ""),
        ("", "", "七天内办好。", "章程"),
        ("会费", "会费多少？", "千分之五。", ""),
    ]
    content = writers.workbook({"问答": rows}, {"问答": ["A2:A3", "B2:B3"]})
    assert _passages(content, "问答.xlsx") == [
        ("入会", "怎么入会？", "填表。\n七天内办好。\n依据：章程"),
        ("会费", "会费多少？", "千分之五。"),
    ]


def test_calculated_cells_are_read_by_their_result() -> None:
    """A formula with a result is that result, an empty word included; one without stops the import."""
    ready = (
        '<sheetData><row><c t="inlineStr"><is><t>合计</t></is></c><c><f>SUM(1,2)</f><v>3</v></c>'
        '<c t="str"><f>A9&amp;""</f><v></v></c></row></sheetData>'
    )
    assert [block.text for block in reader.read(hostile.sheet(ready), "a.xlsx")][-1] == "合计：3"
    for waiting in ("<c><f>SUM(1,2)</f></c>", "<c><f>SUM(1,2)</f><v/></c>", '<c><f t="shared" si="0"/></c>'):
        with pytest.raises(DocumentError, match="公式"):
            reader.read(hostile.sheet(f"<sheetData><row>{waiting}</row></sheetData>"), "a.xlsx")


def test_a_workbook_with_macros_or_in_the_strict_dialect_is_read() -> None:
    """Macros are left alone; the strict dialect says the same under other names."""
    plain = writers.workbook({"a": [("甲", "乙"), ("1", "2")]})
    ordinary = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strict = hostile.changed(
        plain,
        {
            path: lambda part: part.replace(ordinary, b"http://purl.oclc.org/ooxml/spreadsheetml/main")
            for path in (
                "xl/workbook.xml",
                "xl/worksheets/sheet1.xml",
                "xl/sharedStrings.xml",
                "xl/styles.xml",
            )
        },
    )
    macros = hostile.changed(plain, {"xl/vbaProject.bin": lambda _: b"macro"})
    expected = [block.text for block in reader.read(plain, "a.xlsx")]
    assert expected
    assert [block.text for block in reader.read(strict, "a.xlsx")] == expected
    assert [block.text for block in reader.read(macros, "a.xlsm")] == expected


def test_many_merges_and_rows_cost_little() -> None:
    """Merges that overlap without end are filled as far as a sheet reaches; a sheet too long is refused."""
    merges = '<mergeCell ref="A1:GR9000"/>' * 2000
    cell = '<row r="{}"><c r="A{}"><v>1</v></c><c r="B{}"><v>2</v></c></row>'
    rows = "".join(cell.format(n, n, n) for n in range(1, 1000))
    content = hostile.sheet(f"<sheetData>{rows}</sheetData><mergeCells>{merges}</mergeCells>")
    assert len(reader.read(content, "a.xlsx")) > 0
    long = "<row><c><v>1</v></c></row>" * 100_001
    with pytest.raises(DocumentError, match=r"a\.xlsx 的工作表“Sheet1”有 100000 行以上"):
        reader.read(hostile.sheet(f"<sheetData>{long}</sheetData>"), "a.xlsx")
    with pytest.raises(DocumentError, match=r"a\.csv 有 100000 行以上"):
        reader.read("甲,乙\n".encode() * 100_001, "a.csv")


def test_csv_in_any_ordinary_shape() -> None:
    """Quotes with commas and line ends, stray quotes, tabs, prose, a column name above a single column."""

    def texts(content: str) -> list[str]:
        return [block.text for block in reader.read(content.encode(), "a.csv")]

    assert texts('项目,标准,说明\n住院,"500,元","一\n二"\n') == [
        "住院",
        "项目：住院；标准：500,元；说明：一 二",
    ]
    assert texts("内容\n第一行\n第二行\n") == ["第一行", "第二行"]
    assert texts("一段话，没有分隔。\n又一段话。\n") == ["一段话，没有分隔。", "又一段话。"]
    stray = "甲,乙\n" + "1,2\n" * 80 + '"3,4\n' + "5,6\n" * 40_000
    assert texts(stray)[-1] == "5：6"
    assert texts('甲|乙|丙\n1|2|"x' + "y" * 200_000 + "\n") != []


def test_titles_and_texts_in_columns_are_sections() -> None:
    """标题 and 内容 are a heading and its text; lines in a cell stay lines."""
    rows = [("员工手册", ""), ("标题", "内容"), ("考勤", "早九晚五。\n午休一小时。"), ("休假", "按规定。")]
    assert _passages(writers.workbook({"a": rows}), "b.xlsx") == [
        ("员工手册", "考勤", "早九晚五。\n午休一小时。"),
        ("员工手册", "休假", "按规定。"),
    ]
