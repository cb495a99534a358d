"""Search over a province's worth of rules: the corpus many times over, each copy with a name of its own."""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import islice

from knowledge.chunks import Chunk
from knowledge.library import Library
from tests.bench.places import Bench, questions
from tests.bench.report import Result, percentile

_ARTICLES = 60_000
_ASKED = 300


def search_60k(bench: Bench) -> Result:
    """Search and rebuild with 60 000 articles, beside a plain pass over all texts for one word."""
    with closing(bench.deployment()) as parts:
        served, equipment = parts.follower.library, parts.equipment
        chunks = _many(served.chunks)
        started = time.perf_counter()
        library = Library.build(chunks, equipment)
        built = time.perf_counter() - started
        library.calibration = served.calibration
    started = time.perf_counter()
    edited = [replace(chunks[0], text=chunks[0].text + "另有规定的，从其规定。"), *chunks[1:]]
    library.rebuilt(edited)
    rebuilt = time.perf_counter() - started
    times, scans = [], []
    asked = questions()[:_ASKED]
    for question in asked[:30]:
        library.find(question)
    for question in asked:
        started = time.perf_counter()
        library.find(question)
        times.append((time.perf_counter() - started) * 1000)
    for question in asked[:30]:
        started = time.perf_counter()
        sum(question[:2] in chunk.text for chunk in chunks)
        scans.append((time.perf_counter() - started) * 1000)
    p99, scan = percentile(times, 0.99), percentile(scans, 0.5)
    detail = (
        f"median {percentile(times, 0.5):.1f} ms, {len(chunks)} chunks, built in {built:.1f} s, one edit {rebuilt:.2f} s; "
        "floor: scan for one word"
    )
    return Result("search_60k", p99, "ms", scan, p99 / scan, detail, "≤ 60", p99 <= 60)


def _many(chunks: Sequence[Chunk]) -> list[Chunk]:
    entries = [chunk for chunk in chunks if chunk.kind == "entry"]
    articles = [chunk for chunk in chunks if chunk.kind != "entry"]
    return entries + list(islice(_copies(articles), _ARTICLES))


def _copies(articles: Sequence[Chunk]) -> Iterator[Chunk]:
    """Every article under the name of one province of digits after another; no two texts are the same."""
    yield from articles
    for number in range(1, _ARTICLES):
        for chunk in articles:
            short = f"第{number}省{chunk.short}"
            text = f"{chunk.text}（{number}号省{chunk.number}）"
            yield replace(
                chunk, key=f"{short}#{chunk.number}", short=short, title=short, text=text, questions=()
            )
