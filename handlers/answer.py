"""A question → an answer with its source, or an honest refusal."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from bot.core.errors import UnknownArticleError
from bot.core.messages import Choice, Reply, ReplyKind
from handlers.turn import Outcome, Turn
from knowledge import answers, questions
from knowledge.chunks import Finding, Hit

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
    exact = _by_title(turn, asked) or _several(turn, asked)
    if exact is not None:
        return exact
    finding = search(turn, asked)
    hits = finding.hits
    told = partial(turn.reword, asked)
    reply = answers.from_finding(finding, turn.library, turn.wording["refusal_near"], told)
    if questions.leans(asked) and turn.conversation.topic and _says_nothing_new(reply, hits, turn):
        reply = _beside(turn, asked) or reply
    if reply is None:
        return _refuse(turn, finding)
    if reply.kind is ReplyKind.CLARIFY:
        return Outcome(reply, turn.conversation.after(reply), unanswered=hits[0].chunk.key if hits else "-")
    after = replace(turn.conversation.after(reply), topic=hits[0].chunk.key, misses=0)
    return Outcome(reply, after)


def _says_nothing_new(reply: Reply | None, hits: Sequence[Hit], turn: Turn) -> bool:
    """Whether a follow-up would get nothing, or only what was said before."""
    return reply is None or hits[0].chunk.key == turn.conversation.topic


def _beside(turn: Turn, asked: str) -> Reply | None:
    """What lies beside the topic that a follow-up leans on, to choose from."""
    topic = turn.library.get(turn.conversation.topic)
    if topic is None:
        return None
    found = turn.library.find(f"{topic.title} {asked}", limit=10, region=turn.region)
    hits = [hit for hit in found.hits if hit.chunk.in_force and hit.chunk.key != topic.key]
    if not hits:
        return None
    chance = round(answers.judge(found, turn.library).ours, 3)
    return replace(answers.offered(hits, turn.wording["refusal_near"]), confidence=chance)


def more(turn: Turn) -> Outcome:
    """The rest of the last answer."""
    if not turn.conversation.more:
        reply = Reply(ReplyKind.SMALLTALK, turn.wording["no_more"])
    else:
        shown, rest = answers.cut(turn.conversation.more)
        reply = Reply(ReplyKind.ANSWER, shown, more=rest)
    return Outcome(reply, turn.conversation.after(reply))


def search(turn: Turn, asked: str) -> Finding:
    """Search; a message that leans on the one before is searched together with its topic, and the surer one counts."""
    finding = turn.library.find(asked, limit=10, region=turn.region)
    topic = turn.library.get(turn.conversation.topic)
    if topic is None or not questions.leans(asked):
        return finding
    title = topic.title if topic.kind == "entry" else f"{topic.short}{topic.address}"
    together = turn.library.find(f"{title} {asked}", limit=10, region=turn.region)
    chances = [answers.judge(found, turn.library).right for found in (finding, together)]
    return together if chances[1] >= chances[0] else finding


def _several(turn: Turn, asked: str) -> Outcome | None:
    """Two or three questions in one message, each with a sure answer of its own, are all answered in short."""
    listed = questions.parts(asked)
    if len(listed) < 2:
        return None
    found = [turn.library.find(part, limit=3, region=turn.region) for part in listed]
    sure = [answers.judge(finding, turn.library).verdict is answers.Verdict.ANSWER for finding in found]
    best = [finding.hits[0].chunk for finding in found if finding.hits and finding.hits[0].chunk.in_force]
    if not all(sure) or len({chunk.key for chunk in best}) < len(listed):
        return None
    reply = answers.from_several(best, turn.library)
    return Outcome(reply, replace(turn.conversation.after(reply), topic=best[-1].key, misses=0))


def _by_title(turn: Turn, asked: str) -> Outcome | None:
    """An entry picked from 您是不是想问 comes back by its title."""
    entry = turn.library.titled(asked)
    if entry is None:
        return None
    reply = answers.from_entry(entry, turn.library)
    return Outcome(reply, replace(turn.conversation.after(reply), topic=entry.key, misses=0))


def _refuse(turn: Turn, finding: Finding) -> Outcome:
    misses = turn.conversation.misses + 1
    name = "handover" if misses >= _MISSES_TO_A_PERSON else "refusal"
    kind = ReplyKind.HANDOVER if misses >= _MISSES_TO_A_PERSON else ReplyKind.REFUSAL
    chance = round(answers.judge(finding, turn.library).ours, 3)
    choices = (Choice("转人工", "人工"), Choice("菜单", "菜单"))
    reply = Reply(kind, turn.wording[name], choices=choices, confidence=chance)
    after = replace(turn.conversation.after(reply), misses=0 if kind is ReplyKind.HANDOVER else misses)
    return Outcome(reply, after, unanswered=finding.hits[0].chunk.key if finding.hits else "-")
