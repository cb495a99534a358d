"""Small facts of a deployment, by name."""

from sqlalchemy.orm import Session

from bot.storage.models import FactRow


def get(session: Session, name: str) -> str:
    """The fact of this name; empty when it was never set."""
    row = session.get(FactRow, name)
    return row.value if row else ""


def put(session: Session, name: str, value: str) -> None:
    """Set a fact."""
    session.merge(FactRow(name=name, value=value))
