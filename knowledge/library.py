"""The library: every chunk, found by words, by likeness or by article number; built once, loaded by every process."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.articles import ArticleBook
from knowledge.catalogue import Catalogue
from knowledge.checklists import Checklists
from knowledge.chunks import Chunk, Finding, Hit, Signals
from knowledge.confidence import DEFAULT
from knowledge.dense import DenseIndex
from knowledge.domain import Domain
from knowledge.equipment import Equipment
from knowledge.keywords import Coverage, KeywordIndex

_CHUNKS_FILE = "chunks.jsonl"
_PRINTS_FILE = "fingerprints.npy"
_EQUIPMENT_FILE = "equipment.txt"
_PRINT = hashlib.sha256().digest_size
_OTHER_REGION = 0.75
"""Local rules restate national ones; without the region in the question they rank behind."""
_NAMED_REGION = 1.2
"""A question that names the place asks for its rules."""
_GENERAL = 0.7
_SUPERSEDED = 0.5
_LOWER = {"司法解释": 0.98, "地方性法规": 0.95, "地方政府规章": 0.95}
_FIFTH = 4
_NEIGHBOURS = 10
"""Hits that are looked at to judge the best."""
_MEANT = 0.3
"""What a term counts that the lexicon reads out of a question, beside one that stands in it."""

Scores = NDArray[np.float32]
Fingerprints = NDArray[np.uint8]


class Library:
    """A finished, read-only knowledge base."""

    def __init__(
        self,
        chunks: Sequence[Chunk],
        fingerprints: Fingerprints,
        keywords: KeywordIndex,
        dense: DenseIndex | None,
        domain: Domain,
        equipment: Equipment,
    ) -> None:
        self.calibration = DEFAULT
        """When its findings may be answered; the publication says."""
        self.chunks = chunks
        self.fingerprints = fingerprints
        """SHA-256 of every chunk, shape (chunks, 32)."""
        self.keywords = keywords
        self.book = ArticleBook(chunks, equipment.catalogue)
        self._dense = dense
        self._domain = domain
        self._equipment = equipment
        self._by_key = {chunk.key: chunk for chunk in chunks}
        self._by_title = {chunk.title: chunk for chunk in chunks if chunk.kind == "entry"}
        self._regions = sorted({chunk.region or "全国" for chunk in chunks})
        code = {name: place for place, name in enumerate(self._regions)}
        self._region = np.array([code[chunk.region or "全国"] for chunk in chunks], dtype=np.int32)
        self._prior = np.array([_prior(chunk, equipment.catalogue) for chunk in chunks], dtype=np.float32)

    @classmethod
    def build(cls, chunks: Iterable[Chunk], equipment: Equipment) -> "Library":
        """Index ``chunks``."""
        dense = DenseIndex.empty() if equipment.encoder and equipment.encoder.weight else None
        prints = np.empty((0, _PRINT), dtype=np.uint8)
        domain = Domain.learn([], equipment.negatives)
        return cls([], prints, KeywordIndex.build([]), dense, domain, equipment).rebuilt(chunks)

    def rebuilt(self, chunks: Iterable[Chunk]) -> "Library":
        """The library of ``chunks`` with the same equipment; what stands here unchanged is taken over."""
        ordered = list(chunks)
        kept = self._places_of(ordered)
        if len(ordered) == len(self.chunks) and (kept == np.arange(len(ordered))).all():
            return self
        keywords = self.keywords.rebuilt([searchable(chunk) for chunk in ordered], kept)
        encoder = self._equipment.encoder
        dense = self._dense.rebuilt(encoder, ordered, kept) if self._dense and encoder else None
        domain = self._domain.after(*_changed_questions(self.chunks, ordered, kept))
        prints = np.empty((len(ordered), _PRINT), dtype=np.uint8)
        prints[kept >= 0] = self.fingerprints[kept[kept >= 0]]
        for place in np.flatnonzero(kept < 0):
            prints[place] = np.frombuffer(_fingerprint(ordered[place]), dtype=np.uint8)
        return Library(ordered, prints, keywords, dense, domain, self._equipment)

    def _places_of(self, chunks: Sequence[Chunk]) -> NDArray[np.int64]:
        """Where each of ``chunks`` stands in this library exactly so, -1 for those that do not."""
        places = {chunk.key: place for place, chunk in enumerate(self.chunks)}
        found = [places.get(chunk.key, -1) for chunk in chunks]
        same = (
            place if place >= 0 and self.chunks[place] == chunk else -1
            for place, chunk in zip(found, chunks, strict=True)
        )
        return np.fromiter(same, dtype=np.int64, count=len(chunks))

    @property
    def digest(self) -> str:
        """Fingerprint of content and equipment, the same on every machine and in every order."""
        rows = sorted(row.tobytes() for row in self.fingerprints)
        return hashlib.sha256(self._equipment.digest.encode() + b"".join(rows)).hexdigest()

    @staticmethod
    def fits(folder: Path, equipment: Equipment) -> bool:
        """Whether the library in ``folder`` was built with this encoder and lexicon; others must not read it."""
        path = folder / _EQUIPMENT_FILE
        return path.exists() and path.read_text("utf-8") == equipment.digest

    @classmethod
    def load(cls, folder: Path, equipment: Equipment) -> "Library":
        """The library that :meth:`save` wrote with the same equipment."""
        with (folder / _CHUNKS_FILE).open(encoding="utf-8") as lines:
            chunks = [Chunk.from_dict(json.loads(line)) for line in lines]
        dense = DenseIndex.load(folder) if DenseIndex.is_in(folder) else None
        prints = np.load(folder / _PRINTS_FILE)
        return cls(chunks, prints, KeywordIndex.load(folder), dense, Domain.load(folder), equipment)

    def save(self, folder: Path) -> None:
        """Write everything into the empty ``folder``."""
        with (folder / _CHUNKS_FILE).open("w", encoding="utf-8") as file:
            for chunk in self.chunks:
                file.write(json.dumps(chunk.to_dict(), ensure_ascii=False) + "\n")
        np.save(folder / _PRINTS_FILE, self.fingerprints)
        (folder / _EQUIPMENT_FILE).write_text(self._equipment.digest, "utf-8")
        self.keywords.save(folder)
        self._domain.save(folder)
        if self._dense:
            self._dense.save(folder)

    @property
    def checklists(self) -> Checklists:
        """Papers that applications ask for."""
        return self._equipment.checklists

    def equip(self, equipment: Equipment) -> None:
        """Search with other equipment from now on; for trying weights, before anybody else holds the library."""
        self._equipment = equipment

    def get(self, key: str) -> Chunk | None:
        """The chunk of this key."""
        return self._by_key.get(key)

    def titled(self, title: str) -> Chunk | None:
        """The entry with exactly this title."""
        return self._by_title.get(title.strip())

    def search(self, question: str, limit: int = 10, region: str = "") -> list[Hit]:
        """The best ``limit`` chunks for ``question``; rules of other regions than ``region`` stay behind."""
        return list(self.find(question, limit, region).hits)

    def find(self, question: str, limit: int = 10, region: str = "") -> Finding:
        """The best chunks with what is known about how well they fit."""
        terms = self._equipment.lexicon.terms(question)
        words = self.keywords.scores(question) + _MEANT * self.keywords.scores(" ".join(terms))
        if not words.any():
            # Not one known word: likeness would only be noise.
            return Finding((), Signals.none(self._domain.score(question)))
        coverage = self.keywords.coverage(question)
        fused, texts, questions = self._fuse(question, words)
        fused = fused * self._prior * self._near(question, region)
        order = _best(fused, max(limit, _NEIGHBOURS))
        if not len(order):
            return Finding((), Signals.none(self._domain.score(question)))
        hits = tuple(
            self._hit(rank, int(place), fused, coverage) for rank, place in enumerate(order[:limit], start=1)
        )
        best = int(order[0])
        signals = Signals(
            coverage=float(coverage.shares[best]),
            known=coverage.known,
            text=float(texts.max(initial=0.0)),
            question=float(questions.max(initial=0.0)),
            lead=float(fused[best] - fused[order[min(_FIFTH, len(order) - 1)]]),
            apart=self._apart(fused, order[:_NEIGHBOURS]),
            domain=self._domain.score(question),
        )
        return Finding(hits, signals)

    def _apart(self, fused: Scores, order: NDArray[np.int64]) -> float:
        """How far the best is ahead of the first that rests on nothing it rests on; neighbours on the same article agree."""
        best = self.chunks[order[0]]
        basis = {best.key, *best.cites}
        other = (
            place
            for place in order[1:]
            if basis.isdisjoint((self.chunks[place].key, *self.chunks[place].cites))
        )
        place = next(other, None)
        return float(fused[order[0]] - (fused[place] if place is not None else 0.0))

    def _fuse(self, question: str, words: Scores) -> tuple[Scores, Scores, Scores]:
        """Keyword scores and likeness, weighted as the encoder earned; likeness alone is returned beside."""
        best = float(words.max(initial=0.0))
        words = words / best if best > 0 else words
        encoder = self._equipment.encoder
        if self._dense is None or encoder is None:
            nothing = np.zeros_like(words)
            return words, nothing, nothing
        like = self._dense.likeness(encoder.encode([question]))
        both = (like.texts + like.questions) / 2
        fused: Scores = ((1 - encoder.weight) * words + encoder.weight * both).astype(np.float32)
        return fused, like.texts, like.questions

    def _near(self, question: str, region: str) -> Scores:
        places = self._equipment.places
        named = {place for name, place in places.items() if name in question}
        named |= {name for name in self._regions if name in question and name != "全国"}
        factor = [_factor(name, named, region) for name in self._regions]
        near: Scores = np.array(factor, dtype=np.float32)[self._region]
        return near

    def _hit(self, rank: int, place: int, fused: Scores, coverage: Coverage) -> Hit:
        share, matched = float(coverage.shares[place]), coverage.matched(place)
        return Hit(rank, float(fused[place]), share, self.chunks[place], matched)


def searchable(chunk: Chunk) -> str:
    """What of a chunk is indexed: title, chapter, address, text and its known questions."""
    return "\n".join((chunk.title, chunk.heading, chunk.address, chunk.text, *chunk.questions))


def _best(scores: Scores, most: int) -> NDArray[np.int64]:
    """Places of the ``most`` highest scores above 0, highest first, equal ones in their own order."""
    border = np.partition(scores, -most)[-most] if most < len(scores) else 0.0
    places = np.flatnonzero((scores >= border) & (scores > 0))
    return places[np.argsort(-scores[places], kind="stable")][:most]


def _fingerprint(chunk: Chunk) -> bytes:
    return hashlib.sha256(json.dumps(chunk.to_dict(), ensure_ascii=False, sort_keys=True).encode()).digest()


def _changed_questions(
    before: Sequence[Chunk], now: Sequence[Chunk], kept: NDArray[np.int64]
) -> tuple[list[str], list[str]]:
    """Known questions of the chunks that went, and of those that came."""
    gone = np.ones(len(before), dtype=bool)
    gone[kept[kept >= 0]] = False
    return (
        [question for place in np.flatnonzero(gone).tolist() for question in before[place].questions],
        [question for place in np.flatnonzero(kept < 0).tolist() for question in now[place].questions],
    )


def _factor(region: str, named: set[str], home: str) -> float:
    if region in named:
        return _NAMED_REGION
    return 1.0 if region in ("全国", home) and not (named and region == home != "全国") else _OTHER_REGION


def _prior(chunk: Chunk, catalogue: Catalogue) -> float:
    if not chunk.in_force:
        return _SUPERSEDED
    law = catalogue.laws.get(chunk.short)
    if law and law.general:
        return _GENERAL
    return _LOWER.get(chunk.level, 1.0)
