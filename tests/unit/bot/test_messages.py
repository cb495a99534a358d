"""The values that go in and out of a turn."""

from bot.core.conversation import Conversation
from bot.core.messages import Choice, Citation, InboundMessage, Reply, ReplyKind


def test_a_reply_survives_storage() -> None:
    """What is stored for a repeated message comes back equal."""
    citation = Citation("劳动法#1", "劳动法", "第一条", "第一条 内容", note="全国", url="/clause/x")
    reply = Reply(ReplyKind.ANSWER, "可以", (citation,), (Choice("转人工", "人工"),), 0.5, "余下")
    assert Reply.from_dict(reply.to_dict()) == reply


def test_a_conversation_survives_storage() -> None:
    """What is remembered between messages comes back equal, also from an older version's row."""
    conversation = Conversation((Choice("一", "1"),), "余下", "劳动法#1", 2)
    assert Conversation.from_dict(conversation.to_dict()) == conversation
    assert Conversation.from_dict({}) == Conversation()


def test_a_message_never_shows_who_sent_it() -> None:
    """An address or wording must not reach a log through a repr."""
    shown = repr(InboundMessage("web", "secret-address", "m1", "secret words"))
    assert "secret" not in shown
