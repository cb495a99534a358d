"""What a file really is, whatever its name says."""

import re
from enum import StrEnum
from pathlib import PurePath

from bot.core.errors import DocumentError
from knowledge.formats.archives import Package, locked


class Kind(StrEnum):
    """The kinds that can be read."""

    WORD = "word"
    SHEET = "sheet"
    PDF = "pdf"
    WEB = "web"
    TEXT = "text"


_AS_DOCX = "请用 WPS 或 Word 另存为 docx 格式再导入"
_AS_XLSX = "请用 WPS 或 Excel 另存为 xlsx 格式再导入"
_AS_TEXT = "请换成有文字的文件（例如 Word 或能选中文字的 PDF）再导入"
_UNPACK = "请先解压，再导入里面的文件"
_FOREIGN = (
    (b"{\\rtf", "是 RTF 文件", _AS_DOCX),
    (b"\x89PNG", "是图片，里面没有能读的文字", _AS_TEXT),
    (b"\xff\xd8\xff", "是图片，里面没有能读的文字", _AS_TEXT),
    (b"GIF8", "是图片，里面没有能读的文字", _AS_TEXT),
    (b"II*\x00", "是图片，里面没有能读的文字", _AS_TEXT),
    (b"MM\x00*", "是图片，里面没有能读的文字", _AS_TEXT),
    (b"Rar!", "是压缩包", _UNPACK),
    (b"7z\xbc\xaf", "是压缩包", _UNPACK),
    (b"\x1f\x8b", "是压缩包", _UNPACK),
    (b"MIME-Version:", "是单个文件的网页（mht）", _AS_DOCX),
    (b"MZ\x90", "是程序", _AS_TEXT),
    (b"\x7fELF", "是程序", _AS_TEXT),
)
_ARCHIVE = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD = (
    ("WordDocument", "是旧版 Word 或 WPS 文字文件", _AS_DOCX),
    ("Workbook", "是旧版 Excel 或 WPS 表格文件", _AS_XLSX),
    ("PowerPoint Document", "是旧版演示文件", _AS_DOCX),
    ("", "是旧版 Office 或 WPS 文件", "请用 WPS 或 Office 另存为 docx 或 xlsx 格式再导入"),
)
_OFFICE_XML = (
    (b"urn:schemas-microsoft-com:office:spreadsheet", "是 XML 表格", _AS_XLSX),
    (b"schemas.microsoft.com/office/word/2003", "是 XML 格式的 Word 文件", _AS_DOCX),
)
_IN_ARCHIVE = (
    ("word/", Kind.WORD),
    ("xl/workbook.bin", ("是二进制的 Excel 文件（xlsb）", _AS_XLSX)),
    ("xl/", Kind.SHEET),
    ("ppt/", ("是演示文件", _AS_DOCX)),
    ("OFD.xml", ("是 OFD 文件", "请另存为 PDF 再导入")),
    ("content.xml", ("是 OpenDocument 文件", "请另存为 docx 或 xlsx 格式再导入")),
)
_MARKUP = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?<(?:!doctype\s+html|html|head|body|meta|table|div)\b", re.I
)


def kind_of(content: bytes, name: str, known: frozenset[str]) -> Kind:
    """How ``content`` is to be read; raises ``DocumentError`` with what to do when it cannot be."""
    if b"%PDF-" in content[:1024]:
        return Kind.PDF
    if content.startswith(_ARCHIVE):
        return _in_archive(content, name)
    if content.startswith(_OLE):
        raise _old(content, name)
    for mark, what, remedy in _FOREIGN:
        if content.startswith(mark):
            raise DocumentError(f"{name} {what}，{remedy}。")
    head = content[:4096]
    for mark, what, remedy in _OFFICE_XML:
        if mark in head:
            raise DocumentError(f"{name} {what}，{remedy}。")
    if _MARKUP.match(head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")):
        return Kind.WEB
    suffix = PurePath(name).suffix.lower()
    if suffix not in known and content.strip():
        raise DocumentError(
            f"{name} 这种格式不能导入，请换成 Word（docx）、PDF、表格（xlsx、csv）、网页（html）、Markdown 或纯文本文件。"
        )
    return Kind.WEB if suffix in (".html", ".htm") else Kind.TEXT


def _in_archive(content: bytes, name: str) -> Kind:
    package = Package(content, name)
    for start, kind in _IN_ARCHIVE:
        if any(path.startswith(start) for path in package.names):
            if isinstance(kind, Kind):
                return kind
            what, remedy = kind
            raise DocumentError(f"{name} {what}，{remedy}。")
    raise DocumentError(f"{name} 是压缩包，{_UNPACK}。")


def _old(content: bytes, name: str) -> DocumentError:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if holds("EncryptedPackage"):
        return locked(name)
    what, remedy = next((what, remedy) for stream, what, remedy in _OLD if holds(stream))
    return DocumentError(f"{name} {what}，{remedy}。")
