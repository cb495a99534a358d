"""Web pages and Markdown: the text of the page, in order, without its furniture."""

import pytest

from knowledge.formats import reader
from knowledge.formats.blocks import Block


def _page(body: str, head: str = '<meta charset="utf-8">') -> list[Block]:
    return reader.read(f"<html><head>{head}</head><body>{body}</body></html>".encode(), "页.html")


def _texts(body: str) -> list[str]:
    return [block.text for block in _page(body)]


def test_furniture_is_left_out_and_the_title_kept() -> None:
    """Navigation, scripts, hidden parts and footers go; a frame that holds the title stays."""
    body = (
        "<header>站名</header><nav>首页</nav><div class='top-nav'>菜单</div><div class='nav'><h1>题目</h1></div>"
        "<div role='search'>搜</div><p hidden>藏</p><p style='display: none'>藏</p><script>x</script>"
        "<p>正文<del>旧</del><ins>新</ins><ruby>读<rt>du</rt></ruby></p>尾巴<div id='footer'>版权</div><!-- 注释 -->"
    )
    found = [(block.text, block.level) for block in _page(body)]
    assert found == [("题目", 1), ("正文新读", 0), ("尾巴", 0)]


def test_the_main_part_is_enough_where_a_page_names_it() -> None:
    """Everything around <main> or the only <article> is left out."""
    text = "正文" * 120
    assert _texts(f"<div>旁边</div><main><p>{text}</p></main>") == [text]
    assert _texts("<div>旁边</div><main><p>太短</p></main>") == ["旁边", "太短"]


def test_lists_breaks_and_source_lines() -> None:
    """Lists get their marks, line breaks stay, breaks in the source go without a blank between Chinese."""
    body = (
        "<ul><li>甲</li><li>乙<ol start='3'><li>丙</li><li>丁</li></ol></li></ul><p>上<br>下</p><p>中文\n   换行 and\nwords</p>"
        "<pre>一\n二</pre><dl><dt>词</dt><dd>义</dd></dl><p>&nbsp;&nbsp;空格&emsp;后</p>"
    )
    assert _texts(body) == [
        "- 甲",
        "- 乙",
        "3. 丙",
        "4. 丁",
        "上\n下",
        "中文换行 and words",
        "一\n二",
        "词",
        "义",
        "空格 后",
    ]


def test_tables_of_data_are_told_and_tables_of_layout_are_not() -> None:
    """Spans are filled; a table that only arranges the page is read as paragraphs."""
    data = (
        "<table><caption>补助</caption><thead><tr><th>类别</th><th colspan='2'>金额</th></tr><tr><th></th><th>下限</th><th>上限</th></tr>"
        "</thead><tr><td rowspan='2'>大病</td><td>1<script>x</script></td><td>3</td></tr><tr><td>2</td><td>4<br>元</td></tr></table>"
    )
    assert _texts(data) == [
        "补助",
        "类别：大病；金额 下限：1；金额 上限：3",
        "类别：大病；金额 下限：2；金额 上限：4 元",
    ]
    layout = "<table><tr><td>左</td><td><table><tr><td>右</td></tr></table></td></tr></table>"
    assert _texts(layout) == ["左", "右"]
    long = f"<table><tr><td>标</td><td>题</td></tr><tr><td>{'长' * 500}</td><td>x</td></tr></table>"
    assert _texts(long) == ["标", "题", "长" * 500, "x"]
    wide = (
        "<table>" + "<tr><td colspan='100'>甲</td><td colspan='500'>乙</td><td>丙</td></tr>" * 2 + "</table>"
    )
    assert _texts(wide) == ["甲", "乙", "丙", "甲", "乙", "丙"]
    statute = "<table><tr><td>第一条</td><td>甲。</td></tr><tr><td>第二条</td><td>乙。</td></tr></table>"
    assert _texts(statute) == ["第一条 甲。", "第二条 乙。"]


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("gb2312", "gbk"), ("big5", "big5"), ("utf-8", "gbk"), ("没有", "gbk"), ("", "utf-16")],
)
def test_the_charset_of_the_page_is_tried_first(declared: str, encoding: str) -> None:
    """A page that names its encoding wrongly, or not at all, is guessed."""
    page = f"<html><head><meta http-equiv='Content-Type' content='text/html; charset={declared}'></head><body><p>工會章程，會員須知。</p></body></html>"
    assert [block.text for block in reader.read(page.encode(encoding), "页.htm")] == ["工會章程，會員須知。"]


def test_a_fragment_and_an_export_are_pages_too() -> None:
    """A table that calls itself xls is a web page; so is a file that ends in html and holds words only."""
    rows = "<table><tr><td>项目</td><td>标准</td></tr><tr><td>住院</td><td>500</td></tr></table>"
    assert [block.text for block in reader.read(rows.encode("gbk"), "导出.xls")] == ["项目：住院；标准：500"]
    assert [block.text for block in reader.read("只有文字".encode(), "a.html")] == ["只有文字"]


def test_markdown_is_read_without_its_marks() -> None:
    """Emphasis, links, quotes, comments and rules are form; code, tables and lines are text."""
    source = (
        "标题\n===\n\n> 引用 **重点** 和 *强调*，[链接](https://example.org/a)，[本地](a.md)，![图](a.png)\n> 第二行\n\n"
        "* 甲\n+ 乙\n- 丙 `代码` 5*3*2\n\n---\n\n<!-- 注释\n# 不是标题 -->\n| 项目 | 标准 |\n|---|---|\n| 住院 | **500** |\n\n"
        "```\n# 代码里\n```\n\n    缩进\n\n\\# 不是标题 &amp; <b>粗</b>\n\n<!-- INFO END -->\n"
    )
    found = [(block.text, block.level) for block in reader.read(source.encode(), "a.md")]
    assert found == [
        ("标题", 1),
        ("引用 重点 和 强调，链接（https://example.org/a），本地，", 0),
        ("第二行", 0),
        ("- 甲", 0),
        ("- 乙", 0),
        ("- 丙 代码 5*3*2", 0),
        ("项目：住院；标准：500", 0),
        ("# 代码里", 0),
        ("缩进", 0),
        ("# 不是标题 & 粗", 0),
        ("<!-- INFO END -->", 0),
    ]
    assert reader.read("甲 <!-- 没有结束".encode(), "a.md")[0].text == "甲 <!-- 没有结束"
