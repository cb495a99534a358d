"""The ``niangjia`` command line; stable, since tests and other programs use it."""

import json
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from typer.exceptions import TyperException

from bot import app as assembly
from bot import batch, logs
from bot.calc_commands import calc
from bot.core.errors import IndexMissingError, NiangjiaError
from bot.deployment import opened as deployment
from bot.deployment import plain, print_json
from bot.encoder_commands import encoder_commands
from bot.eval_command import evaluate
from bot.faq_commands import faq_commands
from bot.intent_commands import intent_commands
from bot.settings import load_settings

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="娘家人：工会的劳动权益助手。",
)
index_commands = typer.Typer(no_args_is_help=True, help="检索索引。")
db_commands = typer.Typer(no_args_is_help=True, help="数据库。")
staff_commands = typer.Typer(no_args_is_help=True, help="后台账号。")
audit_commands = typer.Typer(no_args_is_help=True, help="审计记录。")
cli.add_typer(index_commands, name="index")
cli.add_typer(db_commands, name="db")
cli.add_typer(staff_commands, name="staff")
cli.add_typer(audit_commands, name="audit")
cli.add_typer(faq_commands, name="faq")
cli.command("calc")(calc)
cli.add_typer(encoder_commands, name="encoder")
cli.add_typer(intent_commands, name="intents")
cli.command("eval")(evaluate)

AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON，给程序用。")]
BatchIn = Annotated[
    Path | None,
    typer.Option("--batch", help="一次处理多条：每行一个 JSON 对象的文件。", exists=True, dir_okay=False),
]
BatchOut = Annotated[Path | None, typer.Option("--out", help="批量结果写到哪个文件。", dir_okay=False)]


def main() -> None:
    """Run a command; an error is one sentence on stderr, exit status 1."""
    if len(sys.argv) == 1:
        sys.argv.append("--help")
    try:
        sys.exit(cli(standalone_mode=False) or 0)
    except NiangjiaError as wrong:
        print(wrong, file=sys.stderr)
        sys.exit(1)
    except typer.BadParameter as wrong:
        _wrong_use(wrong.format_message())
    except TyperException as wrong:
        _wrong_use(str(wrong))
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)


def _wrong_use(reason: str) -> None:
    said = " ".join(reason.split())
    if said:  # a bare group of commands has printed its help already
        print(f"用法不对：{said} 运行 niangjia --help 看用法。", file=sys.stderr)
    sys.exit(2)


@cli.command()
def serve(
    host: Annotated[str, typer.Option(help="监听地址。")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="监听端口。")] = 8000,
    worker: Annotated[bool, typer.Option("--worker/--no-worker", help="是否在本进程做后台工作。")] = True,
) -> None:
    """启动网页、后台和消息接口。"""
    from bot import server
    from handlers import accounts

    logs.configure("INFO", json_lines=not sys.stderr.isatty())
    parts = assembly.assemble(load_settings())
    password = accounts.create_first_admin(parts.database, parts.clock.now())
    address = f"http://{host}:{port}"
    print(f"聊天页面  {address}/\n管理后台  {address}/console", flush=True)
    if password:
        print(f"首次登录  账号 admin  一次性密码 {password}（登录后要改，只显示这一次）", flush=True)
    try:
        server.serve(parts, host, port, with_worker=worker)
    finally:
        parts.close()


@cli.command()
def worker() -> None:
    """只做后台工作（多机部署时用）。"""
    from bot import server

    logs.configure("INFO", json_lines=not sys.stderr.isatty())
    with deployment() as parts:
        server.work(parts)


@cli.command()
def chat(as_json: AsJson = False) -> None:
    """在终端里对话；--json 时每行读写一个 JSON 对象。"""
    from bot.channels import terminal

    with deployment() as parts:
        if as_json:
            for answered in terminal.converse(parts.assistant.receive, sys.stdin):
                print(json.dumps(answered, ensure_ascii=False), flush=True)
            return
        terminal.talk(parts.assistant.receive)


@cli.command()
def ask(
    text: Annotated[str, typer.Argument(help="问题。")] = "",
    as_json: AsJson = False,
    batch_in: BatchIn = None,
    out: BatchOut = None,
) -> None:
    """问一个问题，看工人会得到什么答案。"""
    with deployment() as parts:
        asker = assembly.asker(parts)

        def answer(question: str) -> dict[str, Any]:
            started = time.perf_counter()
            reply = asker(question)
            return batch.reply_row(reply, (time.perf_counter() - started) * 1000)

        if _in_batch(text, batch_in, out, answer):
            return
        row = answer(text)
        if as_json:
            print_json(row)
        else:
            from bot.channels import terminal

            print(terminal.render(asker(text)))
        if row["kind"] == "refusal":
            raise typer.Exit(1)


@cli.command()
def search(
    text: Annotated[str, typer.Argument(help="要查的话。")] = "",
    limit: Annotated[int, typer.Option("-k", min=1, max=100, help="最多几条。")] = 10,
    as_json: AsJson = False,
    batch_in: BatchIn = None,
    out: BatchOut = None,
) -> None:
    """看检索找到了哪些条目和条文。"""
    with deployment() as parts:
        library = _library(parts)

        def answer(question: str) -> dict[str, Any]:
            finding = library.find(question, limit, parts.settings.region)
            chance = library.calibration.ours.probability(finding.signals)
            return {"hits": batch.hit_rows(finding.hits), "confidence": round(chance, 4)}

        if _in_batch(text, batch_in, out, answer):
            return
        rows = answer(text)["hits"]
        if as_json:
            print_json(rows)
        else:
            table = Table("名次", "得分", "覆盖", "出处", "内容")
            for row in rows:
                place = f"{row['title']} {row['article']}" if row["title"] != row["article"] else row["title"]
                table.add_row(
                    str(row["rank"]), f"{row['score']:.2f}", f"{row['coverage']:.2f}", place, row["text"][:60]
                )
            Console().print(table)
        if not rows:
            raise typer.Exit(1)


@cli.command()
def article(
    text: Annotated[str, typer.Argument(help="法规名称和条号，例如 劳动合同法第47条。")] = "",
    as_json: AsJson = False,
    batch_in: BatchIn = None,
    out: BatchOut = None,
) -> None:
    """按条号查法条原文。"""
    with deployment() as parts:
        library = _library(parts)
        if _in_batch(text, batch_in, out, lambda question: batch.article_row(library, question)):
            return
        row = batch.article_row(library, text)
        if as_json:
            print_json(row)
        elif "error" not in row:
            for found in row.get("articles", [row]):
                state = "" if found["in_force"] else "（不再作为现行依据）"
                print(f"《{found['title']}》{state}\n{found['text']}")
                if found["note"]:
                    print(f"注：{found['note']}")
        if "error" in row:
            if not as_json:
                print(row["error"], file=sys.stderr)
            raise typer.Exit(1)


@cli.command("import")
def import_(
    paths: Annotated[list[Path], typer.Argument(help="文件或文件夹，可以多个。")],
    region: Annotated[str, typer.Option(help="手册适用的地区，例如 浙江。")] = "",
    as_json: AsJson = False,
) -> None:
    """导入手册和法规，导入后马上可以检索。"""
    from handlers import curation

    with deployment() as parts:
        shown = Console(stderr=True)

        def progress(result: curation.Imported) -> None:
            if not as_json:
                shown.print(
                    f"{_STATUS[result.status]}  {result.title or result.file}  {result.detail}".rstrip()
                )

        results = curation.import_files(
            parts.database, parts.catalogue, paths, parts.clock.now(), region=region, progress=progress
        )
        assembly.rebuild(parts)
        if as_json:
            print_json([plain(result) for result in results])
        else:
            kinds = {status: sum(result.status == status for result in results) for status in _STATUS}
            counted = "，".join(f"{_STATUS[status]} {count}" for status, count in kinds.items() if count)
            print(f"共 {len(results)} 个文件：{counted or '没有可导入的文件'}。")
        if not results or any(result.status == "failed" for result in results):
            raise typer.Exit(1)


_STATUS = {"added": "新增", "updated": "新版本", "unchanged": "无变化", "older": "旧版本", "failed": "失败"}


@cli.command()
def doctor(as_json: AsJson = False) -> None:
    """体检：看看配置了什么、缺什么、怎么补。"""
    from bot import doctor as doctors

    with deployment() as parts:
        findings = doctors.examine(parts)
    if as_json:
        print_json([plain(finding) for finding in findings])
    else:
        marks = {"good": "正常", "hint": "建议", "bad": "要修"}
        for finding in findings:
            print(f"[{marks[finding.state.value]}] {finding.subject}：{finding.seen}")
            if finding.mend:
                print(f"       {finding.mend}")
    if any(finding.state is doctors.State.BAD for finding in findings):
        raise typer.Exit(1)


@index_commands.command("build")
def index_build() -> None:
    """按现有内容重建索引并发布。"""
    with deployment() as parts:
        changed = assembly.rebuild(parts)
        print(
            f"索引已就绪，共 {len(parts.follower.library.chunks)} 条{'' if changed else '，内容没有变化'}。"
        )


@db_commands.command("upgrade")
def db_upgrade() -> None:
    """把数据库升级到这个版本的结构。"""
    with deployment() as parts:
        print(f"数据库结构版本 {parts.database.schema_versions()[0]}。")


@staff_commands.command("add")
def staff_add(
    login: Annotated[str, typer.Argument(help="登录账号。")],
    name: Annotated[str, typer.Option(help="姓名或岗位。")] = "",
    role: Annotated[list[str], typer.Option(help="角色，可以多个。")] = ["curator"],  # noqa: B006 - typer copies it
) -> None:
    """新增后台账号，显示一次性密码。"""
    from handlers import accounts

    with deployment() as parts:
        password = accounts.add(parts.database, login, name or login, role, parts.clock.now())
        print(f"账号 {login}  一次性密码 {password}（登录后要改，只显示这一次）")


@staff_commands.command("passwd")
def staff_passwd(login: Annotated[str, typer.Argument(help="登录账号。")]) -> None:
    """重置密码，显示新的一次性密码。"""
    from handlers import accounts

    with deployment() as parts:
        password = accounts.reset_password(parts.database, login, parts.clock.now())
        print(f"账号 {login}  一次性密码 {password}（登录后要改，只显示这一次）")


@audit_commands.command("verify")
def audit_verify() -> None:
    """核对审计记录有没有被改动。"""
    from bot.storage import audit

    with deployment() as parts, parts.database.reading() as session:
        broken = audit.verify(session)
    if broken is not None:
        print(f"审计记录从第 {broken} 行起对不上，可能被改动过。", file=sys.stderr)
        raise typer.Exit(1)
    print("审计记录完整。")


def _in_batch(text: str, source: Path | None, target: Path | None, answer: batch.Answer) -> bool:
    if source is not None and target is not None:
        done = batch.run(source, target, answer)
        print(f"已处理 {done} 条，结果在 {target}。", file=sys.stderr)
        return True
    if source is not None or target is not None:
        raise typer.BadParameter("--batch 和 --out 要一起用。")
    if not text.strip():
        raise typer.BadParameter("请写上要问的话，或用 --batch 和 --out。")
    return False


def _library(parts: assembly.Parts) -> Any:
    if not parts.follower.digest:
        raise IndexMissingError
    return parts.follower.library
