"""The crisis file ready for use: the gate, and for each kind of danger what is said."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.core.errors import ContentError
from bot.core.messages import ReplyKind
from intents import crisis
from intents.crisis import Gate

_PLACE = re.compile(r"\{(\w+)\}")
_REPLIES = frozenset({ReplyKind.CRISIS, ReplyKind.DUTY})


@dataclass(frozen=True, slots=True)
class Danger:
    """One kind of danger: what staff call it, which reply it is, and what the person reads."""

    label: str
    reply: ReplyKind
    text: str


@dataclass(frozen=True, slots=True)
class Comfort:
    """Everything the crisis handler goes by."""

    gate: Gate
    dangers: Mapping[str, Danger]
    care: str
    """For the messages after."""
    care_person: str
    """For who then asks for a person."""
    there: str
    """What is true while somebody looks at alerts."""
    nobody: str
    """What is true while nobody does."""

    def say(self, text: str, on_duty: bool) -> str:
        """``text`` with the sentence on who hears of it that is true now."""
        return text.replace("{duty}", self.there if on_duty else self.nobody)


def comfort(folder: Path, hotlines: Mapping[str, str], union: str) -> Comfort:
    """The crisis file of a content folder; a broken one is refused with the place in it."""
    stored = crisis.read(folder)
    gate = crisis.build(stored)
    filled = {"union": union, **{number: f"{number}（{name}）" for number, name in hotlines.items()}}
    dangers = {str(kind): _danger(str(kind), told, filled) for kind, told in stored["kinds"].items()}
    duty = stored.get("duty")
    if not isinstance(duty, dict):
        raise ContentError("crisis.yml 的 duty：要有 there 和 nobody 两句话。")
    return Comfort(
        gate=gate,
        dangers=dangers,
        care=_text(stored, "care", "care", filled),
        care_person=_text(stored, "care_person", "care_person", filled),
        there=_text(duty, "there", "duty.there", filled),
        nobody=_text(duty, "nobody", "duty.nobody", filled),
    )


def _danger(kind: str, told: Any, filled: Mapping[str, str]) -> Danger:
    place = f"kinds.{kind}"
    if not isinstance(told, dict) or told.get("reply") not in _REPLIES:
        raise ContentError(f"crisis.yml 的 {place}：要有 label、text，reply 只能是 crisis 或 duty。")
    label = _text(told, "label", f"{place}.label", filled)
    return Danger(label, ReplyKind(told["reply"]), _text(told, "text", f"{place}.text", filled))


def _text(table: Mapping[str, Any], name: str, place: str, filled: Mapping[str, str]) -> str:
    """A sentence with the numbers it names filled in; {duty} waits for the moment it is said."""
    text = table.get(name)
    if not isinstance(text, str) or not text.strip():
        raise ContentError(f"crisis.yml 的 {place}：要写一句话。")

    def fill(found: re.Match[str]) -> str:
        if found[1] == "duty":
            return found[0]
        if found[1] not in filled:
            raise ContentError(f"crisis.yml 的 {place}：hotlines.yml 里没有 {found[1]}。")
        return filled[found[1]]

    return _PLACE.sub(fill, text.strip())
