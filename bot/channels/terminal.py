"""Talk to the bot without any account: a terminal, or JSON lines for other programs."""

import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from bot.core.messages import InboundMessage, Reply

Receive = Callable[[InboundMessage], tuple[Reply, ...]]


def say(receive: Receive, user: str, text: str) -> tuple[Reply, ...]:
    """The replies to one line typed by ``user``."""
    return receive(InboundMessage("terminal", user, uuid.uuid4().hex, text))


def render(reply: Reply) -> str:
    """A reply as plain lines: text, numbered choices, what else can be asked for."""
    lines = [reply.text]
    if reply.more:
        lines.append("（回复“更多”看余下内容）")
    lines += [f"  {number}. {choice.label}" for number, choice in enumerate(reply.choices, start=1)]
    return "\n".join(lines)


def converse(receive: Receive, lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """JSON lines in, JSON objects out: ``{user, text}`` → ``{replies}``; a broken line gets ``{error}``."""
    for line in lines:
        if not line.strip():
            continue
        try:
            asked = json.loads(line)
            user, text = str(asked.get("user", "terminal")), str(asked["text"])
        except (ValueError, KeyError, AttributeError, TypeError):
            yield {"error": '每行要是一个 JSON 对象，例如 {"user": "a", "text": "你好"}。'}
            continue
        yield {"replies": [reply.to_dict() for reply in say(receive, user, text)]}


def talk(receive: Receive) -> None:
    """An interactive conversation until the end of input or 退出."""
    user = uuid.uuid4().hex
    print(render(say(receive, user, "菜单")[0]))
    while True:
        try:
            text = input("\n你：").strip()
        except EOFError:
            return
        if text in ("退出", "exit", "quit"):
            return
        if text:
            print("\n" + "\n".join(render(reply) for reply in say(receive, user, text)))
