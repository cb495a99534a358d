"""What a conversation remembers between two messages."""

from dataclasses import dataclass, replace
from typing import Any

from bot.core.messages import Choice, Reply


@dataclass(frozen=True, slots=True)
class Conversation:
    """The state of one person's talk on one channel; everything in it survives a restart."""

    choices: tuple[Choice, ...] = ()
    """What the numbers 1, 2, 3… of the last reply stand for."""
    more: str = ""
    """The rest of the last answer."""
    topic: str = ""
    """The entry or article the last answer rested on."""
    misses: int = 0
    """Refusals in a row; the third leads to a person."""
    offer: str = ""
    """Mark of the reply whose choices these are."""

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            "choices": [[choice.label, choice.send] for choice in self.choices],
            "more": self.more,
            "topic": self.topic,
            "misses": self.misses,
            "offer": self.offer,
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> "Conversation":
        """The inverse of :meth:`to_dict`; unknown keys of newer versions are passed over."""
        return cls(
            choices=tuple(Choice(label, send) for label, send in stored.get("choices", [])),
            more=stored.get("more", ""),
            topic=stored.get("topic", ""),
            misses=stored.get("misses", 0),
            offer=stored.get("offer", ""),
        )

    def after(self, reply: Reply) -> "Conversation":
        """The state once ``reply`` has been given: its choices and its rest are what 1 and 更多 mean now."""
        offer = reply.mark if reply.choices else ""
        return replace(self, choices=reply.choices, offer=offer, more=reply.more)
