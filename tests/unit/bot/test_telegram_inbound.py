"""Updates become messages of the core, or nothing."""

from typing import Any

import pytest
from telegram import Update

from bot.channels.telegram import inbound
from bot.channels.telegram.inbound import GROUP, PRIVATE, Incoming, Me
from bot.core.messages import MessageKind
from tests.fakes.telegram import BOT, FakeTelegram

ME = Me(4242, "niangjia_bot")
PERSON, CHAT = 700, -1007
FAKE = FakeTelegram()
FILE = {"file_id": "f", "file_unique_id": "f"}
AREA = {"width": 1, "height": 1}
PLACE = {"longitude": 113.6, "latitude": 34.7}


def _read(**update: Any) -> Incoming | None:
    return inbound.read(Update.de_json({"update_id": 9, **update}, None), ME)


def _said(text: str | None = None, chat: int | None = None, **more: Any) -> Incoming | None:
    return _read(message=FAKE.message(PERSON, text, chat, **more))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"photo": [FILE | AREA]}, MessageKind.IMAGE),
        ({"voice": FILE | {"duration": 1}}, MessageKind.VOICE),
        ({"audio": FILE | {"duration": 1}}, MessageKind.VOICE),
        ({"video_note": FILE | {"length": 1, "duration": 1}}, MessageKind.VOICE),
        ({"document": FILE}, MessageKind.FILE),
        ({"video": FILE | AREA | {"duration": 1}}, MessageKind.FILE),
        ({"location": PLACE}, MessageKind.LOCATION),
        ({"venue": {"location": PLACE, "title": "厂", "address": "路"}}, MessageKind.LOCATION),
        ({"contact": {"phone_number": "0", "first_name": "工友"}}, MessageKind.OTHER),
        ({"dice": {"emoji": "🎲", "value": 1}}, MessageKind.OTHER),
    ],
)
def test_what_is_no_text_keeps_its_kind_and_its_caption(content: dict[str, Any], kind: MessageKind) -> None:
    """The core decides what to say about it."""
    read = _said(**content, caption="这是什么")
    assert read is not None
    assert read.message is not None
    assert (read.message.kind, read.message.text) == (kind, "这是什么")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("/start", "菜单"),
        ("/start invite_42", "菜单"),
        ("/START@niangjia_bot", "菜单"),
        ("/help\n工资", "菜单"),
        ("/stop", "退订"),
        ("/person", "人工"),
        ("/unheard_of", "/unheard_of"),
        ("/ 加班", "/ 加班"),
        ("工资\x00\x1b没发\n", "工资没发\n"),
    ],
)
def test_commands_become_our_words(text: str, word: str) -> None:
    """Whatever follows a command is dropped; what is none stays as typed, control characters aside."""
    read = _said(text)
    assert read is not None
    message = read.message
    assert message is not None
    assert (message.channel, message.sender, message.message_id) == (PRIVATE, str(PERSON), "9")
    assert message.text == word
    assert message.sent_at is not None
    assert message.sent_at.tzinfo is not None


@pytest.mark.parametrize(
    ("text", "more", "asked"),
    [
        ("加班费怎么算", {}, None),
        ("@niangjia_bot 加班费怎么算", {}, "加班费怎么算"),
        ("😀加班费怎么算 @Niangjia_Bot", {}, "😀加班费怎么算"),
        ("@niangjia_bot2 加班费怎么算", {}, None),
        ("加班费怎么算", {"reply_to_message": {**FAKE.message(1, "答", CHAT), "from": BOT}}, "加班费怎么算"),
        ("加班费怎么算", {"reply_to_message": FAKE.message(1, "问", CHAT)}, None),
        ("更多", {"reply_to_message": {**FAKE.message(1, "答", CHAT), "from": BOT}}, "更多"),
        (
            "娘家人 工资",
            {"entities": [{"type": "text_mention", "offset": 0, "length": 3, "user": BOT}]},
            "工资",
        ),
        ("t.me/x 看", {"entities": [{"type": "url", "offset": 0, "length": 6}]}, None),
        ("/help", {}, None),
        ("/help@another_bot", {}, None),
        ("@niangjia_bot 问", {"is_automatic_forward": True}, None),
    ],
)
def test_a_group_is_heard_only_when_it_speaks_to_us(
    text: str, more: dict[str, Any], asked: str | None
) -> None:
    """By name, in any case, or in reply to us; the asker there is nobody the private chat knows."""
    read = _said(text, CHAT, **more)
    message = read.message if read else None
    assert (message.text if message else None) == asked
    if message is not None:
        assert (message.channel, message.sender) == (GROUP, f"{CHAT}:{PERSON}")
        assert inbound.unreachable(read) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["@niangjia_bot", "/help@niangjia_bot", "@niangjia_bot 人工", "退订 @niangjia_bot"]
)
def test_a_group_that_asks_for_more_than_an_answer_is_pointed_to_private(text: str) -> None:
    """The core is not asked, so nothing changes for anybody."""
    read = _said(text, CHAT)
    assert read is not None
    assert read.message is None
    assert not read.place.private


def test_pictures_shown_to_a_group_are_heard_by_their_caption() -> None:
    """Named in the caption it is a question; a bare picture in reply to us is none."""
    photo = [FILE | AREA]
    entity = {"type": "mention", "offset": 0, "length": 13}
    named = _said(None, CHAT, photo=photo, caption="@niangjia_bot 这合法吗", caption_entities=[entity])
    assert named is not None
    assert named.message is not None
    assert named.message.text == "这合法吗"
    ours = {**FAKE.message(1, "答", CHAT), "from": BOT}
    assert _said(None, CHAT, photo=photo, reply_to_message=ours) is None


def test_bots_are_not_answered_but_anonymous_officers_are() -> None:
    """Two bots would talk for ever; who writes as the group is a person."""
    robot = {"id": 5, "is_bot": True, "first_name": "机"}
    as_group = {"id": CHAT, "type": "supergroup", "title": "组"}
    assert _said("@niangjia_bot 问", CHAT, **{"from": robot}) is None
    assert _said("@niangjia_bot 问", CHAT, **{"from": robot, "sender_chat": as_group}) is not None


def test_taps_are_always_answered_and_heard_only_in_private() -> None:
    """A message hidden for its age, or somebody else's, has no choices of ours."""
    person = {"id": PERSON, "is_bot": False, "first_name": "工友"}
    query = {"id": "t1", "from": person, "chat_instance": "1", "data": "t:人工"}
    for update in (query, query | {"message": FAKE.message(1, "答", CHAT)}):
        read = _read(callback_query=update)
        assert read is not None
        assert (read.tap, read.message) == ("t1", None)
    aged = {"chat": {"id": PERSON, "type": "private"}, "message_id": 1, "date": 0}
    read = _read(callback_query=query | {"message": aged})
    assert read is not None
    assert read.message is not None
    assert read.message.text == "人工"


def test_joining_a_group_and_what_we_did_not_ask_for_say_nothing() -> None:
    """Only a private block or return changes anything."""
    person = {"id": PERSON, "is_bot": False, "first_name": "工友"}
    group = {"id": CHAT, "type": "supergroup", "title": "组"}
    member = {"status": "member", "user": BOT}
    change = {"chat": group, "from": person, "date": 1, "old_chat_member": member, "new_chat_member": member}
    assert _read(my_chat_member=change) is None
    assert _read(edited_message=FAKE.message(PERSON, "改了")) is None
    assert _said(None, new_chat_title="新名") is None
