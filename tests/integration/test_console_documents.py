"""Documents, unanswered questions and the trial box, over real HTTP."""

import csv
import http.client
import io
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import app
from bot.app import Parts
from bot.console.documents import LARGEST_FILE, MOST_FILES
from bot.console.pages import marked, seal, unseal
from bot.console.unanswered import neutral
from bot.console.visit import plain_name
from bot.core.clock import FixedClock
from bot.core.messages import InboundMessage
from bot.storage import audit, conversations, knowledge
from bot.storage.models import AuditRow, ConversationRow, EntryRow, InboundRow, TranscriptRow
from tests.integration import console
from tests.integration.console import Clerk, Office

STATUTE = """# 临江县职工互助办法

（2024年3月1日公布）

第一章 总则

第一条 为了帮助遇到困难的职工，制定本办法。

第二条 会员因病住院的，可以申请互助金。

第二章 办理

第三条 申请人应当在出院后六十日内提出申请。
"""
NEWER = STATUTE.replace("2024年3月1日", "2025年6月1日").replace("六十日", "九十日")
HANDBOOK = (
    "# 疗休养问答\n\n## 名额怎么排\n\n疗休养名额由车间工会小组先报。\n\n## 费用谁出\n\n费用由工会经费列支。\n"
)


@pytest.fixture
def office(parts: Parts) -> Iterator[Office]:
    """A served deployment."""
    with console.opened(parts) as served:
        yield served


@pytest.fixture
def editor(office: Office) -> Clerk:
    """A curator, signed in."""
    return office.clerk("editor", "curator")


def ask(parts: Parts, *questions: str) -> None:
    """Workers ask, each in a conversation of their own."""
    for place, question in enumerate(questions):
        parts.assistant.receive(InboundMessage("web", f"worker-{place}", f"{question}-{place}", question))


def only_document(parts: Parts) -> int:
    """The number of the one document there is."""
    with parts.database.reading() as session:
        [document] = knowledge.documents(session)
        return document.id


def actions(parts: Parts) -> list[str]:
    """What was done to documents and questions, as the audit chain says."""
    with parts.database.reading() as session:
        assert audit.verify(session) is None
        rows = session.query(AuditRow).order_by(AuditRow.id)
        return [row.action for row in rows if not row.action.startswith("staff.")]


def test_upload(parts: Parts, editor: Clerk) -> None:
    """An uploaded statute is split by article, published, found, shown with anchors, and on record."""
    done = editor.upload([("临江县职工互助办法(2024-03-01).md", STATUTE.encode())])
    assert "已导入《临江县职工互助办法》，3 条。" in done.text
    assert "现在能搜到" in done.text
    page = editor.get(f"/console/documents/{only_document(parts)}").text
    for seen in ('id="a1"', 'id="a3"', "出院后六十日内", "第二章 办理", "2024-03-01", "现行"):
        assert seen in page
    assert parts.follower.library.get("临江县职工互助办法#3")
    assert "互助金" in editor.post("/console/trial", {"question": "住院了能申请互助金吗"}).text
    listed = editor.get("/console/documents").text
    assert "临江县职工互助办法" in listed
    assert "3 条" in listed
    assert actions(parts) == ["document.import"]


def test_mixed_files(parts: Parts, editor: Clerk, office: Office) -> None:
    """Every file gets its sentence; broken, foreign and oversized ones do not stop the good ones."""
    files = [
        ("坏.txt", b"\x00\x01\x02"),
        ("空.md", b"  \n"),
        ("旧.doc", bytes.fromhex("d0cf11e0a1b11ae1") * 64),
        ("大.txt", b"x" * (LARGEST_FILE + 1)),
        ("疗休养.md", HANDBOOK.encode("gb18030")),
        ("办法.md", STATUTE.encode()),
        ("又一份.md", STATUTE.encode()),
    ]
    page = editor.upload(files, region="浙江").text
    for seen in (
        "坏.txt",
        "空.md 是空文件",
        "旧.doc",
        "大.txt 超过 20 MB",
        "已导入《疗休养问答》，2 段。",
        "已导入《临江县职工互助办法》，3 条。",
        "《临江县职工互助办法》内容没有变化",
        "4 个没有导入",
        "3 个文件处理好了",
    ):
        assert seen in page
    with parts.database.reading() as session:
        assert {row.short: row.region for row in knowledge.documents(session)}["疗休养问答"] == "浙江"


def test_nothing_new_is_not_published_again(parts: Parts, editor: Clerk) -> None:
    """Handing the same file in again changes nothing and says so."""
    editor.upload([("办法.md", STATUTE.encode())])
    digest = parts.follower.digest
    again = editor.upload([("办法.md", STATUTE.encode())])
    assert "内容没有变化" in again.text
    assert parts.follower.digest == digest
    assert actions(parts) == ["document.import"]


def test_versions(parts: Parts, editor: Clerk) -> None:
    """A newer text takes over, an older one is kept aside, and each can be made the current one again."""
    editor.upload([("办法(2024-03-01).md", STATUTE.encode())])
    newer = editor.upload([("办法(2025-06-01).md", NEWER.encode())])
    assert "已换成新版本" in newer.text
    number = only_document(parts)
    home = f"/console/documents/{number}"
    assert "九十日" in editor.get(home).text
    older = editor.upload(
        [("办法(2020-01-01).md", STATUTE.replace("六十日", "三十日").replace("2024年3", "2020年1").encode())]
    )
    assert "比现行版本旧" in older.text
    first = min(int(found) for found in re.findall(r"\?version=(\d+)", editor.get(home).text))
    old = editor.get(f"{home}?version={first}").text
    assert "你看的是旧版本" in old
    assert "六十日" in old
    switched = editor.post(f"{home}/versions/{first}", page=home)
    assert "已设为现行版本" in editor.get(switched.headers["location"]).text
    editor.job(switched.headers["location"])
    assert "六十日" in editor.get(home).text
    found = parts.follower.library.get("临江县职工互助办法#3")
    assert found is not None
    assert "六十日" in found.text
    assert actions(parts)[-1] == "document.version"


def test_delete(parts: Parts, editor: Clerk) -> None:
    """Deleting asks first, says what goes and how to get it back, and takes the text out of the index."""
    editor.upload([("办法.md", STATUTE.encode())])
    number = only_document(parts)
    asked = editor.get(f"/console/documents/{number}/delete").text
    for seen in ("确定要删除", "3 条内容", "重新上传", "办法.md"):
        assert seen in asked
    assert parts.follower.library.get("临江县职工互助办法#3")
    done = editor.post(f"/console/documents/{number}/delete")
    assert "已删除《临江县职工互助办法》" in editor.get(done.headers["location"]).text
    editor.job(done.headers["location"])
    assert parts.follower.library.get("临江县职工互助办法#3") is None
    assert editor.get(f"/console/documents/{number}").status_code == 404
    assert editor.get(f"/console/documents/{number}/delete").status_code == 404
    assert actions(parts)[-1] == "document.delete"
    assert "已导入" in editor.upload([("办法.md", STATUTE.encode())]).text


def test_filters(editor: Clerk) -> None:
    """The address says what is shown: kind, region, words of the name, page."""
    editor.upload([("办法.md", STATUTE.encode()), ("疗休养.md", HANDBOOK.encode())], region="浙江")
    assert "临江县职工互助办法</a>" not in editor.get("/console/documents?kind=handbook").text
    assert "疗休养问答</a>" in editor.get("/console/documents?region=浙江&kind=handbook").text
    assert "共 1 份" in editor.get("/console/documents?q=互助").text
    for nothing in ("q=%25", "q=_", "kind=nonsense", "page=999"):
        page = editor.get(f"/console/documents?{nothing}")
        assert page.status_code == 200
        assert "没有符合条件的文件" in page.text or nothing.startswith("page")
    for odd in ("-1", "x", "0", "9" * 40, "²"):
        assert editor.get("/console/documents", params={"page": odd}).status_code == 200


def test_filters_without_reloading(editor: Clerk) -> None:
    """While typing only the table is sent."""
    editor.upload([("办法.md", STATUTE.encode())])
    headers = {"HX-Request": "true", "HX-Target": "table"}
    part = editor.get("/console/documents?q=互助", headers=headers).text
    assert "临江县职工互助办法" in part
    assert "<html" not in part


def test_paging(parts: Parts, editor: Clerk) -> None:
    """Fifty documents a page, with links that keep the filter."""
    texts = [(f"{n}.md", STATUTE.replace("临江县", f"第{n}工区").encode()) for n in range(60)]
    editor.upload(texts)
    first = editor.get("/console/documents?q=工区").text
    assert "第 1 / 2 页" in first
    assert "page=2" in first
    second = editor.get("/console/documents?q=工区&page=2").text
    assert second.count('class="document-title"') == 10


def test_search_in_a_document(parts: Parts, editor: Clerk) -> None:
    """Words are found and marked inside one document; nothing found is said."""
    editor.upload([("办法.md", STATUTE.encode())])
    home = f"/console/documents/{only_document(parts)}"
    found = editor.get(f"{home}?q=互助金").text
    assert "<mark>互助金</mark>" in found
    assert "六十日" not in found
    assert "没有“电动车”" in editor.get(f"{home}?q=电动车").text
    assert editor.get(f"{home}?version=999").status_code == 404
    assert editor.post(f"{home}/versions/999", page=home).status_code == 404
    assert editor.get("/console/documents/99999999999999999999").status_code == 404


def test_standing_of_known_statutes(editor: Clerk, parts: Parts, corpus: Path) -> None:
    """Statutes that are no longer in force, wholly or in part, are marked in the list and at the article."""
    catalogue = parts.catalogue
    [gone, *_] = [law.short for law in catalogue.laws.values() if law.superseded]
    [partly, *_] = [law.short for law in catalogue.laws.values() if law.superseded_articles]
    files = sorted((corpus / "laws").glob("*.md"))
    chosen = [file for file in files if catalogue.describe(file.stem.split("(")[0]).short in (gone, partly)]
    editor.upload([(file.name, file.read_bytes()) for file in chosen])
    listed = editor.get("/console/documents").text
    assert "已失效" in listed or "部分失效" in listed
    with parts.database.reading() as session:
        numbers = [row.id for row in knowledge.documents(session)]
    shown = [editor.get(f"/console/documents/{number}").text for number in numbers]
    assert any("不再作为现行依据" in page for page in shown)


def test_upload_needs_files(editor: Clerk) -> None:
    """A form without a file says so."""
    answer = editor.post("/console/documents")
    assert answer.status_code == 400
    assert "没有收到文件" in answer.text


def test_upload_is_refused_before_it_is_read(office: Office, editor: Clerk) -> None:
    """Too much at once is turned away by its announced size; a stranger's upload is not even read."""
    session = editor.http.cookies["niangjia_console"]
    for cookie, status in ((f"niangjia_console={session}", 413), ("nothing=here", 303)):
        connection = http.client.HTTPConnection(office.base.removeprefix("http://"), timeout=30)
        with closing(connection):
            connection.putrequest("POST", "/console/documents")
            connection.putheader("Cookie", cookie)
            connection.putheader("Content-Type", "multipart/form-data; boundary=x")
            connection.putheader("Content-Length", str(300 * 2**20))
            connection.endheaders()
            assert connection.getresponse().status == status


def test_jobs_wait_their_turn(parts: Parts, editor: Clerk) -> None:
    """Only a few batches may wait; a batch too many is told so and leaves nothing behind."""
    release = threading.Event()

    class Slow(type(parts.clock)):  # type: ignore[misc]
        def now(self) -> object:
            if threading.current_thread().name.startswith("console-jobs"):
                release.wait(30)
            return super().now()

    parts.clock.__class__ = Slow
    try:
        sent = [
            editor.post("/console/documents/publish", page="/console/documents").status_code for _ in range(6)
        ]
        assert sent == [303] * 5 + [409]
        token = editor.token("/console/documents")
        files = [("files", ("办法.md", STATUTE.encode(), "text/plain"))]
        refused = editor.http.post("/console/documents", data={"csrf": token}, files=files)
        assert refused.status_code == 409
        assert "正在更新索引" in editor.get("/console").text
    finally:
        release.set()
    editor.job("/console/documents")


def test_failed_publication(parts: Parts, editor: Clerk) -> None:
    """When the index cannot be built, the old one goes on being served, and one can try again."""
    with parts.database.session() as session:
        entry = session.scalars(select(EntryRow).limit(1)).one()
        code, body = entry.code, entry.body
        entry.body = {"broken": True}
    page = editor.upload([("办法.md", STATUTE.encode())])
    assert "索引没有更新" in page.text
    assert parts.follower.library.chunks
    assert "待发布" in editor.get("/console/documents").text
    with parts.database.session() as session:
        session.scalars(select(EntryRow).where(EntryRow.code == code)).one().body = body
    again = editor.post("/console/documents/publish", page="/console/documents")
    assert "索引是最新的" in editor.job(again.headers["location"]).text
    assert parts.follower.library.get("临江县职工互助办法#3")


def test_an_index_that_cannot_be_written_down_is_served(
    parts: Parts, editor: Clerk, clock: FixedClock
) -> None:
    """A full disk stops no publication; the next start builds from the database."""
    index = parts.settings.index_dir
    shutil.rmtree(index)
    index.write_text("a file where the folder should be")
    assert "索引没有更新" not in editor.upload([("办法.md", STATUTE.encode())]).text
    assert parts.follower.library.get("临江县职工互助办法#3")
    index.unlink()
    again = app.assemble(parts.settings, clock)
    assert again.follower.library.get("临江县职工互助办法#3")
    assert (index / again.follower.digest / "ready").exists()
    again.close()


def test_unknown_job(editor: Clerk) -> None:
    """A job nobody knows any more is explained, to a page and to a part of one."""
    assert "记录不在了" in editor.get("/console/documents/jobs/none").text
    part = editor.get("/console/documents/jobs/none", headers={"HX-Request": "true"})
    assert part.status_code == 404
    assert part.headers["HX-Retarget"] == "#messages"


def test_unanswered(parts: Parts, editor: Clerk) -> None:
    """What workers asked in vain is listed by frequency, masked, closed, and back when it is asked again."""
    question = "红烧茄子要放几勺糖"
    ask(parts, question, question, "给13812345678寄一只猫要多少邮费", "人工")
    page = editor.get("/console/unanswered").text
    assert page.index(question) < page.index("寄一只猫")
    assert "13812345678" not in page
    assert "138****5678" in page
    assert "要求转人工" in page
    [number, *_] = re.findall(r"/console/unanswered/(\d+)", page)
    done = editor.post(f"/console/unanswered/{number}", {"status": "done"}, page="/console/unanswered")
    assert "已标为处理完" in editor.get(done.headers["location"]).text
    assert question not in editor.get("/console/unanswered").text
    assert question in editor.get("/console/unanswered?status=done").text
    parts.assistant.receive(InboundMessage("web", "worker-9", "later", question))
    assert question in editor.get("/console/unanswered").text
    editor.post(f"/console/unanswered/{number}", {"status": "done"}, page="/console/unanswered")
    editor.post(f"/console/unanswered/{number}", {"status": "open"}, page="/console/unanswered")
    assert question in editor.get("/console/unanswered").text
    for path, status in (("999", "done"), (number, "nonsense")):
        answer = editor.post(f"/console/unanswered/{path}", {"status": status}, page="/console/unanswered")
        assert answer.status_code == 404
    assert actions(parts) == ["unanswered.status"] * 3


def test_nearest_is_linked(parts: Parts, editor: Clerk) -> None:
    """The text that came closest can be opened: an article in its document, an entry on its own page."""
    editor.upload([("办法.md", STATUTE.encode())])
    now = parts.clock.now()
    with parts.database.session() as session:
        for text, key in (
            ("问题一", "临江县职工互助办法#3"),
            ("问题二", parts.follower.library.chunks[0].key),
            ("问题三", "不在了#1"),
            ("问题四", "-"),
        ):
            conversations.note_unanswered(session, parts.database.vault, text, key, now)
    page = editor.get("/console/unanswered").text
    assert f'href="/console/documents/{only_document(parts)}#a3"' in page
    assert 'href="/clause/' in page
    assert "不在了#1" in page
    assert "没有相近内容" in page


def test_export(parts: Parts, editor: Clerk) -> None:
    """The table opens in Excel, holds local times, and no cell is taken for a formula."""
    formulas = ["=HYPERLINK(1)", "+86班车", "-电瓶", "@食堂", "=1+1"]
    with parts.database.session() as session:
        for formula in formulas:
            conversations.note_unanswered(session, parts.database.vault, formula, "-", parts.clock.now())
    answer = editor.get("/console/unanswered.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "unanswered-20261120.csv" in answer.headers["Content-Disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][0] == "问题"
    assert {row[0] for row in rows[1:]} == {f"'{formula}" for formula in formulas}
    assert all(row[4] == "2026-11-20 12:00" for row in rows[1:])
    assert actions(parts) == ["unanswered.export"]


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\tx", "\rx", " =1", "\u3000=1"])
def test_neutral_cells(cell: str) -> None:
    """Whatever a spreadsheet program could compute becomes plain text; other text is left alone."""
    assert neutral(cell) == f"'{cell}"
    assert neutral("工资") == "工资"


def test_trial_touches_nothing(parts: Parts, editor: Clerk) -> None:
    """Trying a question leaves no conversation, no message, no transcript and no unanswered question."""
    for question in ("厂里拖欠工资怎么办", "今天钓鱼去哪里", "人工", "菜单", "劳动合同法第四十七条"):
        assert editor.post("/console/trial", {"question": question}).status_code == 200
    with parts.database.reading() as session:
        for table in (ConversationRow, InboundRow, TranscriptRow):
            assert session.query(table).count() == 0
        assert conversations.count_unanswered(session) == {}


def test_trial_needs_a_question(editor: Clerk) -> None:
    """An empty box is asked to be filled."""
    assert "请先写一个问题" in editor.post("/console/trial", {"question": "  "}).text


def test_trial_explains(parts: Parts, editor: Clerk) -> None:
    """The reply is the worker's own, and what was found is shown with its numbers and the words that matched."""
    question = "老板拖欠工资怎么办"
    [reply] = parts.assistant.receive(InboundMessage("web", "worker", "1", question))
    page = editor.post("/console/trial", {"question": question}).text
    assert reply.text.splitlines()[0] in page
    for seen in ("直接回答", "覆盖度", "得分", "<mark>老板拖欠", "现行", "H0"):
        assert seen in page
    part = editor.http.post(
        "/console/trial",
        data={"csrf": editor.token("/console/trial"), "question": question},
        headers={"HX-Request": "true"},
    ).text
    assert "<html" not in part
    assert "<mark>老板拖欠" in part


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("菜单", "固定话术"),
        ("你好", "固定话术"),
        ("互助办法第三条", "直接取这一条的原文"),
        ("互助办法第九十条", "请对方核对"),
        ("zzz", "如实说手册里没有"),
    ],
)
def test_trial_says_why(editor: Clerk, question: str, why: str) -> None:
    """Each way to a reply is told in words."""
    editor.upload([("办法.md", STATUTE.replace("临江县职工互助办法", "互助办法").encode())])
    assert why in editor.post("/console/trial", {"question": question}).text


def test_trial_of_a_title(parts: Parts, editor: Clerk) -> None:
    """A question that is the title of an entry gets that entry, and the reason."""
    title = next(chunk.title for chunk in parts.follower.library.chunks if chunk.kind == "entry")
    assert "标题完全一样" in editor.post("/console/trial", {"question": title}).text


def test_hostile_names_and_texts(parts: Parts, editor: Clerk) -> None:
    """File names, titles, passages, questions and filters are shown as text, whatever is in them."""
    evil = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>"
    text = STATUTE.replace("临江县职工互助办法", f"办法{evil}").replace("互助金", evil)
    page = editor.upload([(f"../../{evil}.md", text.encode()), ("C:\\x\\坏<b>.txt", b"\x00")]).text
    ask(parts, f"{evil}红烧茄子{evil}")
    home = f"/console/documents/{only_document(parts)}"
    pages = [
        page,
        editor.get("/console/documents").text,
        editor.get(f"/console/documents?q={evil}").text,
        editor.get(home).text,
        editor.get(f"{home}?q={evil}").text,
        editor.get(f"{home}/delete").text,
        editor.get("/console/unanswered").text,
        editor.get("/console").text,
        editor.get(f"/console/sign-in?next={evil}").text,
        editor.post("/console/trial", {"question": f"{evil}出院后六十日内"}).text,
        editor.post(f"{home}/delete").text,
        editor.get("/console").text,
    ]
    for shown in pages:
        assert "<img" not in re.sub(r'<img src="/static/[^>]+>', "", shown)
        assert "<script>" not in shown
        assert "<b>" not in shown


def test_plain_names() -> None:
    """A file's name loses folders and what cannot be printed, and has a length that can be stored."""
    assert plain_name("C:\\a\\b\\办法.md") == "办法.md"
    assert plain_name("../../etc/passwd") == "passwd"
    assert plain_name("\x00\n\u202e") == "没有名字的文件"
    assert len(plain_name("长" * 500 + ".md")) == 150


def test_marks() -> None:
    """Words are marked whatever their case, overlapping ones together, and everything is escaped."""
    assert str(marked("拖欠工资<b>", ["拖欠", "欠工"])) == "<mark>拖欠工</mark>资&lt;b&gt;"
    assert str(marked("ABC İ abc", ["abc"])) == "<mark>ABC</mark> İ <mark>abc</mark>"
    assert str(marked("", ["x"])) == ""
    assert str(marked("无", [""])) == "无"


def test_messages_cannot_be_forged(parts: Parts) -> None:
    """A message for the next page is taken only when this deployment wrote it."""
    vault = parts.database.vault
    assert unseal(vault, seal(vault, "success", "好了")) == ("success", "好了")
    assert unseal(vault, "WyJhIiwgImIiXQ==.0000") is None
    assert unseal(vault, "") is None


def test_one_broken_import_is_not_the_end(parts: Parts, editor: Clerk) -> None:
    """A fault nobody thought of costs one file, not the batch."""
    real = parts.catalogue.describe

    def describe(title: str) -> object:
        if "炸" in title:
            raise RuntimeError("unthought of")
        return real(title)

    parts.catalogue.describe = describe  # type: ignore[method-assign,assignment]
    page = editor.upload(
        [("炸.md", STATUTE.replace("临江县", "炸").encode()), ("好.md", STATUTE.encode())]
    ).text
    assert "这个文件导入时出了错" in page
    assert "已导入《临江县职工互助办法》" in page


def test_published_once(parts: Parts, editor: Clerk) -> None:
    """A batch of files is published once."""
    before = publication(parts)
    editor.upload([("办法.md", STATUTE.encode()), ("疗休养.md", HANDBOOK.encode())])
    assert publication(parts) == before + 1


def publication(parts: Parts) -> int:
    """The number of the latest publication."""
    with parts.database.reading() as session:
        latest = knowledge.latest_publication(session)
        assert latest is not None
        return latest.id


def test_upload_without_leaving_the_page(editor: Clerk) -> None:
    """The panel of a job is sent alone, asks for itself until it is done, and then has the list fetched again."""
    token = editor.token("/console/documents")
    panel = editor.http.post(
        "/console/documents",
        data={"csrf": token},
        files=[("files", ("办法.md", STATUTE.encode(), "text/plain"))],
        headers={"HX-Request": "true"},
    )
    assert "<html" not in panel.text
    [path] = re.findall(r'hx-get="(/console/documents/jobs/\w+)"', panel.text)
    part = editor.part(path)
    assert "已导入《临江县职工互助办法》" in part.text
    assert part.headers["HX-Trigger"] == "documents-changed"


def test_too_many_files(parts: Parts, editor: Clerk) -> None:
    """More files at once than are taken are refused in one sentence, and none of them is kept."""
    token = editor.token("/console/documents")
    files = [("files", (f"{n}.txt", b"x", "text/plain")) for n in range(MOST_FILES + 1)]
    answer = editor.http.post("/console/documents", data={"csrf": token}, files=files)
    assert answer.status_code == 400
    assert "一次最多 500 个文件" in answer.text
    elsewhere = editor.http.post("/console/trial", data={"csrf": token}, files=files[:1])
    assert elsewhere.status_code == 400


def test_publishing_is_on_record(parts: Parts, editor: Clerk) -> None:
    """Who had the index published again can be seen."""
    answer = editor.post("/console/documents/publish", page="/console/documents")
    editor.job(answer.headers["location"])
    assert actions(parts) == ["index.publish"]


def test_old_jobs_are_forgotten(editor: Clerk) -> None:
    """The records of long finished jobs make room for new ones."""
    first = editor.post("/console/documents/publish", page="/console/documents").headers["location"]
    editor.job(first)
    for _ in range(50):
        editor.job(editor.post("/console/documents/publish", page="/console/documents").headers["location"])
    number = first.rpartition("=")[2]
    assert editor.get(f"/console/documents/jobs/{number}").status_code == 404
