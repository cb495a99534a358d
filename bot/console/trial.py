"""Try a question: the reply a worker would get, and which texts were found and why."""

from dataclasses import dataclass

from fastapi import Response

from bot.console.unanswered import Nearest, nearest
from bot.console.visit import Visit
from bot.core.errors import NiangjiaError
from bot.core.messages import Reply, ReplyKind
from bot.storage import knowledge
from handlers import trial
from knowledge import answers
from knowledge.chunks import Finding, Hit
from knowledge.library import Library

_LONGEST_QUESTION = 500
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Found:
    """A found text with the page it can be read on."""

    hit: Hit
    where: Nearest


def show(visit: Visit) -> Response:
    """The empty box."""
    return visit.page("trial/trial.html", question="", asked=False)


def ask(visit: Visit) -> Response:
    """The reply to the question in the box, and what was found; nothing is kept or counted."""
    desk, question = visit.desk, visit.field("question").strip()[:_LONGEST_QUESTION]
    if not question:
        raise NiangjiaError("请先写一个问题，再点“试一试”。")
    library = desk.follower.library
    reply = trial.ask(question, library, desk.wording, visit.now, desk.region)
    finding = library.find(question, _SHOWN, desk.region)
    with desk.database.reading() as session:
        documents = knowledge.ids_by_short(session, (hit.chunk.short for hit in finding.hits))
    return visit.page(
        "trial/result.html" if visit.partial else "trial/trial.html",
        question=question,
        asked=True,
        reply=reply,
        found=[Found(hit, nearest(hit.chunk.key, library, documents)) for hit in finding.hits],
        limits=library.calibration,
        judgement=answers.judge(finding, library),
        why=why(question, reply, finding, library),
    )


def why(question: str, reply: Reply, finding: Finding, library: Library) -> str:
    """How it came to this reply, in words."""
    if reply.kind is ReplyKind.ARTICLE:
        return "问题点明了法规和条号，直接取这一条的原文，不用检索。"
    if library.titled(question):
        return "问题和一个问答条目的标题完全一样，直接给出这个条目。"
    limits, judgement = library.calibration, answers.judge(finding, library)
    ours, right = f"{judgement.ours:.0%}", f"{judgement.right:.0%}"
    sure, near = f"{limits.sure:.0%}", f"{limits.near:.0%}"
    if reply.kind is ReplyKind.ANSWER:
        return f"排在最前的现行内容有 {right} 的把握是答案，达到 {sure} 的把握线，直接回答。"
    if reply.kind is ReplyKind.CLARIFY and reply.choices:
        return f"手册里多半有（{ours}），但排在最前的只有 {right} 的把握，不到 {sure}：请对方在相近内容里选，并记入未答问题。"
    if reply.kind is ReplyKind.CLARIFY:
        return "问题像是要查某一条法规，但没有这部法规或这一条，请对方核对。"
    if reply.kind is ReplyKind.REFUSAL:
        return f"手册里有答案的可能只有 {ours}，不到 {near}：如实说手册里没有，并记入未答问题。"
    return "这句话是问候、通用词（菜单、人工、取消……）或固定流程，按固定话术回复，没有检索。"
