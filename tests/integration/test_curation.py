"""Import, versions and publication on both databases."""

from pathlib import Path

import pytest
from sqlalchemy import select

from bot import app
from bot.core.errors import DocumentError, NotFoundError
from bot.storage import knowledge as store
from bot.storage.models import DocumentVersionRow, EntryRow
from handlers import curation
from handlers.publishing import Follower

OLD = "# 示范劳动法\n\n2020年1月2日 通过\n\n<!-- INFO END -->\n\n第一条 发一套工作服。\n\n第二条 施行。\n"
NEW = OLD.replace("2020年1月2日", "2023年1月2日").replace("一套", "两套")


def _import(parts: app.Parts, *files: Path) -> list[str]:
    return [
        r.status for r in curation.import_files(parts.database, parts.catalogue, files, parts.clock.now())
    ]


def test_a_changed_file_is_a_new_version_and_the_old_one_is_kept(
    deployment: app.Parts, tmp_path: Path
) -> None:
    """Again changes nothing; a newer text supersedes; an older text is kept beside it, marked."""
    file = tmp_path / "示范劳动法.md"
    file.write_text(OLD, encoding="utf-8")
    assert _import(deployment, file) == ["added"]
    assert _import(deployment, file) == ["unchanged"]
    file.write_text(NEW, encoding="gb18030")
    assert _import(deployment, file) == ["updated"]
    assert _import(deployment, file) == ["unchanged"]
    with deployment.database.reading() as session:
        versions = list(session.scalars(select(DocumentVersionRow).order_by(DocumentVersionRow.id)))
        assert [version.status for version in versions] == ["superseded", "current"]
        assert [version.passages[0].text for version in versions] == [
            "第一条 发一套工作服。",
            "第一条 发两套工作服。",
        ]
    app.rebuild(deployment)
    assert deployment.follower.library.book.find("示范劳动法第一条")[0].text == "第一条 发两套工作服。"
    file.write_text(OLD, encoding="utf-8")
    assert _import(deployment, file) == ["unchanged"]
    file.write_text(OLD.replace("2020", "2019"), encoding="utf-8")
    assert _import(deployment, file) == ["older"]
    with deployment.database.session() as session:
        store.set_versions_current(session, versions[0].id)
    assert app.rebuild(deployment)
    assert deployment.follower.library.book.find("示范劳动法第一条")[0].text == "第一条 发一套工作服。"


def test_one_broken_file_never_stops_the_rest(deployment: app.Parts, tmp_path: Path) -> None:
    """Each file has its own result sentence."""
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "a.md").write_bytes(b"")
    (folder / "b.md").write_text(OLD, encoding="utf-8")
    (folder / "c.txt").write_bytes(b"\x00\x01\x02")
    (folder / "d.exe").write_bytes(b"MZ")
    results = curation.import_files(
        deployment.database, deployment.catalogue, [folder, folder / "d.exe"], deployment.clock.now()
    )
    assert [(r.file, r.status) for r in results] == [
        ("a.md", "failed"),
        ("b.md", "added"),
        ("c.txt", "failed"),
        ("d.exe", "failed"),
    ]
    assert all(r.detail for r in results if r.status == "failed")
    with pytest.raises(DocumentError, match="没有找到"):
        _import(deployment, tmp_path / "missing")


def test_other_processes_follow_a_publication(deployment: app.Parts, tmp_path: Path) -> None:
    """A second process serves the new index after looking at the database, from disk or built anew."""
    near = Follower(deployment.database, deployment.settings.index_dir, deployment.equipment)
    far = Follower(deployment.database, tmp_path / "other-machine", deployment.equipment)
    assert near.refresh()
    assert far.refresh()
    assert not near.refresh()
    (tmp_path / "x.md").write_text(OLD, encoding="utf-8")
    _import(deployment, tmp_path / "x.md")
    assert app.rebuild(deployment)
    for follower in (near, far):
        assert follower.refresh()
        assert follower.library.get("示范劳动法#1") is not None
        assert follower.digest == deployment.follower.digest
    assert not app.rebuild(deployment)


def test_old_indexes_are_tidied_away(deployment: app.Parts, tmp_path: Path) -> None:
    """The disk does not fill with every index ever built."""
    for number in range(5):
        (tmp_path / "x.md").write_text(OLD.replace("一套", f"{number}套"), encoding="utf-8")
        _import(deployment, tmp_path / "x.md")
        app.rebuild(deployment)
    assert len(list(deployment.settings.index_dir.iterdir())) <= 3


def test_the_shipped_handbook_leaves_the_unions_own_entries_alone(
    deployment: app.Parts, tmp_path: Path
) -> None:
    """A new release brings new wording, except where the union wrote its own; dropped topics go."""
    folder = tmp_path / "content" / "handbook"
    folder.mkdir(parents=True)
    entry = "group: 甲\nentries:\n  - {id: X1, title: 一, conclusion: 旧。, steps: [问], questions: [q]}\n"
    second = "  - {id: X2, title: 二, conclusion: 旧。, steps: [问], questions: [q2]}\n"
    (folder / "a.yml").write_text(entry + second, encoding="utf-8")
    curation.load_handbook(deployment.database, folder.parent, deployment.clock.now())
    with deployment.database.session() as session:
        row = session.scalars(select(EntryRow).where(EntryRow.code == "X1")).one()
        row.shipped, row.body = False, {**row.body, "conclusion": "我们自己的。"}
    (folder / "a.yml").write_text(entry.replace("旧", "新"), encoding="utf-8")
    curation.load_handbook(deployment.database, folder.parent, deployment.clock.now())
    with deployment.database.reading() as session:
        rows = {row.code: row for row in store.entries(session)}
    assert rows["X1"].body["conclusion"] == "我们自己的。"
    assert set(rows) == {"X1"}


def test_a_document_can_be_removed(deployment: app.Parts, tmp_path: Path) -> None:
    """Removing takes every version and passage along; a second time it is not there."""
    (tmp_path / "x.md").write_text(OLD, encoding="utf-8")
    _import(deployment, tmp_path / "x.md")
    with deployment.database.session() as session:
        (found,) = store.documents(session)
        assert store.delete_document(session, found.id) == "示范劳动法"
    with deployment.database.session() as session:
        assert store.counts(session)["passages"] == 0
        for broken in (
            lambda: store.document(session, found.id),
            lambda: store.set_versions_current(session, 999),
        ):
            with pytest.raises(NotFoundError):
                broken()


def test_known_questions_lead_to_entries_and_articles(deployment: app.Parts, tmp_path: Path) -> None:
    """A question attached to an article finds it; one the next release drops is gone; staff's own stay."""
    (tmp_path / "x.md").write_text(OLD, encoding="utf-8")
    _import(deployment, tmp_path / "x.md")
    now = deployment.clock.now()
    with deployment.database.session() as session:
        assert store.store_questions(session, {"示范劳动法#1": ["zeta yota"]}, now, shipped=False) == 1
        before = store.known_questions(session)
        assert store.store_questions(session, before, now, shipped=False) == 0
    app.rebuild(deployment)
    assert deployment.follower.library.search("zeta yota")[0].chunk.key == "示范劳动法#1"
    content = tmp_path / "content"
    (content / "handbook").mkdir(parents=True)
    (content / "questions").mkdir()
    (content / "questions" / "a.yml").write_text("示范劳动法#2: [omega]\n", encoding="utf-8")
    curation.load_handbook(deployment.database, content, now)
    with deployment.database.reading() as session:
        assert store.known_questions(session) == {"示范劳动法#1": ["zeta yota"], "示范劳动法#2": ["omega"]}
