"""PDF: paragraphs put together again, running titles gone, columns in order."""

import io
from collections.abc import Callable

import pytest

from bot.core.errors import DocumentError
from knowledge import documents
from knowledge.catalogue import Catalogue
from knowledge.formats import reader
from tests import hostile, writers
from tests.writers import Part

PARAGRAPH = (
    "工会是职工自愿结合的群众组织，代表和维护职工的合法权益，全心全意为职工服务，听取和反映职工的意见和要求。"
)


def _drawn(draw: Callable[[object], None], height: int = 400) -> bytes:
    """A PDF on which ``draw`` draws."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(500, height))
    canvas.setFont("STSong-Light", 12)
    draw(canvas)
    canvas.save()
    return target.getvalue()


def _texts(content: bytes) -> list[str]:
    return [block.text for block in reader.read(content, "文件.pdf")]


def test_a_paragraph_over_two_pages_is_one() -> None:
    """Running titles, page numbers and the break itself leave no trace."""
    parts = [Part(f"第{number}段。{PARAGRAPH * 3}") for number in range(1, 12)]
    assert _texts(writers.typeset(parts)) == [part.text for part in parts]
    parts = [Part(f"{part.text}完。") for part in parts]
    assert _texts(writers.typeset(parts, indent=0)) == [part.text for part in parts]


def test_a_pdf_without_headings_is_addressed_by_page() -> None:
    """Where nothing is a heading, the page on which a paragraph begins is the address."""
    content = writers.typeset([Part(PARAGRAPH * 4) for _ in range(8)])
    (document,) = documents.parse_all(content, "汇编.pdf", Catalogue([]))
    assert [p.address for p in document.passages][:2] == ["第1页", "第2页"]
    assert document.law.title == "汇编"


def test_two_columns_are_read_one_after_the_other() -> None:
    """A line of the left column is not joined with its neighbour on the right."""

    def draw(canvas: object) -> None:
        for left, word in ((30, "左"), (280, "右")):
            for row in range(6):
                canvas.drawString(left, 350 - 20 * row, word * (15 if row < 5 else 4) + "。" * (row == 5))  # type: ignore[attr-defined]

    assert _texts(_drawn(draw)) == ["左" * 79 + "。", "右" * 79 + "。"]


def test_blanks_of_justified_setting_go_and_those_after_an_address_stay() -> None:
    """PDFium tells a wide gap as a blank; between Chinese characters it means nothing, after 第一条 it does."""

    def draw(canvas: object) -> None:
        canvas.drawString(30, 350, "第一条")  # type: ignore[attr-defined]
        for place, char in enumerate("为了保障职工的合法权益制定本条例"):
            canvas.drawString(84 + 20 * place, 350, char)  # type: ignore[attr-defined]

    assert _texts(_drawn(draw)) == ["第一条 为了保障职工的合法权益制定本条例"]


def test_radicals_are_told_as_the_characters_they_look_like() -> None:
    """Fonts confuse ⼯ with 工 and ⻓ with 长; a search would not find them."""
    content = _drawn(lambda canvas: canvas.drawString(30, 350, "⼯会"))  # type: ignore[attr-defined]
    assert _texts(content) == ["工会"]


def test_unreadable_characters_are_refused() -> None:
    """A font without a table of characters gives nothing that could be searched."""
    content = _drawn(lambda canvas: canvas.drawString(30, 350, "\ue000\ue001\ue002\ue003"))  # type: ignore[attr-defined]
    with pytest.raises(DocumentError, match="乱码"):
        reader.read(content, "文件.pdf")


def test_too_many_pages_are_refused() -> None:
    """A file of thousands of pages is asked for in parts."""

    def draw(canvas: object) -> None:
        for _ in range(3001):
            canvas.showPage()  # type: ignore[attr-defined]

    with pytest.raises(DocumentError, match="超过 3000 页"):
        reader.read(_drawn(draw), "文件.pdf")


def test_a_page_of_a_thousand_lines_is_left_as_it_is() -> None:
    """What is no print is not put together."""

    def draw(canvas: object) -> None:
        for row in range(1050):
            canvas.drawString(30, 13_900 - 13 * row, f"第{row}行字")  # type: ignore[attr-defined]

    assert len(_texts(_drawn(draw, 14_000))) == 1050


def test_a_scan_is_refused_and_a_page_without_text_is_not() -> None:
    """One picture among pages of text does no harm."""
    with pytest.raises(DocumentError, match="扫描件"):
        reader.read(hostile.scanned_pdf(), "扫描.pdf")

    def draw(canvas: object) -> None:
        canvas.rect(10, 10, 100, 100)  # type: ignore[attr-defined]
        canvas.showPage()  # type: ignore[attr-defined]
        canvas.setFont("STSong-Light", 12)  # type: ignore[attr-defined]
        canvas.drawString(30, 200, "正文")  # type: ignore[attr-defined]

    assert [(block.text, block.page) for block in reader.read(_drawn(draw), "a.pdf")] == [("正文", 2)]


def test_words_keep_their_blank_and_numbers_stay_whole() -> None:
    """A line of English ends with a blank; a number broken over two lines is one number."""

    def draw(canvas: object) -> None:
        for row, text in enumerate(
            ("trade union members may ask for help", "at any time of the day and year in 20", "26 too.")
        ):
            canvas.drawString(30, 350 - 15 * row, text)  # type: ignore[attr-defined]

    (text,) = _texts(_drawn(draw))
    assert text == "trade union members may ask for help at any time of the day and year in 2026 too."
