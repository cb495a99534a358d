"""A passage: the smallest text that can be cited, exactly as written."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passage:
    """An article, or a section of a handbook."""

    number: str
    """Article number (47, 47之一), ``0`` for a text without articles, empty for a part that is no article."""
    address: str
    """What people read: 第四十七条, or the heading."""
    heading: str
    """Chapter and section above it, joined by a blank."""
    text: str
    """As in the file, number included, paragraphs separated by one line end."""
