"""Broken and hostile files, made at run time; none is kept beside the tests."""

import io
import random
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from tests import writers
from tests.writers import Part

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
_LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">'
    + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)
_OUTSIDE = '<!DOCTYPE x [<!ENTITY i SYSTEM "file:///etc/hostname">]>'
_TEXT = (Part("示例手册", 1), Part("一、入会", 2), Part("带身份证到工会填表。"))
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
"""The name of what parts say of one another."""
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@dataclass(frozen=True)
class Hostile:
    """A file that cannot be imported, and a word of the sentence that says so."""

    name: str
    make: Callable[[], bytes]
    word: str


def ole(stream: str) -> bytes:
    """The beginning of an old Office file with a stream of this name."""
    return _OLE + stream.encode("utf-16-le") + bytes(2048)


def archive(parts: dict[str, str | bytes], compressed: bool = True) -> bytes:
    """An archive with these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED) as file:
        for path, content in parts.items():
            file.writestr(path, content)
    return target.getvalue()


def changed(content: bytes, changes: dict[str, Callable[[bytes], bytes]]) -> bytes:
    """An office file with some of its parts changed, or added."""
    source = zipfile.ZipFile(io.BytesIO(content))
    old = {path: source.read(path) for path in source.namelist()}
    new: dict[str, str | bytes] = {path: change(old.get(path, b"")) for path, change in changes.items()}
    return archive({**old, **new})


def body(inside: str, before: str = "") -> bytes:
    """A Word file whose document is exactly this."""
    declared = f'{before}<w:document xmlns:w="{_WORD}"><w:body>{inside}</w:body></w:document>'
    return changed(
        writers.word(()), {"word/document.xml": lambda _: f'<?xml version="1.0"?>{declared}'.encode()}
    )


def sheet(inside: str, before: str = "") -> bytes:
    """A workbook whose first sheet is exactly this."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    declared = f'<?xml version="1.0"?>{before}<worksheet xmlns="{space}">{inside}</worksheet>'
    book = writers.workbook({"Sheet1": [("x",)]})
    return changed(book, {"xl/worksheets/sheet1.xml": lambda _: declared.encode()})


def paragraph(text: str) -> str:
    """A paragraph of a Word document."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def _swollen(path: str) -> bytes:
    """A part that unpacks to 150 MB of blanks."""
    parts: dict[str, str | bytes] = {path: b" " * (150 * 2**20), "word/x.xml": "", "xl/x.xml": ""}
    return archive(parts)


def _liar() -> bytes:
    """An archive whose directory tells a smaller size than a part has."""
    content = bytearray(archive({"word/document.xml": b"<a>" + b"x" * 100_000 + b"</a>"}))
    entry = content.rindex(b"PK\x01\x02")
    struct.pack_into("<I", content, entry + 24, 10)
    return bytes(content)


def nested_tables(depth: int) -> str:
    """Tables in tables, with a word in the innermost."""
    start = "<w:tbl><w:tr><w:tc>" * depth
    return start + paragraph("带身份证到工会填表。") + "</w:tc></w:tr></w:tbl>" * depth


def _locked_pdf() -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    target = io.BytesIO()
    canvas = Canvas(target, encrypt="secret")
    canvas.drawString(100, 100, "hidden")
    canvas.save()
    return target.getvalue()


def scanned_pdf() -> bytes:
    """A PDF of one picture."""
    from reportlab.pdfgen.canvas import Canvas

    target = io.BytesIO()
    canvas = Canvas(target)
    canvas.rect(50, 50, 400, 600, fill=1)
    canvas.save()
    return target.getvalue()


def _picture_only() -> bytes:
    return body("<w:p><w:r><w:drawing/></w:r></w:p>")


def _noise(size: int) -> bytes:
    return random.Random(7).randbytes(size)


def _cut(content: bytes, share: float = 0.6) -> bytes:
    return content[: int(len(content) * share)]


def _zip_locked() -> bytes:
    """An archive that says its parts are encrypted."""
    content = bytearray(writers.word(_TEXT))
    place = -1
    while (place := content.find(b"PK\x01\x02", place + 1)) >= 0:
        content[place + 8] |= 1
    return bytes(content)


FILES = (
    Hostile("空.docx", lambda: b"", "空文件"),
    Hostile("空.pdf", lambda: b"", "空文件"),
    Hostile("空白.txt", lambda: b" \r\n\t\n", "空文件"),
    Hostile("只有标记.txt", lambda: b"\xef\xbb\xbf", "空文件"),
    Hostile("膨胀.docx", lambda: _swollen("word/document.xml"), "大得不正常"),
    Hostile("膨胀.xlsx", lambda: _swollen("xl/worksheets/sheet1.xml"), "大得不正常"),
    Hostile("比例.xlsx", lambda: archive({f"xl/{n}.bin": bytes(3 * 2**20) for n in range(10)}), "大得不正常"),
    Hostile("零件太多.docx", lambda: archive({f"word/{n}": "" for n in range(10_001)}, False), "大得不正常"),
    Hostile("说小了.docx", _liar, "损坏"),
    Hostile("实体.docx", lambda: body(paragraph("&i;"), _LAUGHS), "XML 声明"),
    Hostile(
        "实体.xlsx",
        lambda: sheet("<sheetData><row><c t='str'><v>&i;</v></c></row></sheetData>", _LAUGHS),
        "XML 声明",
    ),
    Hostile("外部实体.docx", lambda: body(paragraph("&i;"), _OUTSIDE), "XML 声明"),
    Hostile("长前言.docx", lambda: body(paragraph("甲"), f"<!--{'x' * 200_000}-->{_LAUGHS}"), "XML 声明"),
    Hostile("加密.docx", lambda: ole("EncryptedPackage"), "密码"),
    Hostile("加密.xlsx", lambda: ole("EncryptedPackage"), "密码"),
    Hostile("加密.pdf", _locked_pdf, "密码"),
    Hostile("压缩加密.docx", _zip_locked, "密码"),
    Hostile("半截.docx", lambda: _cut(writers.word(_TEXT)), "损坏"),
    Hostile("半截.xlsx", lambda: _cut(writers.workbook({"a": [("一", "二")]})), "损坏"),
    Hostile("半截.pdf", lambda: _cut(writers.typeset(_TEXT * 20)), "损坏"),
    Hostile("半截.txt", lambda: writers.plain(_TEXT * 3).encode()[:-2], "文字损坏"),
    Hostile("半截国标.txt", lambda: writers.plain(_TEXT * 3).strip().encode("gbk")[:-1], "文字损坏"),
    Hostile("半截宽字.txt", lambda: writers.plain(_TEXT).encode("utf-16")[:-1], "编码"),
    Hostile("乱码.docx", lambda: _noise(5000), "损坏"),
    Hostile("乱码.xlsx", lambda: _noise(5000), "损坏"),
    Hostile("乱码.pdf", lambda: b"%PDF-1.7\n" + _noise(5000) + b"%%EOF", "损坏"),
    Hostile("乱码.txt", lambda: b"\xff" + _noise(5000), "编码"),
    Hostile("假压缩.docx", lambda: b"PK\x03\x04" + _noise(3000), "损坏"),
    Hostile("没有正文.docx", lambda: archive({"word/styles.xml": "<a/>"}), "损坏"),
    Hostile("坏标记.docx", lambda: body("<w:p><w:r>"), "损坏"),
    Hostile("坏表.xlsx", lambda: sheet("<sheetData><row>"), "损坏"),
    Hostile("没有表.xlsx", lambda: archive({"xl/workbook.xml": "<workbook/>"}), "损坏"),
    Hostile("空文档.docx", lambda: writers.word(()), "没有可以导入"),
    Hostile("空表.xlsx", lambda: writers.workbook({"a": []}), "没有可以导入"),
    Hostile("两百兆.txt", lambda: bytes(200 * 2**20), "超过 30 MB"),
    Hostile("深.html", lambda: b"<div>" * 100_000 + "正文".encode(), "太深"),
    Hostile("深.docx", lambda: body(nested_tables(300)), "损坏"),
    Hostile(
        "一万列.xlsx", lambda: writers.workbook({"宽表": [[f"列{n}" for n in range(10_000)]] * 2}), "10000 列"
    ),
    Hostile("一万列.csv", lambda: writers.table([[f"列{n}" for n in range(10_000)]] * 2), "10000 列"),
    Hostile("没算.xlsx", lambda: writers.workbook({"a": [("项目", "金额"), ("合计", "=SUM(1,2)")]}), "公式"),
    Hostile(
        "百万空行.xlsx",
        lambda: sheet(f'<dimension ref="A1:XFD1048576"/><sheetData>{"<row/>" * 1_000_000}</sheetData>'),
        "没有可以导入",
    ),
    Hostile("只有图.docx", _picture_only, "只有图片"),
    Hostile("扫描.pdf", scanned_pdf, "扫描件"),
    Hostile("图片.docx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "图片"),
    Hostile("照片.pdf", lambda: b"\xff\xd8\xff\xe0" + bytes(100), "图片"),
    Hostile("旧.doc", lambda: ole("WordDocument"), "docx"),
    Hostile("旧.wps", lambda: ole("WordDocument"), "docx"),
    Hostile("旧.xls", lambda: ole("Workbook"), "xlsx"),
    Hostile("旧.et", lambda: ole("Workbook"), "xlsx"),
    Hostile("不明.doc", lambda: _OLE, "docx 或 xlsx"),
    Hostile("富文本.rtf", lambda: b"{\\rtf1\\ansi hello}", "RTF"),
    Hostile("演示.pptx", lambda: archive({"ppt/presentation.xml": "<a/>"}), "演示"),
    Hostile("二进制.xlsb", lambda: archive({"xl/workbook.bin": b"\x00"}), "xlsb"),
    Hostile("开放.odt", lambda: archive({"content.xml": "<a/>"}), "OpenDocument"),
    Hostile("版式.ofd", lambda: archive({"OFD.xml": "<a/>"}), "OFD"),
    Hostile("包.docx", lambda: archive({"a.txt": "x"}), "压缩包"),
    Hostile("包.txt", lambda: b"Rar!\x1a\x07\x00" + bytes(50), "压缩包"),
    Hostile("网页.mht", lambda: b"MIME-Version: 1.0\r\n\r\nx", "网页"),
    Hostile("程序.exe", lambda: b"MZ\x90\x00" + bytes(200), "程序"),
    Hostile("数据.dat", lambda: b"some words", "不能导入"),
    Hostile("零.txt", lambda: "第一条".encode() + b"\x00" * 50, "不是文本"),
    Hostile("控制.txt", lambda: bytes(range(1, 9)) * 100, "不是文本"),
    Hostile("看不见.txt", lambda: "\u202e\u202d\u200b\u2067\u2069".encode() * 100, "没有可以导入"),
    Hostile("只有脚本.html", lambda: b"<html><script>alert(1)</script><nav>a</nav></html>", "没有可以导入"),
)
