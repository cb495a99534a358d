"""A question → an answer with its source, or an honest refusal."""

from dataclasses import replace

from bot.core.errors import UnknownArticleError
from bot.core.messages import Choice, Reply, ReplyKind
from handlers.turn import Outcome, Turn
from knowledge import answers

_LONGEST_QUESTION = 500
_MISSES_TO_A_PERSON = 3


def article(turn: Turn) -> Outcome | None:
    """The article asked for by number; None when the text asks something else."""
    topic = turn.conversation.topic.partition("#")[0]
    reference = turn.library.book.reference(turn.text, topic)
    if reference is None or not reference.bare:
        return None
    try:
        found = turn.library.book.find(turn.text, topic)
    except UnknownArticleError as unknown:
        reply = Reply(ReplyKind.CLARIFY, str(unknown), confidence=0.0)
        return Outcome(reply, turn.conversation.after(reply))
    reply = answers.from_articles(found)
    after = replace(turn.conversation.after(reply), topic=found[0].key, misses=0)
    return Outcome(reply, after)


def question(turn: Turn) -> Outcome:
    """Search, answer, and count what could not be answered."""
    asked = turn.text[:_LONGEST_QUESTION]
    exact = _by_title(turn, asked)
    if exact is not None:
        return exact
    hits = turn.library.search(asked, limit=10, region=turn.region)
    reply = answers.from_hits(hits, turn.library, answers.Thresholds(), turn.wording["refusal_near"])
    if reply is None:
        return _refuse(turn, hits[0].chunk.key if hits else "-")
    if reply.kind is ReplyKind.CLARIFY:
        return Outcome(reply, turn.conversation.after(reply), unanswered=hits[0].chunk.key)
    after = replace(turn.conversation.after(reply), topic=hits[0].chunk.key, misses=0)
    return Outcome(reply, after)


def more(turn: Turn) -> Outcome:
    """The rest of the last answer."""
    if not turn.conversation.more:
        reply = Reply(ReplyKind.SMALLTALK, turn.wording["no_more"])
    else:
        shown, rest = answers.cut(turn.conversation.more)
        reply = Reply(ReplyKind.ANSWER, shown, more=rest)
    return Outcome(reply, turn.conversation.after(reply))


def _by_title(turn: Turn, asked: str) -> Outcome | None:
    """An entry picked from 您是不是想问 comes back by its title."""
    entry = turn.library.titled(asked)
    if entry is None:
        return None
    reply = answers.from_entry(entry, turn.library)
    return Outcome(reply, replace(turn.conversation.after(reply), topic=entry.key, misses=0))


def _refuse(turn: Turn, nearest: str) -> Outcome:
    misses = turn.conversation.misses + 1
    name = "handover" if misses >= _MISSES_TO_A_PERSON else "refusal"
    kind = ReplyKind.HANDOVER if misses >= _MISSES_TO_A_PERSON else ReplyKind.REFUSAL
    reply = Reply(
        kind, turn.wording[name], choices=(Choice("转人工", "人工"), Choice("菜单", "菜单")), confidence=0.0
    )
    after = replace(turn.conversation.after(reply), misses=0 if kind is ReplyKind.HANDOVER else misses)
    return Outcome(reply, after, unanswered=nearest)
