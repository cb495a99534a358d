"""The library: every chunk, found by words or by article number; built once, saved, loaded by every process."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from knowledge.articles import ArticleBook
from knowledge.catalogue import Catalogue
from knowledge.chunks import Chunk, Hit
from knowledge.keywords import KeywordIndex

_CHUNKS_FILE = "chunks.jsonl"
_OTHER_REGION = 0.75
"""Local rules restate national ones; without the region in the question they rank behind."""
_GENERAL = 0.7
_LOWER = {"司法解释": 0.98, "地方性法规": 0.95, "地方政府规章": 0.95}


class Library:
    """A finished, read-only knowledge base."""

    def __init__(self, chunks: Sequence[Chunk], keywords: KeywordIndex, catalogue: Catalogue) -> None:
        self.chunks = chunks
        self.keywords = keywords
        self.book = ArticleBook(chunks, catalogue)
        self._by_key = {chunk.key: chunk for chunk in chunks}
        self._by_title = {chunk.title: chunk for chunk in chunks if chunk.kind == "entry"}
        self._regions = sorted({chunk.region or "全国" for chunk in chunks})
        self._region = np.array(
            [self._regions.index(chunk.region or "全国") for chunk in chunks], dtype=np.int32
        )
        self._prior = np.array([_prior(chunk, catalogue) for chunk in chunks], dtype=np.float32)

    @classmethod
    def build(cls, chunks: Iterable[Chunk], catalogue: Catalogue) -> "Library":
        """Index ``chunks``."""
        ordered = list(chunks)
        return cls(ordered, KeywordIndex.build([searchable(chunk) for chunk in ordered]), catalogue)

    @classmethod
    def load(cls, folder: Path, catalogue: Catalogue) -> "Library":
        """The library that :meth:`save` wrote."""
        with (folder / _CHUNKS_FILE).open(encoding="utf-8") as lines:
            chunks = [Chunk.from_dict(json.loads(line)) for line in lines]
        return cls(chunks, KeywordIndex.load(folder), catalogue)

    def save(self, folder: Path) -> None:
        """Write everything into the empty ``folder``."""
        with (folder / _CHUNKS_FILE).open("w", encoding="utf-8") as file:
            for chunk in self.chunks:
                file.write(json.dumps(chunk.to_dict(), ensure_ascii=False) + "\n")
        self.keywords.save(folder)

    def get(self, key: str) -> Chunk | None:
        """The chunk of this key."""
        return self._by_key.get(key)

    def titled(self, title: str) -> Chunk | None:
        """The entry with exactly this title."""
        return self._by_title.get(title.strip())

    def search(self, question: str, limit: int = 10, region: str = "") -> list[Hit]:
        """The best ``limit`` chunks for ``question``; rules of other regions than ``region`` stay behind."""
        scores = self.keywords.scores(question)
        best = float(scores.max(initial=0.0))
        if best <= 0:
            return []
        here = {name for name in self._regions if name in question} or ({region} if region else set())
        factor = np.array(
            [1.0 if name in here or name == "全国" else _OTHER_REGION for name in self._regions],
            dtype=np.float32,
        )
        scores = scores / best * self._prior * factor[self._region]
        coverage = self.keywords.coverage(question)
        order = np.argsort(-scores, kind="stable")[:limit]
        hits = []
        for rank, place in enumerate((int(place) for place in order if scores[place] > 0), start=1):
            chunk = self.chunks[place]
            share, matched = float(coverage.shares[place]), coverage.matched(place)
            hits.append(Hit(rank, float(scores[place]), share, chunk, matched))
        return hits


def searchable(chunk: Chunk) -> str:
    """What of a chunk is indexed: title, chapter, address, text and its known questions."""
    return "\n".join((chunk.title, chunk.heading, chunk.address, chunk.text, *chunk.questions))


def digest(chunks: Iterable[Chunk]) -> str:
    """Fingerprint of a knowledge base's content, the same on every machine."""
    sha = hashlib.sha256()
    for chunk in sorted(chunks, key=lambda chunk: chunk.key):
        sha.update(json.dumps(chunk.to_dict(), ensure_ascii=False, sort_keys=True).encode())
    return sha.hexdigest()


def _prior(chunk: Chunk, catalogue: Catalogue) -> float:
    if not chunk.in_force:
        return 0.5
    law = catalogue.laws.get(chunk.short)
    if law and law.general:
        return _GENERAL
    return _LOWER.get(chunk.level, 1.0)
