"""The curator's work on the handbook: out to a table and back, cards, booklet, lines of service, the menu."""

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select

from bot import app, server
from bot.channels.webchat import booklet
from bot.core.errors import DocumentError
from bot.core.messages import InboundMessage, Reply, ReplyKind
from bot.settings import content_dir
from bot.storage import audit
from bot.storage import knowledge as store
from bot.storage.models import AuditRow, EntryRow
from handlers import curation, faq, review
from handlers.faq import Taken
from knowledge import terms
from knowledge.entries import Entry
from knowledge.findings import Finding, Level
from tests.integration import console, live

ZONE = ZoneInfo("Asia/Shanghai")
STATUTE = (
    "# 示范工作服法\n\n2020年1月2日 通过\n\n<!-- INFO END -->\n\n第一条 发一套工作服。\n\n第二条 施行。\n"
)
NEW_ROW = {
    "分组": "本会",
    "标题": "工会食堂几点开饭",
    "一句话结论": "十一点半。",
    "下一步": "问工会办公室。",
    "依据": "示范工作服法#1",
    "问法": "zeta 食堂几点开\n中午几点吃饭",
    "核对日期": "2026-11-20",
}


def rows(parts: app.Parts) -> dict[str, EntryRow]:
    """The stored entries by id."""
    with parts.database.reading() as session:
        return {row.code: row for row in store.entries(session)}


def take(parts: app.Parts, file: Path, dry_run: bool = False) -> list[Taken]:
    """Import ``file``."""
    return faq.import_(parts.database, parts.catalogue, file, parts.clock.now(), dry_run)


def edit(file: Path, *changes: tuple[str, str, object], new: tuple[dict[str, object], ...] = ()) -> None:
    """Change cells (id, head, value) of an exported workbook and add rows, as somebody does in Excel."""
    book = load_workbook(file)
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    heads = {str(cell.value): cell.column for cell in sheet[1]}
    places = {str(sheet.cell(row, heads["编号"]).value): row for row in range(2, sheet.max_row + 1)}
    for code, head, value in changes:
        sheet.cell(places[code], heads[head]).value = value
    for row in new:
        sheet.append([row.get(head) for head in heads])
    book.save(file)


@pytest.fixture
def table(parts: app.Parts, tmp_path: Path) -> Path:
    """The handbook as a workbook."""
    file = tmp_path / "问答.xlsx"
    assert faq.export(parts.database, file, parts.clock.now()) == len(rows(parts))
    return file


def test_the_whole_handbook_goes_out_and_back_unchanged(parts: app.Parts, tmp_path: Path) -> None:
    """In every format nothing changes, and nothing becomes the union's own."""
    before = {code: (row.revision, row.digest) for code, row in rows(parts).items()}
    for name in ("a.xlsx", "a.csv", "a.yml"):
        faq.export(parts.database, tmp_path / name, parts.clock.now())
        taken = take(parts, tmp_path / name)
        assert Counter(one.status for one in taken) == {"unchanged": len(before)}, name
    after = rows(parts)
    assert {code: (row.revision, row.digest) for code, row in after.items()} == before
    assert all(row.shipped for row in after.values())


def test_one_changed_cell_is_one_revision_and_stays(parts: app.Parts, table: Path, tmp_path: Path) -> None:
    """Only that entry changes, it is the union's own from then on, and a newer release leaves it alone."""
    before = rows(parts)
    edit(table, ("H041", "一句话结论", "先找工会，工会帮你要。"))
    taken = take(parts, table)
    assert [(one.code, one.status) for one in taken if one.status != "unchanged"] == [("H041", "changed")]
    after = rows(parts)
    assert {code for code in after if after[code].revision != before[code].revision} == {"H041"}
    assert (after["H041"].revision, after["H041"].shipped) == (before["H041"].revision + 1, False)
    assert take(parts, table) == [replace(one, status="unchanged") for one in taken]
    handbook = tmp_path / "release" / "handbook"
    handbook.mkdir(parents=True)
    shipped = (content_dir() / "handbook" / "wages.yml").read_text(encoding="utf-8")
    (handbook / "wages.yml").write_text(shipped.replace("可以找劳动监察投诉", "新版的话"), encoding="utf-8")
    curation.load_handbook(parts.database, handbook.parent, parts.clock.now())
    assert rows(parts)["H041"].body["conclusion"] == "先找工会，工会帮你要。"


def test_new_rows_get_ids_once(parts: app.Parts, table: Path) -> None:
    """Empty ids become U001, U002…; the same file again changes nothing; one title twice is one entry."""
    other = {**NEW_ROW, "标题": "工会图书室在哪", "问法": "在哪借书"}
    edit(table, new=(NEW_ROW, other, NEW_ROW))
    taken = [one for one in take(parts, table) if one.status != "unchanged"]
    assert [(one.code, one.status) for one in taken] == [
        ("U001", "added"),
        ("U002", "added"),
        ("U001", "failed"),
    ]
    assert "前面已经有一行" in taken[2].detail
    again = [one for one in take(parts, table) if one.code.startswith("U")]
    assert [one.status for one in again] == ["unchanged", "unchanged", "failed"]
    edit(table, new=({**NEW_ROW, "标题": "第三件事"},))
    assert [one.code for one in take(parts, table) if one.status == "added"] == ["U003"]
    assert {code: row.shipped for code, row in rows(parts).items() if code.startswith("U")} == {
        "U001": False,
        "U002": False,
        "U003": False,
    }


def test_a_bad_row_never_stops_the_good_ones(parts: app.Parts, table: Path) -> None:
    """Its row number and a sentence; the rest is stored, audited and live at once."""
    edit(table, ("H041", "标题", ""), ("H042", "标题", "发东西抵工资行不行"), new=(NEW_ROW,))
    taken = [one for one in take(parts, table) if one.status != "unchanged"]
    assert {one.status for one in taken} == {"failed", "changed", "added"}
    (failed,) = [one for one in taken if one.status == "failed"]
    assert re.fullmatch(r"第\d+行", failed.place)
    assert "缺“标题”" in failed.detail
    assert app.rebuild(parts)
    assert parts.follower.library.search("zeta")[0].chunk.key == "U001"
    with parts.database.reading() as session:
        assert audit.verify(session) is None
        events = {row.action: row.detail for row in session.scalars(select(AuditRow))}
    counts = {"changed": 1, "added": 1, "failed": 1, "unchanged": len(rows(parts)) - 3}
    assert events["faq.import"] == counts
    assert "faq.export" in events


def test_a_trial_run_changes_nothing(parts: app.Parts, table: Path) -> None:
    """It says what would happen."""
    edit(table, ("H041", "一句话结论", "改了。"), new=(NEW_ROW,))
    before = {code: row.digest for code, row in rows(parts).items()}
    taken = Counter(one.status for one in take(parts, table, dry_run=True))
    assert (taken["added"], taken["changed"]) == (1, 1)
    assert {code: row.digest for code, row in rows(parts).items()} == before


def test_an_edit_that_was_overtaken_is_told(parts: app.Parts, table: Path, tmp_path: Path) -> None:
    """Two people exported the same revision; the second one's import says that somebody was faster."""
    second = tmp_path / "另一份.xlsx"
    second.write_bytes(table.read_bytes())
    edit(table, ("H041", "一句话结论", "甲改的。"))
    edit(second, ("H041", "一句话结论", "乙改的。"))
    assert [one.detail for one in take(parts, table) if one.status == "changed"] == [""]
    (told,) = [one.detail for one in take(parts, second) if one.status == "changed"]
    assert "第2版" in told
    assert "第1版" in told


def test_files_that_cannot_be_reached_are_told(parts: app.Parts, tmp_path: Path) -> None:
    """One sentence for a missing file, a folder that is not there, and a kind nobody writes."""
    for broken in (
        lambda: take(parts, tmp_path / "missing.xlsx"),
        lambda: faq.export(parts.database, tmp_path / "none" / "a.csv", parts.clock.now()),
        lambda: faq.export(parts.database, tmp_path / "a.doc", parts.clock.now()),
    ):
        with pytest.raises(DocumentError):
            broken()


def findings(parts: app.Parts, today_later: timedelta = timedelta()) -> list[Finding]:
    """What is found wrong with the stored entries."""
    today = (parts.clock.now() + today_later).astimezone(ZONE).date()
    known = terms.load(content_dir())
    return faq.examine(parts.database, parts.equipment, parts.follower.library, known, "江城", today)


def test_the_shipped_handbook_is_clean(parts: app.Parts) -> None:
    """No error as shipped; two years later everything wants to be read again."""
    assert [finding for finding in findings(parts) if finding.level is Level.ERROR] == []
    later = {finding.place for finding in findings(parts, timedelta(days=730)) if finding.rule == "checked"}
    assert later == set(rows(parts))


@pytest.mark.corpus
def test_the_shipped_handbook_is_clean_beside_the_statutes(parts: app.Parts, corpus: Path) -> None:
    """Every cited article exists and is in force, every sum is in one, no article is younger than its check."""
    curation.import_files(parts.database, parts.catalogue, [corpus], parts.clock.now())
    app.rebuild(parts)
    assert [finding for finding in findings(parts) if finding.level is Level.ERROR] == []
    assert [finding for finding in findings(parts) if finding.rule == "outdated"] == []
    for code in rows(parts):
        card = review.card(parts.database, parts.follower.library, code, ZONE)
        assert card is not None
        assert len(card.text) <= 300


@pytest.fixture
def with_own(parts: app.Parts, tmp_path: Path) -> app.Parts:
    """A deployment with a small statute, and an entry of the union's own that cites it."""
    import_statute(parts, STATUTE)
    file = tmp_path / "own.csv"
    text = (
        ",".join(f'"{head}"' for head in NEW_ROW) + "\n" + ",".join(f'"{cell}"' for cell in NEW_ROW.values())
    )
    file.write_text(text, encoding="gb18030")
    assert [one.status for one in take(parts, file)] == ["added"]
    app.rebuild(parts)
    return parts


def import_statute(parts: app.Parts, text: str) -> None:
    """Bring the small statute in."""
    curation.import_one(parts.database, parts.catalogue, text.encode(), "示范工作服法.md", parts.clock.now())


def test_own_entries_work_on_both_databases(deployment: app.Parts, tmp_path: Path) -> None:
    """Taken in, published, remembered with what its article says, shown as a card; again it is unchanged."""
    file = tmp_path / "own.yml"
    file.write_text(
        "group: 本会\nentries:\n  - {title: 食堂几点开, conclusion: 十一点半。, steps: [问工会], questions: [zeta]}\n",
        encoding="utf-8",
    )
    assert [one.status for one in take(deployment, file)] == ["added"]
    app.rebuild(deployment)
    assert [one.status for one in take(deployment, file)] == ["unchanged"]
    row = rows(deployment)["U001"]
    assert (row.shipped, row.revision, row.sources) == (False, 1, {"checked": "", "revision": 1, "texts": {}})
    card = review.card(deployment.database, deployment.follower.library, "U001", ZONE)
    assert card is not None
    assert "手册U001" in card.stamp
    assert review.card(deployment.database, deployment.follower.library, "U999", ZONE) is None


def test_a_card_says_when_its_article_changed(with_own: app.Parts) -> None:
    """A newer text makes card and lint say so; checking again makes them good; so in the terminal and on the page."""
    parts = with_own
    card = review.card(parts.database, parts.follower.library, "U001", ZONE)
    assert card is not None
    assert card.outdated == ""
    assert "第1版　2026-11-20" in card.stamp
    newer = STATUTE.replace("2020年1月2日", "2026年11月1日").replace("一套", "两套")
    import_statute(parts, newer)
    app.rebuild(parts)
    card = review.card(parts.database, parts.follower.library, "U001", ZONE)
    assert card is not None
    assert "已过期待复核：《示范工作服法》第一条有变化" in card.text
    assert [one.place for one in findings(parts) if one.rule == "outdated"] == ["U001"]
    with parts.database.session() as session:
        row = session.scalars(select(EntryRow).where(EntryRow.code == "U001")).one()
        entry = Entry.from_dict({**row.body, "checked": "2026-11-21"})
        store.store_entries(session, [(entry.digest, entry.to_dict())], parts.clock.now(), shipped=False)
    app.rebuild(parts)
    assert review.card(parts.database, parts.follower.library, "U001", ZONE).outdated == ""  # type: ignore[union-attr]


def test_the_page_of_a_card(with_own: app.Parts) -> None:
    """A small page without anything inline; escaped; unknown ids get a sentence; the clause page leads to it."""
    with (
        live.serve(server.create(with_own, with_worker=False)) as base,
        httpx.Client(base_url=base) as browser,
    ):
        page = browser.get("/card/U001")
        assert page.status_code == 200
        assert "default-src 'self'" in page.headers["content-security-policy"]
        for said in ("工会食堂几点开饭", "十一点半。", "《示范工作服法》第一条", "第1版　2026-11-20"):
            assert said in page.text
        assert not re.search(r"<style|<script>|style=|onclick=", page.text)
        for asset in re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text):
            assert browser.get(asset).status_code == 200, asset
        assert browser.head("/card/H041").status_code == 200
        missing = browser.get("/card/%3Cb%3E")
        assert (missing.status_code, "没有找到这张明白卡" in missing.text) == (404, True)
        assert 'href="/card/U001"' in browser.get("/clause/U001").text
        import_statute(with_own, STATUTE.replace("2020", "2026").replace("一套", "两套"))
        app.rebuild(with_own)
        assert "已过期待复核" in browser.get("/card/U001").text


def test_the_booklet_holds_everything(parts: app.Parts) -> None:
    """One file that loads nothing; each entry has its place and a line in the contents; a region leaves others out."""
    library = parts.follower.library
    page, count = booklet.render(library, "示例<工会>", parts.clock.now().date())
    entries = [chunk for chunk in library.chunks if chunk.kind == "entry"]
    assert count == len(entries)
    assert not re.search(r'(?:src|href)="(?!#|tel:)', page)
    assert "示例&lt;工会&gt;" in page
    for entry in entries:
        assert page.count(f'id="{entry.key}"') == page.count(f'href="#{entry.key}"') == 1
        assert page.count(entry.title) >= 2
    _, fewer = booklet.render(library, "示例", parts.clock.now().date(), "浙江")
    assert fewer == sum(entry.region in ("全国", "浙江") for entry in entries) < count


def test_every_entry_is_reached_by_menu_and_by_search(parts: app.Parts) -> None:
    """菜单, a pick, a pick, a pick: at most three; every message fits; and the entry's title finds it."""

    def say(text: str) -> Reply:
        spoken = len(said)
        said.append(text)
        return parts.assistant.receive(InboundMessage("web", "a", f"m{spoken}", text))[0]

    said: list[str] = []
    menu = say("菜单")
    directory = next(number for number, choice in enumerate(menu.choices, 1) if choice.send == "目录")
    topics = say(str(directory))
    assert topics.kind is ReplyKind.MENU
    reached = set()
    for number, topic in enumerate(topics.choices, start=1):
        say("目录")
        shelf = say(str(number))
        assert shelf.text.startswith(topic.send.removeprefix("目录："))
        numbered = "\n".join(f"{place}. {choice.label}" for place, choice in enumerate(shelf.choices, 1))
        assert len(shelf.text + numbered) <= 600
        titles = [choice.send for choice in shelf.choices[:-1]]
        assert shelf.choices[-1].send == "目录"
        last = say(str(len(titles)))
        assert last.kind is ReplyKind.ANSWER
        assert last.citations[-1].title == titles[-1]
        reached |= {parts.follower.library.titled(title).key for title in titles}  # type: ignore[union-attr]
    entries = [chunk for chunk in parts.follower.library.chunks if chunk.kind == "entry"]
    assert reached == {chunk.key for chunk in entries}
    lost = [
        chunk.key
        for chunk in entries
        if chunk.key not in [hit.chunk.key for hit in parts.follower.library.search(chunk.title, 5)]
    ]
    assert lost == []


def test_topics_are_opened_by_name(parts: app.Parts) -> None:
    """目录 with a topic opens it, with a long topic its parts; what is no topic is a question."""

    def say(text: str) -> Reply:
        return parts.assistant.receive(InboundMessage("web", "b", text, text))[0]

    assert "拖欠" in "".join(choice.label for choice in say("目录 工资与加班（一）").choices)
    parts_of_one = [choice.send for choice in say("目录：劳动合同").choices]
    assert parts_of_one == ["目录：劳动合同（一）", "目录：劳动合同（二）", "目录：劳动合同（三）"]
    assert say("全部主题").kind is ReplyKind.MENU
    assert say("目录里没有的东西zzz").kind is not ReplyKind.MENU


def test_the_console_shows_the_lines_of_service(parts: app.Parts) -> None:
    """Each line with its count; one without entries stands out; strangers see nothing."""
    with parts.database.session() as session:
        for row in session.scalars(select(EntryRow)):
            if row.body.get("line") == "技能":
                row.body = {**row.body, "line": ""}
    with console.opened(parts) as office:
        page = office.clerk("editor", "curator").get("/console/lines")
        assert page.status_code == 200
        for line in terms.load(content_dir()).lines:
            assert f"<strong>{line.name}</strong>" in page.text
        assert page.text.count("还没有</span>") == 1
        assert "还没有条目的服务线：技能" in page.text
        assert "/card/H157" in page.text
        assert "/console/sign-in" in office.stranger().get("/console/lines").headers["location"]
