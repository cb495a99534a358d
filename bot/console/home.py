"""The first page: what there is, and what to do next."""

from fastapi import Response

from bot.console.visit import Visit
from bot.storage import conversations, knowledge
from handlers.accounts import Role


def show(visit: Visit) -> Response:
    """Counts, the state of the index, and the next steps."""
    if visit.member.roles == {Role.DUTY}:
        return visit.go("/console/alerts")
    follower = visit.desk.follower
    with visit.desk.database.reading() as session:
        counts = knowledge.counts(session)
        published = knowledge.latest_publication(session)
        waiting = conversations.count_unanswered(session)
        top = conversations.unanswered(session, limit=5)
    return visit.page(
        "home/home.html",
        counts=counts,
        waiting=waiting.get("open", 0),
        published=published,
        serving=published is not None and published.digest == follower.digest,
        chunks=len(follower.library.chunks),
        top=top,
        job=visit.console.jobs.latest_running(),
    )
