"""Broken and hostile files: one clear sentence each, quickly and in little memory."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.core.errors import DocumentError
from knowledge import documents
from knowledge.catalogue import Catalogue
from tests import hostile, writers
from tests.hostile import Hostile
from tests.writers import Part

_MEGABYTES = 700
"""What a process that reads every hostile file may use, the files themselves included."""


@pytest.mark.parametrize("file", hostile.FILES, ids=lambda file: file.name)
@pytest.mark.timeout(60)
def test_a_hostile_file_gets_one_clear_sentence(file: Hostile) -> None:
    """The sentence names the file, says what to do, and ends once."""
    with pytest.raises(DocumentError) as caught:
        documents.parse_all(file.make(), file.name, Catalogue([]))
    said = str(caught.value)
    assert said.startswith(file.name)
    assert file.word in said
    assert "请" in said
    assert (said.count("。"), said[-1], said.count("\n")) == (1, "。", 0)


def test_hostile_files_need_little_memory(tmp_path: Path) -> None:
    """Nothing is unpacked before it is known to be small: all of them, one after another, in one small process."""
    paths = []
    for place, file in enumerate(hostile.FILES):
        if not file.name.startswith("两百兆"):
            path = tmp_path / str(place) / file.name
            path.parent.mkdir()
            path.write_bytes(file.make())
            paths.append(str(path))
    program = (
        "import json, resource, sys\n"
        "from pathlib import Path\n"
        "from bot.core.errors import DocumentError\n"
        "from knowledge import documents\n"
        "from knowledge.catalogue import Catalogue\n"
        "failed = 0\n"
        "for path in map(Path, json.loads(sys.argv[1])):\n"
        "    try:\n"
        "        documents.parse_all(path.read_bytes(), path.name, Catalogue([]))\n"
        "    except DocumentError:\n"
        "        failed += 1\n"
        "print(failed, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, json.dumps(paths)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(documents.__file__).parent.parent,
        timeout=250,
    )
    failed, largest = map(int, done.stdout.splitlines()[-1].split())
    assert failed == len(paths)
    unit = 1 if sys.platform == "darwin" else 1024
    assert largest * unit < _MEGABYTES * 2**20


READABLE = (Part("示例手册", 1), Part("一、入会", 2), Part("带身份证到工会填表。"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("其实是PDF.docx", writers.typeset(READABLE)),
        ("其实是网页.doc", writers.web(READABLE)),
        ("其实是Word.pdf", writers.word(READABLE)),
        ("其实是Word.txt", writers.word(READABLE)),
        ("没有后缀", writers.web(READABLE)),
        ("标记.txt", writers.plain(READABLE).replace("入会", "\u202e入\u202c\u200b会\x07").encode()),
        (
            "层层套表.docx",
            hostile.body(
                hostile.paragraph("示例手册") + hostile.paragraph("一、入会") + hostile.nested_tables(60)
            ),
        ),
        ("前有空白.pdf", b"\n\n" + writers.typeset(READABLE)),
    ],
)
def test_a_strange_file_that_can_be_read_is_read(name: str, content: bytes) -> None:
    """A wrong suffix, marks of writing direction or control characters change nothing."""
    (document,) = documents.parse_all(content, name, Catalogue([]))
    assert [(p.address, p.text) for p in document.passages] == [("一、入会", "带身份证到工会填表。")]


def test_declared_emptiness_costs_nothing() -> None:
    """A sheet that claims every cell and a million rows is read for the few it has."""
    rows = "".join(
        f'<row r="{number}"><c r="A{number}" t="inlineStr"><is><t>{text}</t></is></c></row>'
        for number, text in (
            (1, "示例手册"),
            (2, "一、入会"),
            (9000, "带身份证到工会填表。"),
            (1_000_000, "看不到"),
        )
    )
    content = hostile.sheet(f'<dimension ref="A1:XFD1048576"/><sheetData>{rows}</sheetData>')
    (document,) = documents.parse_all(content, "大表.xlsx", Catalogue([]))
    assert [(p.address, p.text) for p in document.passages] == [("一、入会", "带身份证到工会填表。")]


def test_the_limit_is_the_callers() -> None:
    """Who allows less gets less."""
    with pytest.raises(DocumentError, match="超过 1 MB"):
        documents.parse_all(b"x" * (2**20 + 1), "大.txt", Catalogue([]), largest=2**20)


def test_a_long_line_is_cut_into_passages() -> None:
    """A megabyte without a line end becomes many passages of readable length, nothing lost."""
    line = "工会为会员服务，会员监督工会。" * 30_000
    (document,) = documents.parse_all(line.encode(), "长.txt", Catalogue([]))
    assert max(len(p.text) for p in document.passages) <= 900
    assert "".join(p.text for p in document.passages) == line
    (document,) = documents.parse_all(("无" * 5000).encode(), "长.txt", Catalogue([]))
    assert "".join(p.text for p in document.passages) == "无" * 5000
