"""What a conversation remembers between two messages."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
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
    form: str = ""
    """Code of the form that is being filled in."""
    drafts: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """Code of a form → its stored draft."""
    calculated: str = ""
    """Code of the last calculation, for 换成八千呢."""
    danger: str = ""
    """Kind of the danger the person wrote of last."""
    danger_at: datetime | None = None
    """When."""

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            "choices": [[choice.label, choice.send] for choice in self.choices],
            "more": self.more,
            "topic": self.topic,
            "misses": self.misses,
            "offer": self.offer,
            "form": self.form,
            "drafts": dict(self.drafts),
            "calculated": self.calculated,
            "danger": self.danger,
            "danger_at": self.danger_at.isoformat() if self.danger_at else "",
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> "Conversation":
        """The inverse of :meth:`to_dict`; unknown keys of newer versions are passed over."""
        danger_at = stored.get("danger_at")
        return cls(
            choices=tuple(Choice(label, send) for label, send in stored.get("choices", [])),
            more=stored.get("more", ""),
            topic=stored.get("topic", ""),
            misses=stored.get("misses", 0),
            offer=stored.get("offer", ""),
            form=stored.get("form", ""),
            drafts=stored.get("drafts", {}),
            calculated=stored.get("calculated", ""),
            danger=stored.get("danger", ""),
            danger_at=datetime.fromisoformat(danger_at) if danger_at else None,
        )

    def after(self, reply: Reply) -> "Conversation":
        """The state once ``reply`` has been given: its choices and its rest are what 1 and 更多 mean now."""
        offer = reply.mark if reply.choices else ""
        return replace(self, choices=reply.choices, offer=offer, more=reply.more)
