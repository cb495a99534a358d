"""The booklet (口袋书): every entry in one page that needs nothing else, for reading offline and for printing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from jinja2 import Environment, PackageLoader

from bot.channels.webchat.pages import lines
from knowledge import answers, shelves
from knowledge.chunks import Chunk
from knowledge.entries import Entry
from knowledge.library import Library


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the booklet."""

    code: str
    title: str
    region: str
    text: str


@dataclass(frozen=True, slots=True)
class Topic:
    """One chapter."""

    name: str
    entries: tuple[Item, ...]


def render(library: Library, union_name: str, today: date, region: str = "") -> tuple[str, int]:
    """The page, and how many entries stand in it; with a ``region``, national ones and its own."""
    topics = tuple(_topics(library, region))
    templates = Environment(
        loader=PackageLoader("bot.channels", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["lines"] = lines
    count = sum(len(topic.entries) for topic in topics)
    page = templates.get_template("booklet.html").render(
        union=union_name, today=today, region=region, topics=topics, count=count
    )
    return page, count


def _topics(library: Library, region: str) -> Iterator[Topic]:
    chosen = [chunk for chunk in library.chunks if shelves.holds_in(chunk, region)]
    for name, parts in groupby(shelves.shelves(chosen), key=lambda shelf: shelf.topic):
        yield Topic(name, tuple(_item(chunk, library) for shelf in parts for chunk in shelf.entries))


def _item(chunk: Chunk, library: Library) -> Item:
    entry = Entry.from_dict(dict(chunk.body or {}))
    return Item(entry.id, entry.title, entry.region, answers.entry_text(entry, library))
