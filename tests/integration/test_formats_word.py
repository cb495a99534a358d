"""Word and WPS files: what a reader of the finished document sees, and nothing else."""

import pytest

from knowledge.formats import reader
from knowledge.formats.blocks import Block
from knowledge.formats.numbering import written
from tests import hostile, writers
from tests.hostile import paragraph

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def _file(body: str, **parts: str) -> bytes:
    """A Word file with this body and, by kind, further parts (styles, numbering, footnotes, endnotes)."""
    relations = (
        "".join(f'<Relationship Id="r{kind}" Type="{R}/{kind}" Target="{kind}.xml"/>' for kind in parts)
        + f'<Relationship Id="rNull" Type="{R}/image" Target="NULL"/>'
    )
    changes = {
        "word/document.xml": f"<w:document {SPACES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{hostile.RELATIONS}">{relations}</Relationships>',
        **{f"word/{kind}.xml": f"<w:{kind} {SPACES}>{inside}</w:{kind}>" for kind, inside in parts.items()},
    }
    return hostile.changed(
        writers.word(()), {path: lambda _, said=said: said.encode() for path, said in changes.items()}
    )


def _read(body: str, **parts: str) -> list[Block]:
    return reader.read(_file(body, **parts), "文件.docx")


def _texts(body: str, **parts: str) -> list[str]:
    return [block.text for block in _read(body, **parts)]


def _styled(style: str, text: str, more: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'


def _style(number: str, name: str, more: str = "") -> str:
    return f'<w:style w:type="paragraph" w:styleId="{number}"><w:name w:val="{name}"/>{more}</w:style>'


def test_headings_are_known_by_style_name_base_style_and_outline() -> None:
    """English, Chinese and WPS names; a style based on a heading; an outline level set by hand or taken back."""
    styles = (
        _style("a3", "标题")
        + _style("2", "heading 1")
        + _style("3", "标题 2")
        + _style("x", "我的样式", '<w:basedOn w:val="3"/>')
        + _style("y", "要点", '<w:pPr><w:outlineLvl w:val="2"/></w:pPr>')
        + _style("10", "toc 1")
    )
    body = (
        _styled("a3", "总标题")
        + _styled("10", "第一章……1")
        + _styled("2", "一级")
        + _styled("3", "二级")
        + _styled("x", "也是二级")
        + _styled("y", "三级")
        + '<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:r><w:t>手设一级</w:t></w:r></w:p>'
        + _styled("2", "不算标题", '<w:outlineLvl w:val="9"/>')
    )
    found = [(block.text, block.level) for block in _read(body, styles=styles)]
    assert found == [
        ("总标题", 1),
        ("一级", 2),
        ("二级", 3),
        ("也是二级", 3),
        ("三级", 4),
        ("手设一级", 2),
        ("不算标题", 0),
    ]


NUMBERING = """
<w:abstractNum w:abstractNumId="1">
 <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="第%1条"/></w:lvl>
 <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
 <w:lvl w:ilvl="2"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2.%3"/></w:lvl>
 <w:lvl w:ilvl="3"><w:numFmt w:val="none"/><w:lvlText w:val="注："/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF06C;"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="3"><w:styleLink w:val="s"/>
 <w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:suff w:val="nothing"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="4"><w:numStyleLink w:val="s"/></w:abstractNum>
<w:num w:numId="5"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="6"><w:abstractNumId w:val="2"/></w:num>
<w:num w:numId="7"><w:abstractNumId w:val="4"/></w:num>
<w:num w:numId="8"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="9"/></w:lvlOverride></w:num>
<w:num w:numId="9"><w:abstractNumId w:val="2"/><w:lvlOverride w:ilvl="0"><w:lvl w:ilvl="0"><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1)"/></w:lvl></w:lvlOverride></w:num>
"""


def _numbered(text: str, number: int, depth: int = 0) -> str:
    numbers = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
    return f"<w:p><w:pPr>{numbers}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_numbers_that_word_writes_are_text() -> None:
    """Articles, items, legal numbers, marks, linked and overridden lists; a restart counts anew."""
    body = (
        _numbered("甲。", 5)
        + _numbered("其一；", 5, 1)
        + _numbered("其二；", 5, 1)
        + _numbered("细。", 5, 2)
        + _numbered("乙。", 5)
        + _numbered("又一；", 5, 1)
        + _numbered("说明", 5, 3)
        + _numbered("证件", 6)
        + _numbered("一", 7)
        + _numbered("丙。", 8)
        + _numbered("罗马", 9)
        + _numbered("没有这个表", 77)
    )
    assert _texts(body, numbering=NUMBERING) == [
        "第一条 甲。",
        "（一）其一；",
        "（二）其二；",
        "1.2.3 细。",
        "第二条 乙。",
        "（一）又一；",
        "注：说明",
        "- 证件",
        "1.一",
        "第九条 丙。",
        "II) 罗马",
        "没有这个表",
    ]


@pytest.mark.parametrize(
    ("form", "number", "expected"),
    [
        ("decimal", 12, "12"),
        ("decimalZero", 3, "03"),
        ("decimalFullWidth", 12, "１２"),
        ("decimalEnclosedCircle", 3, "③"),
        ("decimalEnclosedCircle", 30, "30"),
        ("chineseLegalSimplified", 15, "拾伍"),
        ("ideographTraditional", 2, "乙"),
        ("ideographZodiac", 13, "子"),
        ("lowerLetter", 28, "bb"),
        ("upperLetter", 2, "B"),
        ("lowerRoman", 1994, "mcmxciv"),
        ("japaneseCounting", 21, "二十一"),
    ],
)
def test_numbers_are_written_in_the_form_of_the_list(form: str, number: int, expected: str) -> None:
    """The number formats that Chinese documents use."""
    assert written(number, form) == expected


def test_tracked_changes_read_as_accepted() -> None:
    """Inserted and moved-to text stays, deleted and moved-from goes; a deleted paragraph end joins two paragraphs."""
    body = (
        "<w:p><w:r><w:t>早</w:t></w:r><w:del><w:r><w:delText>八</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>九</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>旧处</w:t></w:r></w:moveFrom>"
        "<w:moveTo><w:r><w:t>新处</w:t></w:r></w:moveTo></w:p>"
        '<w:p><w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr><w:r><w:t>前半</w:t></w:r></w:p>'
        + paragraph("后半")
        + "<w:tbl><w:tr><w:tc>"
        + paragraph("项目")
        + "</w:tc><w:tc>"
        + paragraph("标准")
        + "</w:tc></w:tr><w:tr><w:trPr><w:del/></w:trPr><w:tc>"
        + paragraph("删掉的行")
        + "</w:tc></w:tr><w:tr><w:tc>"
        + paragraph("住院")
        + "</w:tc><w:tc>"
        + paragraph("500元")
        + "</w:tc></w:tr></w:tbl>"
    )
    assert _texts(body) == ["早九新处", "前半后半", "项目：住院；标准：500元"]


def test_notes_stand_in_the_paragraph_that_carries_them() -> None:
    """Footnotes and endnotes are told at the end of their paragraph; separators and lost notes say nothing."""
    body = (
        '<w:p><w:r><w:t>会费为千分之五</w:t><w:footnoteReference w:id="2"/><w:t>。</w:t></w:r>'
        '<w:r><w:endnoteReference w:id="3"/><w:footnoteReference w:id="99"/></w:r></w:p>'
    )
    footnotes = f'<w:footnote w:id="0" w:type="separator">{paragraph("线")}</w:footnote><w:footnote w:id="2">{paragraph("按基本工资计。")}</w:footnote>'
    endnotes = f'<w:endnote w:id="3">{paragraph("见工会章程。")}</w:endnote>'
    assert _texts(body, footnotes=footnotes, endnotes=endnotes) == [
        "会费为千分之五。（注：按基本工资计。）（注：见工会章程。）"
    ]


def test_text_boxes_are_read_once_and_fields_by_their_result() -> None:
    """A box drawn twice for old programs is one box; codes of fields, hidden text and readings are not text."""
    box = f"<w:txbxContent>{paragraph('框里的话')}</w:txbxContent>"
    body = (
        "<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:wsp><wps:txbx>"
        f"{box}</wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r><w:r><w:t>框外</w:t></w:r></w:p>"
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>PAGE</w:instrText><w:t>结果</w:t></w:r>'
        "<w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>"
        "<w:ruby><w:rt><w:r><w:t>dú</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>读</w:t></w:r></w:rubyBase></w:ruby>"
        "<w:r><w:noBreakHyphen/><w:tab/><w:t>后</w:t><w:br/><w:t>新行</w:t><w:br w:type='page'/></w:r><m:oMath><m:r><m:t>x</m:t></m:r></m:oMath></w:p>"
        f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph('控件里')}</w:sdtContent></w:sdt>"
    )
    assert _texts(body) == ["框外", "框里的话", "结果链接读- 后\n新行x", "控件里"]


def _cell(text: str, more: str = "") -> str:
    return f"<w:tc><w:tcPr>{more}</w:tcPr>{paragraph(text)}</w:tc>"


def _row(*cells: str, head: bool = False) -> str:
    return f"<w:tr>{'<w:trPr><w:tblHeader/></w:trPr>' if head else ''}{''.join(cells)}</w:tr>"


def test_table_rows_can_be_understood_alone() -> None:
    """Merged cells are filled downwards, a header of two rows is read together, a caption stays a line."""
    wide, down, below = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    table = (
        "<w:tbl>"
        + _row(_cell("救助标准", '<w:gridSpan w:val="3"/>'))
        + _row(_cell("类别", down), _cell("金额", wide))
        + _row(_cell("", below), _cell("下限"), _cell("上限"))
        + _row(_cell("大病", down), _cell("1000"), _cell("3000"))
        + _row(_cell("", below), _cell("无"), _cell("5000"))
        + "</w:tbl>"
    )
    assert _texts(table) == [
        "救助标准",
        "类别：大病；金额 下限：1000；金额 上限：3000",
        "类别：大病；金额 下限：无；金额 上限：5000",
    ]
    marked = "<w:tbl>" + _row(_cell("1"), _cell("2"), head=True) + _row(_cell("甲"), _cell("乙")) + "</w:tbl>"
    assert _texts(marked) == ["1：甲；2：乙"]
    pairs = (
        "<w:tbl>" + _row(_cell("姓名"), _cell("张某")) + _row(_cell("电话："), _cell("12351")) + "</w:tbl>"
    )
    assert _texts(pairs) == ["姓名：张某", "电话：12351"]
    frame = "<w:tbl>" + _row(f"<w:tc>{paragraph('框')}{paragraph('里')}</w:tc>") + "</w:tbl>"
    assert _texts(frame) == ["框", "里"]


def test_a_statute_in_a_table_is_told_as_lines() -> None:
    """条号 and 条文 side by side, the number merged over two rows."""
    table = (
        "<w:tbl>"
        + _row(_cell("第一条", '<w:vMerge w:val="restart"/>'), _cell("甲："))
        + _row(_cell("", "<w:vMerge/>"), _cell("（一）其一。"))
        + _row(_cell("第二条"), _cell("乙。"))
        + "</w:tbl>"
    )
    assert _texts(table) == ["第一条 甲：", "（一）其一。", "第二条 乙。"]


def test_a_file_with_macros_or_in_the_strict_dialect_is_read() -> None:
    """Macros are left alone; the strict dialect of the standard says the same under other names."""
    plain = _file(paragraph("正文"))
    macros = hostile.changed(
        plain,
        {
            "word/vbaProject.bin": lambda _: b"macro",
            "[Content_Types].xml": lambda part: part.replace(
                b"openxmlformats-officedocument.wordprocessingml.document.main+xml",
                b"ms-word.document.macroEnabled.main+xml",
            ),
        },
    )
    strict = hostile.changed(
        plain,
        {
            "word/document.xml": lambda part: part.replace(
                W.encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main"
            ),
            "_rels/.rels": lambda part: part.replace(
                R.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships"
            ),
        },
    )
    assert [block.text for block in reader.read(macros, "a.docm")] == ["正文"]
    assert [block.text for block in reader.read(strict, "a.docx")] == ["正文"]
