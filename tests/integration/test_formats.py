"""Folders of files in every format, imported into a real database and found again."""

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import app, cli
from bot.core.errors import DocumentError
from bot.storage import knowledge as store
from handlers import curation
from handlers.curation import Imported
from tests import hostile, writers
from tests.writers import Part

STATUTE = (
    Part("示范劳动条例", 1),
    Part("（2020年1月2日通过）"),
    Part("第一条 单位应当发工作服。"),
    Part("第二条 自公布之日起施行。"),
)
HANDBOOK = (Part("会员指南", 1), Part("一、怎样入会", 2), Part("带身份证到工会填表。"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder beside the deployment's own."""
    made = tmp_path / "files"
    made.mkdir()
    return made


def _import(parts: app.Parts, *paths: Path) -> list[Imported]:
    told: list[Imported] = []
    results = curation.import_files(
        parts.database, parts.catalogue, paths, parts.clock.now(), progress=told.append
    )
    assert told == results
    return results


def test_the_same_text_in_another_format_or_under_another_name_changes_nothing(
    deployment: app.Parts, folder: Path
) -> None:
    """The first file is added; its twins in every format and under every name are unchanged."""
    twins = {
        "a.txt": writers.plain(STATUTE).encode("gbk"),
        "b.docx": writers.word(STATUTE),
        "c.pdf": writers.typeset(STATUTE),
        "d.html": writers.web(STATUTE),
        "e.md": writers.markdown(STATUTE),
        "f.csv": writers.table([(part.text,) for part in STATUTE], "gbk"),
        "g.xlsx": writers.workbook({"Sheet1": [(part.text,) for part in STATUTE]}),
    }
    for name, content in twins.items():
        (folder / name).write_bytes(content)
    assert [(r.file, r.status, r.short) for r in _import(deployment, folder)] == [
        (name, "added" if name == "a.txt" else "unchanged", "示范劳动条例") for name in twins
    ]
    with deployment.database.reading() as session:
        assert len(store.documents(session)) == 1
    app.rebuild(deployment)
    assert deployment.follower.library.book.find("示范劳动条例第一条")[0].text == "第一条 单位应当发工作服。"


def test_a_table_under_another_name_is_the_same_table(deployment: app.Parts, folder: Path) -> None:
    """A table without a title goes by its file's name; copied under another name it is no second document."""
    rows = [("地区", "标准", "说明"), ("甲市", "2280", "全日制"), ("乙市", "2010", "全日制")]
    for name in ("最低工资.xlsx", "最低工资 副本.xlsx"):
        (folder / name).write_bytes(writers.workbook({"Sheet1": rows}))
    results = _import(deployment, folder / "最低工资.xlsx", folder / "最低工资 副本.xlsx")
    assert [(r.status, r.title) for r in results] == [("added", "最低工资"), ("unchanged", "最低工资")]
    app.rebuild(deployment)
    assert deployment.follower.library.search("甲市的标准")[0].chunk.address == "甲市"


def test_several_laws_in_one_file_have_a_result_each(deployment: app.Parts, folder: Path) -> None:
    """Each is stored, found and reported under its own name."""
    second = (Part("示范保险办法", 1), Part("第一条 单位应当参保。"), Part("第二条 自公布之日起施行。"))
    (folder / "汇编.docx").write_bytes(writers.word(STATUTE + second))
    results = _import(deployment, folder)
    assert [(r.file, r.short, r.status, r.articles) for r in results] == [
        ("汇编.docx", "示范劳动条例", "added", 2),
        ("汇编.docx", "示范保险办法", "added", 2),
    ]
    app.rebuild(deployment)
    assert deployment.follower.library.book.find("示范保险办法第一条")[0].text == "第一条 单位应当参保。"


def test_hostile_files_in_a_folder_never_stop_the_rest(deployment: app.Parts, folder: Path) -> None:
    """Each gets its sentence; the good ones between them are imported; nothing of the bad ones is stored."""
    for file in hostile.FILES:
        if not file.name.startswith(("两百兆", "膨胀", "百万")):
            (folder / file.name).write_bytes(file.make())
    (folder / "中间.docx").write_bytes(writers.word(HANDBOOK))
    results = {r.file: r for r in _import(deployment, *sorted(folder.iterdir()))}
    assert results.pop("中间.docx").status == "added"
    assert {r.status for r in results.values()} == {"failed"}
    assert all(r.detail.startswith(name) and r.detail.count("。") == 1 for name, r in results.items())
    with deployment.database.reading() as session:
        assert [document.title for document in store.documents(session)] == ["会员指南"]


def test_what_lies_in_a_folder_besides_documents(parts: app.Parts, folder: Path) -> None:
    """Locks, notes of the system, pictures and the manifest are passed over; old formats and dead links are reported."""
    inside = folder / "看着像文件.docx"
    inside.mkdir(parents=True)
    (inside / "指南.docx").write_bytes(writers.word(HANDBOOK))
    (folder / "~$指南.docx").write_bytes(b"lock")
    (folder / "._指南.docx").write_bytes(b"note")
    (folder / "照片.png").write_bytes(b"\x89PNG")
    (folder / "旧.doc").write_bytes(hostile.ole("WordDocument"))
    (folder / "条例.txt").write_bytes(writers.plain(STATUTE).encode())
    (folder / "manifest.csv").write_bytes("file,title,short\n条例.txt,某某条例,某条例\n".encode("gbk"))
    (folder / "断了.docx").symlink_to(folder / "没有.docx")
    (folder / "圈.docx").symlink_to(folder / "圈.docx")
    (folder / "上面").symlink_to(folder, target_is_directory=True)
    os.mkfifo(folder / "管道.txt")
    results = {r.file: r for r in _import(parts, folder)}
    assert {name: r.status for name, r in results.items()} == {
        "指南.docx": "added",
        "条例.txt": "added",
        "旧.doc": "failed",
        "断了.docx": "failed",
        "圈.docx": "failed",
        "管道.txt": "failed",
    }
    assert results["条例.txt"].short == "某条例"
    assert "失效的链接" in results["断了.docx"].detail
    assert "不是普通文件" in results["管道.txt"].detail
    assert _import(parts, folder / "没有.docx", folder / "条例.txt")[0].status == "failed"
    with pytest.raises(DocumentError, match="没有找到"):
        _import(parts, folder / "没有.docx")


def test_a_table_that_only_looks_like_a_manifest_is_a_table(parts: app.Parts, folder: Path) -> None:
    """A manifest is known by its columns; one that cannot be read describes nothing."""
    (folder / "manifest.csv").write_bytes(writers.table([("地区", "标准", "年份"), ("甲市", "2280", "2025")]))
    assert [r.status for r in _import(parts, folder)] == ["added"]
    (folder / "manifest.csv").write_bytes(b"\xff\xff\xff")
    (folder / "a.txt").write_bytes(writers.plain(STATUTE).encode())
    assert [r.status for r in _import(parts, folder)] == ["added", "failed"]


def test_a_name_in_another_encoding_is_shown_and_stored(parts: app.Parts, folder: Path) -> None:
    """Archives made on Windows leave names that are no UTF-8."""
    path = os.fsencode(folder) + b"/" + "指南\n一.txt".encode("gbk")
    Path(os.fsdecode(path)).write_bytes(writers.plain(HANDBOOK).encode())
    (result,) = _import(parts, folder)
    assert (result.file, result.status) == ("指南 一.txt", "added")


def test_a_file_over_the_limit_is_not_even_opened(parts: app.Parts, folder: Path) -> None:
    """200 MB cost nothing; the limit is the caller's to set."""
    path = folder / "大.txt"
    with path.open("wb") as file:
        file.truncate(200 * 2**20)
    assert "超过 30 MB" in _import(parts, path)[0].detail
    (folder / "小.txt").write_bytes(b"x" * 2000)
    now = parts.clock.now()
    (result,) = curation.import_files(parts.database, parts.catalogue, [folder / "小.txt"], now, largest=1000)
    assert result.status == "failed"


def test_the_command_line_imports_every_format(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folder: Path
) -> None:
    """One folder in, one JSON object a text out, and a question is answered from a PDF."""
    monkeypatch.setenv("NIANGJIA_DATA_DIR", str(tmp_path / "var"))
    (folder / "条例.pdf").write_bytes(writers.typeset(STATUTE))
    (folder / "指南.docx").write_bytes(writers.word(HANDBOOK))
    (folder / "坏.xlsx").write_bytes(b"PK\x03\x04broken")
    done = CliRunner().invoke(cli.cli, ["import", str(folder), "--json"])
    assert done.exit_code == 1
    rows = {row["file"]: row for row in json.loads(done.stdout)}
    assert {name: row["status"] for name, row in rows.items()} == {
        "条例.pdf": "added",
        "指南.docx": "added",
        "坏.xlsx": "failed",
    }
    shown = CliRunner().invoke(cli.cli, ["article", "示范劳动条例第一条"])
    assert "单位应当发工作服。" in shown.stdout
