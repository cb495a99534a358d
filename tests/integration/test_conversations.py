"""Whole dialogs from tests/conversations, each played on the web, on WeChat and on Telegram."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from fastapi import FastAPI

from bot import app
from bot.channels import webchat
from bot.channels.telegram import State
from bot.channels.wechat import Account, router
from bot.core.clock import FixedClock
from bot.settings import load_settings
from tests.fakes.wechat_platform import Credentials, Mode, WeChatPlatform, text
from tests.integration import bot_api, live

FOLDER = Path(__file__).resolve().parent.parent / "conversations"
WAYS = ("web", "wechat", "telegram")
UNITS = {"分钟": "minutes", "小时": "hours", "天": "days"}
WORKER = 700

Say = Callable[[str], str]
"""What a worker types → everything they then see."""


@dataclass(frozen=True, slots=True)
class Dialog:
    """One dialog of the library."""

    name: str
    title: str
    region: str
    steps: tuple[dict[str, Any], ...]


def _library() -> list[Dialog]:
    return [
        Dialog(f"{path.stem}-{number}", one["对话"], one.get("地区", ""), tuple(one["经过"]))
        for path in sorted(FOLDER.glob("*.yml"))
        for number, one in enumerate(yaml.safe_load(path.read_text("utf-8")), start=1)
    ]


DIALOGS = _library()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback is never asked of a proxy."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def folder(_first_start: Path, tmp_path: Path) -> Path:
    """The data directory of a deployment that has just been started."""
    shutil.copytree(_first_start, tmp_path / "var")
    return tmp_path / "var"


@contextmanager
def _on_web(parts: app.Parts, client: httpx.Client, _start: int) -> Iterator[Say]:
    site = FastAPI()
    site.include_router(webchat.router(parts.assistant.receive, parts.follower, "工会"))
    with live.serve(site) as base:

        def say(said: str) -> str:
            answer = client.post(f"{base}/api/chat", json={"text": said}, headers={"Origin": base})
            replies = answer.json()["replies"]
            labels = [choice["label"] for reply in replies for choice in reply["choices"]]
            return "\n".join([*(reply["text"] for reply in replies), *labels])

        yield say


@contextmanager
def _on_wechat(parts: app.Parts, _client: httpx.Client, _start: int) -> Iterator[Say]:
    shared, site = Credentials(), FastAPI()
    site.include_router(
        router(Account(shared.token, shared.app_id, shared.aes_key), parts.assistant.receive, parts.clock)
    )
    with live.serve(site) as base:
        platform = WeChatPlatform(base, shared, Mode.SAFE, parts.clock, patience=20.0)
        yield lambda said: platform.push(text(said)).text


@contextmanager
def _on_telegram(parts: app.Parts, _client: httpx.Client, start: int) -> Iterator[Say]:
    with bot_api.platform() as (fake, address), bot_api.polling(address, parts.assistant.receive) as channel:
        fake.wait(lambda: channel.state is State.LISTENING)
        fake._ids = itertools.count(1000 + 500 * start)
        fake._messages, count = itertools.count(1 + 500 * start), itertools.count(1)

        def say(said: str) -> str:
            fake.says(WORKER, said)
            answer = fake.answers(WORKER, next(count))[-1]
            rows = answer.get("reply_markup", {}).get("inline_keyboard", [])
            return "\n".join([answer["text"], *(button["text"] for row in rows for button in row)])

        yield say


CHANNELS: dict[str, Callable[[app.Parts, httpx.Client, int], AbstractContextManager[Say]]] = {
    "web": _on_web,
    "wechat": _on_wechat,
    "telegram": _on_telegram,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("dialog", DIALOGS, ids=[one.name for one in DIALOGS])
def test_the_dialog_goes_as_written(dialog: Dialog, way: str, folder: Path) -> None:
    """Every reply has what it must have and nothing that it must not, whatever the channel."""
    clock = FixedClock(datetime(2026, 11, 20, 4, 0, tzinfo=UTC))
    steps = list(dialog.steps)
    heard = 0
    with httpx.Client(timeout=30.0, trust_env=False) as client:
        for start in itertools.count():
            if not steps:
                break
            parts = app.assemble(load_settings(data_dir=folder, region=dialog.region), clock)
            try:
                with CHANNELS[way](parts, client, start) as say:
                    heard += _play(steps, say, clock, dialog)
            finally:
                parts.close()
    assert heard == sum("工友" in step for step in dialog.steps)


def _play(steps: list[dict[str, Any]], say: Say, clock: FixedClock, dialog: Dialog) -> int:
    """Until the end, or until the program is started anew; returns how many messages were answered as written."""
    heard = 0
    while steps:
        step = steps.pop(0)
        if "重启" in step:
            break
        if "过了" in step:
            amount = step["过了"].rstrip("分钟小时天")
            clock.advance(**{UNITS[step["过了"].removeprefix(amount)]: float(amount)})
            continue
        seen = say(str(step["工友"]))
        where = f"{dialog.name} {dialog.title}：{step['工友']} → {seen}"
        for wanted in map(str, step.get("要有", ())):
            assert wanted in seen, f"缺“{wanted}”：{where}"
        for unwanted in map(str, step.get("没有", ())):
            assert unwanted not in seen, f"多“{unwanted}”：{where}"
        heard += 1
    return heard


def test_the_library_is_written_as_its_readme_says() -> None:
    """Only known words, and every dialog has its own title."""
    assert len({dialog.title for dialog in DIALOGS}) == len(DIALOGS) >= 12
    for dialog in DIALOGS:
        assert dialog.steps, dialog.title
        for step in dialog.steps:
            assert set(step) <= {"工友", "要有", "没有", "过了", "重启"}, dialog.title
            assert "工友" in step or len(step) == 1, dialog.title
