"""The webhook against a third-party cipher: it encrypts, we answer, it decrypts."""

import json
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from bot.channels.wechat import Account, router
from bot.core.clock import FixedClock
from bot.core.messages import Reply, ReplyKind
from tests.clients import npm
from tests.fakes.wechat_platform import Credentials, text
from tests.integration.live import serve

pytestmark = pytest.mark.node
SHARED = Credentials()
FOLDER = Path(__file__).resolve().parent.parent / "clients" / "wechat"
BODIES = ("工资", "🙂👩‍👩‍👧", "a]]>b", "拖\x07欠", *("x" * length for length in range(33)), "长" * 10_000)


@pytest.fixture
def url(clock: FixedClock) -> Iterator[str]:
    """A webhook in safe mode that says what it heard."""
    web = FastAPI()
    account = Account(SHARED.token, SHARED.app_id, SHARED.aes_key)
    web.include_router(router(account, lambda asked: (Reply(ReplyKind.ANSWER, f"听到{asked.text}"),), clock))
    with serve(web) as base:
        yield f"{base}/wechat"


def _push(asked: list[dict[str, str]]) -> list[dict[str, object]]:
    place = npm.installed(FOLDER)
    done = subprocess.run(
        [npm.node(), "push.mjs"],
        cwd=place,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def _asked(url: str, clock: FixedClock, xml: str, **changed: str) -> dict[str, str]:
    stamp = str(int(clock.now().timestamp()))
    shared = {"token": SHARED.token, "aesKey": SHARED.aes_key, "appId": SHARED.app_id}
    return {"url": url, "timestamp": stamp, "xml": xml} | shared | changed


def test_another_program_understands_us_and_we_it(url: str, clock: FixedClock) -> None:
    """Every padding length, emoji, control characters and a long message, signed and opened on both sides."""
    answers = _push([_asked(url, clock, text(body)) for body in BODIES])
    assert {(answer["status"], answer["signed"], answer["appId"]) for answer in answers} == {
        (200, True, SHARED.app_id)
    }
    heard = [ET.fromstring(str(answer["clear"])).findtext("Content", "") for answer in answers]
    expected = [f"听到{body}".replace("\x07", "") for body in BODIES]
    assert heard[:-1] == expected[:-1]
    assert heard[-1].startswith("听到长长长")


def test_another_program_with_wrong_credentials_is_refused(url: str, clock: FixedClock) -> None:
    """Another token, another app id, an old timestamp: 403 and nothing else. Another key: acknowledged, unread."""
    old = str(int(clock.now().timestamp()) - 3600)
    wrong = [
        {"token": "other"},
        {"appId": "wxffffffffffffffff"},
        {"timestamp": old},
        {"aesKey": "b" * 42 + "c"},
    ]
    answers = _push([_asked(url, clock, text("x"), **changed) for changed in wrong])
    assert answers == [{"status": 403, "answer": ""}] * 3 + [{"status": 200, "answer": "success"}]
