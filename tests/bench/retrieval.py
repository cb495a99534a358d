"""Speed and truth of retrieval over the whole corpus."""

import sys
import time
from contextlib import closing

from bot import app
from bot.storage import knowledge
from tests.bench.places import LAWS, Bench, questions
from tests.bench.report import Result, percentile


def search_p99(bench: Bench) -> Result:
    """Search over corpus and handbook, beside a plain pass over all chunk texts for one word."""
    with closing(bench.deployment()) as parts:
        times, scans, size = _timed(parts)
    p99, scan = percentile(times, 0.99), percentile(scans, 0.5)
    detail = f"median {percentile(times, 0.5):.2f} ms, {len(times)} questions, {size} chunks; floor: scan for one word"
    return Result("search_p99", p99, "ms", scan, p99 / scan, detail, "≤ 10", p99 <= 10)


def answer_p99(bench: Bench) -> Result:
    """A whole answer in process, without a model and without a conversation, beside the search alone."""
    with closing(bench.deployment()) as parts:
        asker, library = app.asker(parts), parts.follower.library
        asked = questions()[:600]
        for question in asked[:50]:
            asker(question)
        times, searches = [], []
        for question in asked:
            started = time.perf_counter()
            asker(question)
            times.append((time.perf_counter() - started) * 1000)
            started = time.perf_counter()
            library.find(question)
            searches.append((time.perf_counter() - started) * 1000)
    p99, floor = percentile(times, 0.99), percentile(searches, 0.99)
    loaded = "torch imported" if "torch" in sys.modules else "torch not imported"
    detail = (
        f"median {percentile(times, 0.5):.2f} ms, {len(times)} questions, {loaded}; floor: the search alone"
    )
    return Result("answer_p99", p99, "ms", floor, p99 / floor, detail, "≤ 30", p99 <= 30)


def import_corpus(bench: Bench) -> Result:
    """Import of every statute file until it can be searched, beside reading the bytes."""
    started = time.perf_counter()
    size = sum(len(path.read_bytes()) for path in LAWS.glob("*.md"))
    floor = time.perf_counter() - started
    if not bench.import_seconds:
        bench.deployment().close()
    seconds = bench.import_seconds
    detail = f"{len(list(LAWS.glob('*.md')))} files, {size / 1e6:.1f} MB; floor: reading the bytes"
    return Result("import_corpus", seconds, "s", floor, seconds / floor, detail, "≤ 30", seconds <= 30)


def article_lookup(bench: Bench) -> Result:
    """Every article of every law in five spellings."""
    with closing(bench.deployment()) as parts:
        started = time.perf_counter()
        right, asked = _looked_up(parts)
    each = (time.perf_counter() - started) / asked * 1e6
    share = right / asked * 100
    return Result(
        "article_lookup",
        share,
        "%",
        100,
        share / 100,
        f"{asked} look-ups, {each:.0f} µs each",
        "100",
        right == asked,
    )


def citation_equal(bench: Bench) -> Result:
    """Citation text of real answers, byte for byte against the store."""
    with closing(bench.deployment()) as parts:
        with parts.database.reading() as session:
            stored = {
                f"{passage.short}#{passage.number or passage.address}": passage.text
                for passage in knowledge.current_passages(session)
            }
        asker = app.asker(parts)
        cited = [
            citation
            for question in questions()[:400]
            for citation in asker(question).citations
            if "#" in citation.key
        ]
    equal = sum(citation.quote.encode() == stored[citation.key].encode() for citation in cited)
    share = equal / len(cited) * 100
    return Result(
        "citation_equal", share, "%", 100, share / 100, f"{len(cited)} citations", "100", equal == len(cited)
    )


def _timed(parts: app.Parts) -> tuple[list[float], list[float], int]:
    """Milliseconds of each search and of each scan, and how many chunks there are."""
    library = parts.follower.library
    asked, texts = questions()[:600], [chunk.text for chunk in library.chunks]
    for question in asked[:50]:
        library.search(question)
    times, scans = [], []
    for question in asked:
        started = time.perf_counter()
        library.search(question)
        times.append((time.perf_counter() - started) * 1000)
        started = time.perf_counter()
        sum(question[:2] in text for text in texts)
        scans.append((time.perf_counter() - started) * 1000)
    return times, scans, len(texts)


def _looked_up(parts: app.Parts) -> tuple[int, int]:
    """How many spellings of all articles were found, and how many there are."""
    right = asked = 0
    book = parts.follower.library.book
    for chunk in parts.follower.library.chunks:
        if chunk.kind != "statute" or not chunk.number:
            continue
        law = parts.catalogue.laws[chunk.short]
        nickname = (law.aliases or (law.short,))[0]
        for spelling in (
            f"{law.short}{chunk.address}",
            f"《{law.short}》{chunk.number}条",
            f"{law.short} {chunk.address.removeprefix('第').removesuffix('条')}",
            f"{law.title}{chunk.address}",
            f"{nickname}第{chunk.number}条",
        ):
            asked += 1
            right += [found.key for found in book.find(spelling)] == [chunk.key]
    return right, asked
