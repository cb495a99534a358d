"""What would be answered, without touching a conversation: for ``niangjia ask``, evaluation and the console."""

from datetime import datetime

from bot.core.conversation import Conversation
from bot.core.messages import InboundMessage, Reply
from handlers import registry
from handlers.skills import Skills
from handlers.turn import Turn
from handlers.wording import Wording
from knowledge.drafts import Reword, as_stored
from knowledge.library import Library


def ask(
    text: str,
    library: Library,
    wording: Wording,
    now: datetime,
    region: str = "",
    reword: Reword = as_stored,
    skills: Skills | None = None,
) -> Reply:
    """The reply a stranger's first message would get."""
    message = InboundMessage("trial", "trial", "trial", text)
    turn = Turn(message, text, Conversation(), library, wording, now, region, reword, skills or Skills())
    return registry.dispatch(turn).reply
