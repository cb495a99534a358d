"""What a handler is given, and what it gives back."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.conversation import Conversation
from bot.core.messages import InboundMessage, Reply
from handlers.wording import Wording
from knowledge.drafts import Reword, as_stored
from knowledge.library import Library


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


@dataclass(frozen=True, slots=True)
class Outcome:
    """The reply, the conversation after it, and what is to be written beside it."""

    reply: Reply
    conversation: Conversation
    unanswered: str = ""
    """Key of the nearest chunk when the question goes on the unanswered list; ``-`` when nothing was near."""
    following: bool | None = None
    """Whether the person wants notices from now on; None leaves it."""
