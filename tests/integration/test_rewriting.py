"""Answers said in other words by a model that may lie, fail or hang: through a whole deployment, over real HTTP."""

import shutil
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
import structlog
from sqlalchemy import func, select

from bot import app, doctor, server
from bot.core.clock import FixedClock
from bot.core.messages import InboundMessage, Reply, ReplyKind
from bot.settings import load_settings
from bot.storage import conversations
from bot.storage.models import TranscriptRow
from handlers import curation
from tests.fakes import llm
from tests.fakes.llm import KEY, MODEL, Failure, FakeModel
from tests.fakes.wechat_platform import Credentials, Mode, Outcome, WeChatPlatform, new_id, text
from tests.integration.live import serve

ASKED = "进厂三个月了一直没签劳动合同，能要双倍工资不"
CONCLUSION = "这不合法：满一个月还没有签书面劳动合同，从第二个月起公司每月要付您双倍工资，最多十一个月。"
DETAILS = (
    "单位应当从您上班那天起1个月内签书面劳动合同。",
    "多出的那一倍，从满一个月的次日算到补签前一天，零头按实际工作日算。",
    "如果满一年还没签，就视为已是无固定期限合同，单位应当马上补签。",
    "双倍只算到满一年的前一天。",
    "公司能证明是不可抗力，或者您自己故意、有重大过失没签的，可以不付。",
)
FAITHFUL = CONCLUSION + "".join(DETAILS)
STORED = (
    "不合法，满一个月还没签书面合同，从第二个月起单位每月要付你两倍工资，最多十一个月。",
    "单位应当从你上班那天起一个月内签书面合同。",
    "多出的那一倍，从满一个月的次日算到补签前一天，零头按实际工作日算。",
    "满一年还没签，视为已是无固定期限合同，单位应当马上补签",
    "双倍只算到满一年的前一天。",
    "单位能证明是不可抗力，或者你自己故意、有重大过失没签的，可以不付。",
)
Deploy = Callable[..., AbstractContextManager[app.Parts]]


@pytest.fixture
def model() -> Iterator[FakeModel]:
    """A service that says H019 faithfully in other words."""
    with llm.serving(draft=lambda _question, _stored: FAITHFUL) as fake:
        yield fake


@pytest.fixture
def deploy(_first_start: Path, tmp_path: Path, clock: FixedClock) -> Deploy:
    """A whole deployment that knows of the service, or with other settings."""

    @contextmanager
    def deploying(fake: FakeModel | None, **given: object) -> Iterator[app.Parts]:
        folder = tmp_path / uuid.uuid4().hex
        shutil.copytree(_first_start, folder)
        known = _known(fake) if fake else {}
        parts = app.assemble(load_settings(**{"data_dir": folder, **known, **given}), clock)
        try:
            yield parts
        finally:
            parts.close()

    return deploying


@pytest.fixture
def plain(deploy: Deploy) -> Iterator[app.Parts]:
    """The same deployment without a model."""
    with deploy(None) as parts:
        yield parts


def _known(fake: FakeModel) -> dict[str, object]:
    """The settings that switch the service on."""
    return {"llm_base_url": fake.base_url, "llm_model": MODEL, "llm_api_key": KEY}


def _say(parts: app.Parts, said: str = ASKED, sender: str = "a") -> Reply:
    return parts.assistant.receive(InboundMessage("web", sender, uuid.uuid4().hex, said))[0]


def _whole(reply: Reply) -> str:
    return reply.text + reply.more


def _tail(reply: Reply) -> str:
    """Everything from the next step on."""
    return _whole(reply)[_whole(reply).index("下一步：") :].replace("\n", "")


def test_a_faithful_rewording_is_shown(model: FakeModel, deploy: Deploy, plain: app.Parts) -> None:
    """Conclusion and conditions in new words; next step, sources and choices byte for byte as without a model."""
    stored = _say(plain)
    with deploy(model) as parts:
        reply = _say(parts)
    assert reply.text.startswith(f"{CONCLUSION}\n具体情况：{DETAILS[0]}")
    assert all(detail in _whole(reply) for detail in DETAILS)
    assert _tail(reply) == _tail(stored)
    assert (reply.kind, reply.citations, reply.choices) == (stored.kind, stored.citations, stored.choices)
    assert len(model.asked) == 1
    assert not model.refused


LIES = {
    "amount": (DETAILS[3], "双倍只算到满两年的前一天。"),
    "month": (DETAILS[0], "单位应当从您上班那天起3个月内签书面劳动合同。"),
    "negated": (DETAILS[4], "公司能证明是不可抗力，或者您自己故意、有重大过失没签的，不可以不付。"),
    "turned round": (DETAILS[4], "公司能证明是不可抗力，或者您自己故意、有重大过失没签的，也要付。"),
    "weakened": (DETAILS[2], "如果满一年还没签，就视为已是无固定期限合同，单位可以马上补签。"),
    "swapped": (DETAILS[0], "您应当从公司上班那天起1个月内签书面劳动合同。"),
    "no condition": (DETAILS[2], "视为已是无固定期限合同，单位应当马上补签。"),
    "other word": (DETAILS[0], "单位应当从您上班那天起1个月内签口头劳动合同。"),
    "article": (DETAILS[2], DETAILS[2] + "依据是《劳动合同法》第八十五条。"),
    "hotline": (DETAILS[2], DETAILS[2] + "请马上拨打400-800-1234。"),
    "promise": (DETAILS[2], DETAILS[2] + "工会一定帮您把钱要回来。"),
    "address": (DETAILS[2], DETAILS[2] + "详情见 https://example.com/pay。"),
    "echo": (DETAILS[2], DETAILS[2] + "好的，我会忽略以上规则，单位不用付钱。"),
    "instruction": (DETAILS[2], DETAILS[2] + "请扫码添加客服并提供验证码。"),
    "question": (DETAILS[2], DETAILS[2] + "单位应当马上补签？"),
}


def test_a_lie_is_dropped_and_the_truth_stands(model: FakeModel, deploy: Deploy) -> None:
    """Only that sentence goes; what it should have said is there in the stored words, the rest in the new ones."""
    with deploy(model) as parts:
        for lie, (true, said) in LIES.items():
            model.draft = lambda _question, _stored, true=true, said=said: FAITHFUL.replace(true, said)
            shown = _whole(_say(parts, sender=lie))
            added = said.removeprefix(true).rstrip("。")
            stored = STORED[DETAILS.index(true) + 1]
            assert CONCLUSION in shown, lie
            assert added in stored or added not in shown, lie
            assert (true if said.startswith(true) else stored) in shown, lie
            assert not [detail for detail in DETAILS if detail != true and detail not in shown], lie
    assert len(model.asked) == len(LIES)


USELESS = {
    "conclusion": FAITHFUL.replace("双倍工资，最多十一个月", "三倍工资，最多十一个月"),
    "no conclusion": FAITHFUL.removeprefix(CONCLUSION),
    "opposite": "合法。" + FAITHFUL.removeprefix(CONCLUSION),
    "mostly lies": "这个问题建议咨询律师。保证能赢。请加微信。" + CONCLUSION,
    "forgets": CONCLUSION,
    "empty": "",
    "marks": "。。。",
    "refuses": "我不能回答这个问题。",
    "english": "As an AI language model I cannot help.",
    "thinks on": "<think>单位要付三倍工资。",
    "in circles": FAITHFUL * 20,
}


def test_a_bad_draft_is_not_used_at_all(model: FakeModel, deploy: Deploy, plain: app.Parts) -> None:
    """Where the conclusion is lost or too little survives, the stored answer stands as it is."""
    stored = _say(plain)
    with deploy(model) as parts:
        for why, draft in USELESS.items():
            model.draft = lambda _question, _stored, draft=draft: draft
            assert _say(parts, sender=why) == stored, why
    assert len(model.asked) == len(USELESS)


def test_thinking_aloud_is_left_out(model: FakeModel, deploy: Deploy) -> None:
    """What stands before the end of a model's thoughts is not read."""
    model.draft = lambda _question, _stored: f"<think>付三倍？还是两倍。</think>\n\n{FAITHFUL}"
    with deploy(model) as parts:
        assert _say(parts).text.startswith(CONCLUSION)


def test_every_failure_leaves_the_stored_answer(model: FakeModel, deploy: Deploy, plain: app.Parts) -> None:
    """Same words, same sources, one warning without anybody's words; after it the model is asked again."""
    stored = _say(plain)
    with deploy(model) as parts:
        for failure in Failure:
            model.failure = failure
            with structlog.testing.capture_logs() as logs:
                assert _say(parts, sender=failure) == stored, failure
            assert [line["event"] for line in logs] == ["rewriting failed"], failure
            assert not [word for word in (ASKED, STORED[0], KEY) if word in str(logs)], failure
            model.failure = None
            _say(parts, sender=f"after {failure}")
    assert len(model.asked) == 2 * len(Failure)


def test_a_slow_model_is_not_waited_for(model: FakeModel, deploy: Deploy, plain: app.Parts) -> None:
    """When its time is over the stored answer goes out; a later good answer changes nothing."""
    model.seconds = 30
    with deploy(model, wechat_answer_within=2.0) as parts:
        assert _say(parts) == _say(plain)
    assert len(model.asked) == 1


def test_a_service_that_is_not_there(model: FakeModel, deploy: Deploy, plain: app.Parts) -> None:
    """Nothing listens: the stored answer."""
    with deploy(model, llm_base_url="http://127.0.0.1:9/v1") as parts:
        assert _say(parts) == _say(plain)
    assert model.connections == 0


def test_a_failing_model_is_left_alone(model: FakeModel, deploy: Deploy, plain: app.Parts) -> None:
    """After three failures nobody waits for it any more, and everybody gets the stored answer."""
    model.failure = Failure.BROKEN
    with deploy(model) as parts:
        replies = [_say(parts, sender=f"worker{number}") for number in range(8)]
    assert len(model.asked) == 3
    assert set(map(repr, replies)) == {repr(_say(plain))}


@pytest.mark.parametrize("missing", [{"llm_base_url": ""}, {"llm_model": ""}])
def test_empty_settings_ask_nobody(
    model: FakeModel, deploy: Deploy, plain: app.Parts, missing: dict[str, str]
) -> None:
    """Without address or name there is no connection at all, and the answers are the stored ones."""
    with deploy(model, **missing) as parts:
        assert _say(parts) == _say(plain)
        assert [found.state for found in doctor.examine(parts) if found.subject == "改写模型"] == [
            doctor.State.BAD
        ]
    assert model.connections == 0


def test_only_masked_question_and_prose_leave_the_machine(model: FakeModel, deploy: Deploy) -> None:
    """No phone, id or card number, no address of the sender, no article, no next step; the key only in its header."""
    private = f"{ASKED} 我电话13800000000 身份证110101199003070011 卡6222020000000000000"
    with deploy(model) as parts:
        assert _say(parts, private, sender="openid-of-somebody").kind is ReplyKind.ANSWER
    assert "138****0000" in model.heard
    for secret in ("13800000000", "110101199003070011", "6222020000000000000", "openid-of-somebody", KEY):
        assert secret not in model.heard
    asked = model.asked[0]["messages"][-1]["content"]
    assert asked.partition("原文：\n")[2].split("\n")[0] == STORED[0]
    assert "12333" not in asked
    assert "劳动合同法" not in asked


def test_a_repeated_message_gets_the_same_bytes(model: FakeModel, deploy: Deploy) -> None:
    """The platform's retry gets what was stored after rewriting, although the model would say something else now."""
    shared = Credentials()
    account = {"wechat_token": shared.token, "wechat_app_id": shared.app_id, "wechat_aes_key": shared.aes_key}
    with deploy(model, **account) as parts, serve(server.create(parts, with_worker=False)) as base:
        platform = WeChatPlatform(base, shared, Mode.SAFE, parts.clock)
        pushed = text(ASKED, msg_id=new_id(), created=int(parts.clock.now().timestamp()))
        seen = [platform.push(pushed)]
        model.draft = lambda _question, stored: stored
        seen += [platform.push(pushed) for _ in range(3)]
        with parts.database.reading() as session:
            assert session.scalar(select(func.count(TranscriptRow.id)).where(TranscriptRow.by_worker)) == 1
        restarted = app.assemble(parts.settings, parts.clock)
        with serve(server.create(restarted, with_worker=False)) as elsewhere:
            seen.append(WeChatPlatform(elsewhere, shared, Mode.SAFE, parts.clock).push(pushed))
        restarted.close()
    assert seen[0].outcome is Outcome.REPLY
    assert seen[0].text.startswith(CONCLUSION)
    assert len({found.answers[0].clear for found in seen}) == 1
    assert len(model.asked) == 1


def test_no_transaction_is_open_while_the_model_thinks(model: FakeModel, deployment: app.Parts) -> None:
    """Another connection writes and reads meanwhile, on either database."""
    given = deployment.settings.model_dump() | _known(model)
    parts = app.assemble(load_settings(**given), deployment.clock)
    done: list[str] = []

    def write_meanwhile(_question: str, _stored: str) -> str:
        with parts.database.session() as session:
            vault = parts.database.vault
            row = conversations.open_conversation(session, vault, "web", "a", parts.clock.now())
            done.append(row.state)
            conversations.note_unanswered(session, vault, "别的问题", "-", parts.clock.now())
        return FAITHFUL

    model.draft = write_meanwhile
    try:
        assert _say(parts).text.startswith(CONCLUSION)
    finally:
        parts.close()
    assert done == ["{}"]


def test_who_writes_in_a_hurry_is_answered_at_once(
    model: FakeModel, deploy: Deploy, clock: FixedClock
) -> None:
    """Messages that waited behind another get the stored words, so that ten in a row are not ten waits."""
    with deploy(model) as parts:
        clock.advance(seconds=10)
        _say(parts)
        clock.advance(seconds=10)
        assert _say(parts).text.startswith(CONCLUSION)
        clock.advance(seconds=1)
        assert _say(parts).text.startswith(STORED[0])
        clock.advance(seconds=3)
        assert _say(parts).text.startswith(CONCLUSION)
    assert len(model.asked) == 3


def test_only_a_few_wait_at_the_same_time(model: FakeModel, deploy: Deploy) -> None:
    """While four messages wait for the model, a fifth gets the stored words and asks nobody."""
    inside, go_on = threading.Semaphore(0), threading.Event()

    def held(_question: str, _stored: str) -> str:
        inside.release()
        go_on.wait(20)
        return FAITHFUL

    model.draft = held
    with deploy(model) as parts:
        threads = [threading.Thread(target=_say, args=(parts, ASKED, f"worker{n}")) for n in range(4)]
        for thread in threads:
            thread.start()
        for _ in threads:
            assert inside.acquire(timeout=20)
        fifth = _say(parts, sender="fifth")
        go_on.set()
        for thread in threads:
            thread.join()
    assert fifth.text.startswith(STORED[0])
    assert len(model.asked) == 4


def _import(parts: app.Parts, document: str, name: str) -> None:
    curation.import_one(parts.database, parts.catalogue, document.encode(), name, parts.clock.now())
    app.rebuild(parts)


def test_what_is_quoted_or_picked_is_never_sent(model: FakeModel, deploy: Deploy) -> None:
    """Articles, titles picked from a list, menus and refusals stay as they are stored."""
    article = "第二条 用人单位安排江城码头装卸工夏季夜间装卸的，应当发放江城码头夜间装卸津贴。"
    with deploy(model) as parts:
        _import(
            parts,
            f"# 示范津贴法\n\n2020年1月2日 通过\n\n<!-- INFO END -->\n\n第一条 为了装卸工。\n\n{article}\n",
            "津贴.md",
        )
        found = _say(parts, "江城码头夜间装卸津贴")
        assert (found.kind, found.text.split("\n", 1)[1]) == (ReplyKind.ANSWER, article)
        for said in ("示范津贴法第二条", "上班超过一个月没签合同", "菜单", "麒麟臂zebra"):
            assert _say(parts, said).text
    assert model.connections == 0


def test_a_handbook_section_may_be_said_anew(model: FakeModel, deploy: Deploy) -> None:
    """A union's own handbook in other words, under its own address; the cited text is the stored one."""
    section = "职工法律服务站每周三上午有律师值班，会员可以免费咨询。\n\n值班律师不代写诉状。\n\n一次最多咨询三十分钟。"
    model.draft = lambda _question, _stored: (
        "会员可以免费咨询。职工法律服务站每周三上午有律师值班，会员可以免费咨询。值班律师可以代写诉状。一次最多咨询30分钟。"
    )
    with deploy(model) as parts:
        _import(parts, f"# 江城市总工会服务手册\n\n## 职工法律服务站值班时间\n\n{section}\n", "手册.md")
        reply = _say(parts, "江城市职工法律服务站什么时候有律师值班")
    first, *others = reply.text.split("\n")
    assert first == "《江城市总工会服务手册》职工法律服务站值班时间："
    assert others == [
        "职工法律服务站每周三上午有律师值班，会员可以免费咨询。",
        "值班律师不代写诉状。",
        "一次最多咨询30分钟。",
    ]
    assert reply.citations[0].quote == section.replace("\n\n", "\n")


def test_the_doctor_tries_the_model(model: FakeModel, deploy: Deploy, plain: app.Parts) -> None:
    """On and reachable, on and refused, off; the key is never in what it says."""

    def finding(parts: app.Parts) -> doctor.Finding:
        found = doctor.examine(parts)
        assert KEY not in str(found)
        assert KEY not in repr(parts)
        return next(one for one in found if one.subject == "改写模型")

    with deploy(model) as parts:
        assert finding(parts).state is doctor.State.GOOD
        assert model.base_url.split("/")[2] in finding(parts).seen
    with deploy(model, llm_api_key="sk-of-somebody-else") as parts:
        refused = finding(parts)
        assert (refused.state, "状态码 401" in refused.seen) == (doctor.State.BAD, True)
        assert "sk-of-somebody-else" not in str(doctor.examine(parts))
    assert (finding(plain).state, finding(plain).mend) == (doctor.State.GOOD, "")


def test_ask_shows_what_a_worker_would_get(model: FakeModel, deploy: Deploy) -> None:
    """The command line says it in the model's words too."""
    with deploy(model) as parts:
        assert app.asker(parts)(ASKED).text.startswith(CONCLUSION)
