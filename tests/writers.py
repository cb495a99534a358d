"""The same text written as a file of each format, at run time; no file is kept beside the tests."""

import csv
import html
import io
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@dataclass(frozen=True)
class Part:
    """One heading (level 1 to 6), paragraph (level 0) or table of a text."""

    text: str
    level: int = 0
    table: tuple[tuple[str, ...], ...] = ()


def told(rows: Sequence[Sequence[str]]) -> str:
    """A table as plain text has to tell it."""
    labels, *body = rows
    return "\n".join(
        "；".join(f"{label}：{cell}" for label, cell in zip(labels, row, strict=True) if cell) for row in body
    )


def plain(parts: Sequence[Part]) -> str:
    """Plain text, the twin all others are compared with."""
    return "\n".join(told(part.table) if part.table else part.text for part in parts) + "\n"


def markdown(parts: Sequence[Part]) -> bytes:
    """Markdown."""
    return "\n\n".join(_markdown(part) for part in parts).encode()


def _markdown(part: Part) -> str:
    if part.table:
        labels, *rows = ("| " + " | ".join(row) + " |" for row in part.table)
        return "\n".join([labels, "|" + "---|" * len(part.table[0]), *rows])
    return f"{'#' * part.level} {part.text}".strip()


def word(parts: Sequence[Part], styles: Callable[[int], str] = lambda level: f"Heading {level}") -> bytes:
    """A Word file; ``styles`` names the style of each heading level, an empty name is no style."""
    import docx

    document = docx.Document()
    for part in parts:
        if part.table:
            table = document.add_table(len(part.table), len(part.table[0]))
            for row, cells in zip(table.rows, part.table, strict=True):
                for cell, text in zip(row.cells, cells, strict=True):
                    cell.text = text
        else:
            style = styles(part.level) if part.level else ""
            document.add_paragraph(part.text, style=style or None)
    document.sections[0].header.paragraphs[0].text = "页眉不是正文"
    document.sections[0].footer.paragraphs[0].text = "第 1 页"
    return saved(document)


def saved(document: object) -> bytes:
    """The bytes that a document or workbook saves."""
    target = io.BytesIO()
    document.save(target)  # type: ignore[attr-defined]
    return target.getvalue()


def web(parts: Sequence[Part], encoding: str = "utf-8") -> bytes:
    """A web page with the furniture pages have."""
    body = "\n".join(_web(part) for part in parts)
    return (
        f'<!DOCTYPE html><html><head><meta charset="{encoding}"><title>某网站</title><style>p {{color: red}}</style>'
        "<script>var notText = '<p>不是正文</p>';</script></head><body><nav><ul><li>首页</li><li>政策</li></ul></nav>"
        f'<div class="breadcrumb">首页 &gt; 政策</div>{body}<footer>版权所有</footer></body></html>'
    ).encode(encoding)


def _web(part: Part) -> str:
    if part.table:
        labels, *rows = part.table
        head = "".join(f"<th>{html.escape(label)}</th>" for label in labels)
        cells = "".join(
            "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
        )
        return f"<table><tr>{head}</tr>{cells}</table>"
    tag = f"h{part.level}" if part.level else "p"
    return f"<{tag}>{html.escape(part.text)}</{tag}>"


def printed(parts: Sequence[Part], folder: Path) -> bytes:
    """What a browser prints to PDF."""
    assert CHROMIUM
    source, target = folder / "page.html", folder / "page.pdf"
    tables = [Part(told(part.table)) if part.table else part for part in parts]
    lines = [Part(line, part.level) for part in tables for line in part.text.split("\n")]
    source.write_bytes(web(lines).replace(b"<nav>", b"<nav hidden>").replace(b'"breadcrumb"', b'"x" hidden'))
    source.write_bytes(source.read_bytes().replace(b"<footer>", b"<footer hidden>"))
    subprocess.run(
        [
            CHROMIUM,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={folder / 'profile'}",
            f"--print-to-pdf={target}",
            source.as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return target.read_bytes()


def typeset(parts: Sequence[Part], running: str = "某市总工会文件汇编", indent: int = 2) -> bytes:
    """A PDF of several small pages with a running title and page numbers, paragraphs indented as in print."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    target = io.BytesIO()
    width, height, columns, page = 300, 320, 20, 0
    canvas = Canvas(target, pagesize=(width, height))
    y = 0.0
    for part in parts:
        size = (12, 18, 15, 14)[min(part.level, 3)]
        for line in (told(part.table) if part.table else part.text).split("\n"):
            for row, text in enumerate(
                _wrapped(line, columns if size == 12 else 100, 0 if part.level else indent)
            ):
                if y < 60:
                    page += 1
                    if page > 1:
                        canvas.showPage()
                    canvas.setFont("STSong-Light", 9)
                    canvas.drawString(100, height - 20, running)
                    canvas.drawString(140, 15, f"- {page} -")
                    y = height - 50
                canvas.setFont("STSong-Light", size)
                canvas.drawString(30 + (12 * indent if row == 0 and not part.level else 0), y, text)
                y -= size * 1.5
    canvas.save()
    return target.getvalue()


def _wrapped(line: str, columns: int, indent: int) -> list[str]:
    """A line broken where the column is full; letters and digits are half as wide as Chinese characters."""
    rows, room = [""], columns - float(indent)
    for char in line:
        width = 0.5 if ord(char) < 0x80 else 1.0
        if room < width:
            rows.append("")
            room = float(columns)
        rows[-1] += char
        room -= width
    return rows


def workbook(
    sheets: dict[str, Sequence[Sequence[object]]], merged: dict[str, Sequence[str]] | None = None
) -> bytes:
    """An Excel file."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for cells in (merged or {}).get(name, ()):
            sheet.merge_cells(cells)
    return saved(book)


def table(rows: Sequence[Sequence[str]], encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    """A csv file."""
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter).writerows(rows)
    return target.getvalue().encode(encoding)
