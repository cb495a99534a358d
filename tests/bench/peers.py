"""The same base searched by others, in the same process and run: how fast, and how often the right article is among five."""

import os
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from importlib.metadata import version

from bot.settings import content_dir
from knowledge import evaluation
from knowledge.chunks import Chunk
from knowledge.encoder import Encoder, TransformerEncoder
from knowledge.evaluation import Question
from knowledge.library import Library, searchable
from tests.bench.places import ROOT, Bench
from tests.bench.report import Result, percentile

_FIRST = 5
_WARM_UP = 20
_CJK_OR_WORD = r"(?u)[\u4e00-\u9fff]|[a-z0-9]+"

Search = Callable[[str], Sequence[Chunk]]


@dataclass(frozen=True, slots=True)
class _Figures:
    p99: float
    median: float
    recall: float

    def told(self, name: str) -> str:
        """One line about a peer."""
        return f"{name} p99 {self.p99:.1f} ms, median {self.median:.1f} ms, recall@5 {self.recall:.3f}"


def search_peers(bench: Bench) -> Result:
    """Our search beside bm25s with jieba's words, Haystack's BM25, and ourselves with the encoder in sentence-transformers."""
    with closing(bench.deployment()) as parts:
        library, equipment = parts.follower.library, parts.equipment
        asked = [
            question
            for name in ("dev", "holdout")
            for question in evaluation.read(ROOT / "tests" / "questions" / f"{name}.jsonl", parts.catalogue)
        ]
    chunks = library.chunks
    assert equipment.encoder is not None
    transformer = _same_through_transformers(equipment.encoder)
    slow = Library.build(chunks, replace(equipment, encoder=transformer))
    sides: dict[str, Search] = {
        "Niangjia": _ours(library),
        "the same through sentence-transformers": _ours(slow),
        f"bm25s {version('bm25s')} + jieba": _bm25s_with_jieba(chunks),
        f"haystack {version('haystack-ai')} BM25": _haystack(chunks),
    }
    found = {name: _measured(search, asked) for name, search in sides.items()}
    mine = found["Niangjia"]
    others = [figures for name, figures in found.items() if name != "Niangjia"]
    fastest, best = min(one.p99 for one in others), max(one.recall for one in others[1:])
    detail = "; ".join(figures.told(name) for name, figures in found.items())
    met = mine.p99 <= 10 and mine.recall > best
    return Result(
        "search_peers", mine.p99, "ms", fastest, mine.p99 / fastest, detail, "≤ 10, recall above", met
    )


def _measured(search: Search, asked: Sequence[Question]) -> _Figures:
    for question in asked[:_WARM_UP]:
        search(question.text)
    times, right = [], 0
    for question in asked:
        started = time.perf_counter()
        chunks = search(question.text)
        times.append((time.perf_counter() - started) * 1000)
        right += any(
            chunk.key in question.gold or not question.gold.isdisjoint(chunk.cites) for chunk in chunks
        )
    return _Figures(percentile(times, 0.99), percentile(times, 0.5), right / len(asked))


def _ours(library: Library) -> Search:
    return lambda text: [hit.chunk for hit in library.search(text, _FIRST)]


def _same_through_transformers(encoder: Encoder) -> Encoder:
    return TransformerEncoder(str(content_dir() / "encoder"), encoder.weight)


def _bm25s_with_jieba(chunks: Sequence[Chunk]) -> Search:
    import bm25s
    import jieba

    jieba.setLogLevel("WARNING")
    model = bm25s.BM25(method="lucene")
    model.index([list(jieba.cut(searchable(chunk))) for chunk in chunks], show_progress=False)

    def search(text: str) -> Sequence[Chunk]:
        words = [word for word in jieba.cut(text) if word in model.vocab_dict]
        if not words:
            return []
        places, _ = model.retrieve([words], k=_FIRST, show_progress=False)
        return [chunks[int(place)] for place in places[0]]

    return search


def _haystack(chunks: Sequence[Chunk]) -> Search:
    os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"  # nothing of ours calls home, a peer's bench neither
    from haystack import Document
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    store = InMemoryDocumentStore(bm25_tokenization_regex=_CJK_OR_WORD)
    store.write_documents(
        [Document(id=str(place), content=searchable(chunk)) for place, chunk in enumerate(chunks)]
    )

    def search(text: str) -> Sequence[Chunk]:
        return [chunks[int(found.id)] for found in store.bm25_retrieval(text, top_k=_FIRST)]

    return search
