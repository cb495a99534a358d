"""A day at the console on a SQLite file and on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor

from bot.app import Parts
from bot.core.errors import SignInError
from bot.core.messages import InboundMessage
from bot.storage import audit, knowledge
from handlers import accounts
from handlers.passwords import Passwords
from tests.integration import console

STATUTE = """# 临江县职工互助办法

第一条 为了帮助遇到困难的职工，制定本办法。

第二条 会员因病住院的，可以申请互助金。
"""


def test_a_day(deployment: Parts) -> None:
    """Sign in, upload, filter, switch versions, work through questions, delete: every query holds on both."""
    with console.opened(deployment) as office:
        editor = office.clerk("editor", "admin", "curator")
        deployment.assistant.receive(InboundMessage("web", "worker", "1", "红烧茄子要放几勺糖"))
        assert "红烧茄子" in editor.get("/console/unanswered").text
        assert "红烧茄子" in editor.get("/console/unanswered.csv").text
        done = editor.upload(
            [
                ("办法(2024-01-01).md", STATUTE.encode()),
                ("办法(2025-01-01).md", STATUTE.replace("互助金", "慰问金").encode()),
                ("长" * 300 + ".md", STATUTE.replace("办法", "说明" * 40, 1).encode()),
                ("坏.txt", b"\x00"),
            ]
        )
        assert "1 个没有导入" in done.text
        assert "共 1 份" in editor.get("/console/documents?q=互助办法&kind=statute&region=全国").text
        assert "没有符合条件的文件" in editor.get("/console/documents?q=%25_&kind=statute&region=全国").text
        with deployment.database.reading() as session:
            [number] = [row.id for row in knowledge.documents(session) if row.short == "临江县职工互助办法"]
            versions = sorted(version.id for version in knowledge.document(session, number).versions)
        home = f"/console/documents/{number}"
        assert "慰问金" in editor.get(home).text
        editor.job(editor.post(f"{home}/versions/{versions[0]}", page=home).headers["location"])
        assert "互助金" in editor.get(home).text
        editor.job(editor.post(f"{home}/delete").headers["location"])
        assert editor.get(home).status_code == 404
        for path in ("/console", "/console/documents", "/console/accounts", "/console/health"):
            assert editor.get(path).status_code == 200
    with deployment.database.reading() as session:
        assert audit.verify(session) is None


def test_first_admin_and_guesses_in_parallel(deployment: Parts) -> None:
    """Processes that start together make one administrator; guesses in parallel get five tries in all."""
    now, keeper = deployment.clock.now(), Passwords()
    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(lambda _: accounts.create_first_admin(deployment.database, now), range(6)))
        assert len(list(filter(None, made))) == 1

        def guess(_: int) -> str:
            try:
                accounts.sign_in(deployment.database, keeper, "admin", "wrong", now)
            except SignInError as refused:
                return str(refused)
            return "in"

        said = list(pool.map(guess, range(12)))
    assert said.count("账号或密码不对，请重试。") == accounts.MOST_FAILURES
