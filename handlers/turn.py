"""What a handler is given, and what it gives back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.core.conversation import Conversation
from bot.core.messages import InboundMessage, Reply
from handlers.skills import Skills
from handlers.wording import Wording
from knowledge.drafts import Reword, as_stored
from knowledge.library import Library


def nobody() -> bool:
    """For turns that no member of staff hears of."""
    return False


@dataclass(frozen=True, slots=True)
class Turn:
    """One message with everything a handler may look at."""

    message: InboundMessage
    text: str
    """The message's text, or what a picked number stands for."""
    conversation: Conversation
    library: Library
    wording: Wording
    now: datetime
    region: str = ""
    reword: Reword = as_stored
    """Says an answer's prose in other words, where a model is switched on."""
    skills: Skills = field(default_factory=Skills)
    """Understands intents, computes, fills in forms."""
    on_duty: Callable[[], bool] = nobody
    """Whether somebody looks at alerts; asked only when one is raised."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The reply, the conversation after it, and what is to be written beside it."""

    reply: Reply
    conversation: Conversation
    unanswered: str = ""
    """Key of the nearest chunk when the question goes on the unanswered list; ``-`` when nothing was near."""
    noted: str = ""
    """What goes on that list instead of the message's own words."""
    following: bool | None = None
    """Whether the person wants notices from now on; None leaves it."""
    alert: str = ""
    """Kind of the danger that a person must look at now."""
