"""How this deployment is doing, and what to mend."""

from fastapi import Response

from bot.console.visit import Visit


def show(visit: Visit) -> Response:
    """Every finding; what needs mending comes first in the summary."""
    findings = visit.desk.examine()
    states = [finding.state for finding in findings]
    return visit.page(
        "health/health.html",
        findings=findings,
        bad=states.count("bad"),
        hints=states.count("hint"),
        digest=visit.desk.follower.digest,
    )
