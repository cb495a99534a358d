"""Office files (docx, xlsx) as archives: checked for bombs before anything is unpacked."""

import io
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass

from lxml import etree

from bot.core.errors import DocumentError

_MOST_PARTS = 10_000
_LARGEST_TOTAL = 300 * 2**20
_LARGEST_XML = 100 * 2**20
_HIGHEST_RATIO = 100
_SMALL = 20 * 2**20
"""Up to this size no ratio is suspicious."""
_XML = re.compile(r"\.(?:xml|rels|vml)$", re.I)
_PROLOG = 2**16
_STRICT = {
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"http://purl.oclc.org/ooxml/spreadsheetml/main": b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"http://purl.oclc.org/ooxml/drawingml/": b"http://schemas.openxmlformats.org/drawingml/2006/",
}
"""Names of the strict dialect that some office programs write, and those of the ordinary one."""


@dataclass(frozen=True, slots=True)
class Relation:
    """What one part says of another."""

    id: str
    kind: str
    target: str


class Package:
    """An office file whose parts are safe to read."""

    def __init__(self, content: bytes, name: str) -> None:
        self.name = name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as wrong:
            raise damaged(name) from wrong
        self.names = tuple(self._zip.namelist())
        self._check(len(content))

    def part(self, path: str) -> bytes:
        """The bytes of a part, in the ordinary dialect; empty when there is none."""
        try:
            content = self._zip.read(path)
        except KeyError:
            return b""
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as wrong:
            raise damaged(self.name) from wrong
        if _XML.search(path):
            self._refuse_declarations(content)
            if b"purl.oclc.org" in content:
                for strict, ordinary in _STRICT.items():
                    content = content.replace(strict, ordinary)
        return content

    def relations(self, path: str) -> list[Relation]:
        """What the part at ``path`` refers to, as paths inside the archive; the empty path is the package."""
        folder, file = posixpath.split(path)
        content = self.part(posixpath.join(folder, "_rels", f"{file}.rels"))
        found = []
        for relation in _elements(content, self.name) if content else ():
            target = relation.get("Target", "")
            inside = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            kind = posixpath.basename(relation.get("Type", ""))
            if relation.get("TargetMode") != "External":
                found.append(Relation(relation.get("Id", ""), kind, posixpath.normpath(inside)))
        return found

    def main(self, default: str) -> str:
        """Where the document itself is."""
        return next((r.target for r in self.relations("") if r.kind == "officeDocument"), default)

    def rewritten(self) -> bytes:
        """The whole archive again, each part checked and in the ordinary dialect; parts that cannot be read are left out."""
        copy = io.BytesIO()
        with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as target:
            for path in dict.fromkeys(self.names):
                if _XML.search(path):
                    target.writestr(path, self.part(path))
        return copy.getvalue()

    def _check(self, size: int) -> None:
        parts = self._zip.infolist()
        if any(part.flag_bits & 1 for part in parts):
            raise locked(self.name)
        total = sum(part.file_size for part in parts)
        xml = sum(part.file_size for part in parts if _XML.search(part.filename))
        if (
            len(parts) > _MOST_PARTS
            or total > _LARGEST_TOTAL
            or xml > _LARGEST_XML
            or (total > _SMALL and total > _HIGHEST_RATIO * size)
        ):
            raise DocumentError(
                f"{self.name} 解压以后大得不正常，为了安全没有打开，请用 WPS 或 Word 打开，把需要的文字复制到新文件再导入。"
            )

    def _refuse_declarations(self, content: bytes) -> None:
        """Office files declare no entities; one that does is an attack."""
        head = content[:_PROLOG].replace(b"\x00", b"")
        root = re.search(rb"<[A-Za-z_]", head)
        before = head[: root.start()] if root else head
        if b"<!DOCTYPE" in before or b"<!ENTITY" in before or (not root and len(head) >= _PROLOG // 2):
            raise DocumentError(
                f"{self.name} 里带有不该有的 XML 声明，为了安全没有打开，请用 WPS 或 Word 打开后另存一份再导入。"
            )


def damaged(name: str) -> DocumentError:
    """The sentence for a file that ends too early or does not unpack."""
    return DocumentError(f"{name} 打不开，可能已经损坏或没有传完整，请重新保存或重新下载后再导入。")


def locked(name: str) -> DocumentError:
    """The sentence for a file with a password."""
    return DocumentError(f"{name} 设了密码，请先取消密码另存一份再导入。")


def too_deep(name: str) -> DocumentError:
    """The sentence for a file nested beyond reason."""
    return DocumentError(f"{name} 里的内容一层套一层，套得太深，读不出来，请把文字复制到新文件再导入。")


def _elements(content: bytes, name: str) -> list[dict[str, str]]:
    """The attributes of every element of a small part."""
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as wrong:
        raise damaged(name) from wrong
    return [dict(element.attrib) for element in root.iter()]
