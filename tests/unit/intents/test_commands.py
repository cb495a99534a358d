"""Global words."""

import pytest

from intents import commands
from intents.commands import Command


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("人工", Command.PERSON),
        (" 转人工！", Command.PERSON),
        ("菜单。", Command.MENU),
        ("０", Command.MENU),
        ("TD", Command.UNSUBSCRIBE),
        ("取 消", Command.CANCEL),
        ("更多", Command.MORE),
        ("目录", Command.DIRECTORY),
        ("全部 主题", Command.DIRECTORY),
        ("人工费怎么算", None),
        ("取消合同要赔钱吗", None),
    ],
)
def test_a_global_word_stands_alone(text: str, command: Command | None) -> None:
    """A word inside a question is no command."""
    assert commands.command(text) is command


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        ("２", 2),
        ("①", 1),
        ("第三个", 3),
        ("选2", 2),
        ("回复1", 1),
        ("十", 10),
        ("1月", None),
        ("13800000000", None),
        ("三千", None),
    ],
)
def test_a_choice_is_a_bare_number(text: str, number: int | None) -> None:
    """Numbers in every width and script pick; amounts and phones do not."""
    assert commands.choice(text) == number


def test_a_long_list_is_picked_from_to_its_end() -> None:
    """Where more is offered, higher numbers pick; elsewhere they are something else."""
    assert commands.choice("26") is None
    assert commands.choice("26", most=26) == 26
    assert commands.choice("二十六", most=26) == 26
    assert commands.choice("27", most=26) is None


def test_greetings_and_thanks_are_whole_messages() -> None:
    """你好 is a greeting, a question that begins with it is not."""
    assert commands.is_greeting("你好呀".replace("呀", ""))
    assert not commands.is_greeting("你好，工资不发怎么办")
    assert commands.is_thanks("好的谢谢")
    assert not commands.is_thanks("好的那加班费呢")
