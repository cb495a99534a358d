"""Training of a static encoder from the knowledge base itself: questions, entries, articles. Needs the extra ``models``."""

import json
import math
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.core.errors import SettingsError
from knowledge.chunks import Chunk
from knowledge.encoder import MANIFEST, digest
from knowledge.keywords import normalise

if TYPE_CHECKING:
    import torch

_RUN = re.compile(r"[一-鿿]+|[a-z0-9]+")
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_LONGEST_WORD = 4
_LEAST_COUNT = 4
_LEAST_BOND = 2.0
"""Log-ratio by which a word must occur more often than its parts would meet by chance."""
_QUESTION_WEIGHT = 3
"""Questions count this often when words are counted: the words workers use must get into the vocabulary."""
_SCALE = 20.0
_DROP = 0.15
_BATCH = 512


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train."""

    dimension: int = 128
    words: int = 24_000
    steps: int = 900
    seed: int = 0
    learning_rate: float = 1e-2


@dataclass(frozen=True, slots=True)
class Material:
    """What is trained on: texts, and which questions and texts belong together."""

    texts: tuple[str, ...]
    questions: tuple[tuple[str, ...], ...]
    """Known questions of each text."""
    kin: tuple[tuple[int, ...], ...]
    """Places of the texts each text cites."""


def material(chunks: Sequence[Chunk]) -> Material:
    """Training material of a knowledge base."""
    places = {chunk.key: place for place, chunk in enumerate(chunks)}
    return Material(
        texts=tuple(f"{chunk.title} {chunk.heading} {chunk.text}" for chunk in chunks),
        questions=tuple(
            (chunk.title, *chunk.questions) if chunk.kind == "entry" else chunk.questions for chunk in chunks
        ),
        kin=tuple(tuple(places[key] for key in chunk.cites if key in places) for chunk in chunks),
    )


def train(
    given: Material, folder: Path, plan: Plan, progress: Callable[[int, int], None] = lambda *_: None
) -> None:
    """Train and write an encoder into ``folder`` (sentence-transformers layout); its weight is set by ``finish``."""
    try:
        import torch
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    except ImportError as missing:
        raise SettingsError("训练编码器要先安装：pip install 'niangjia[models]'。") from missing
    torch.manual_seed(plan.seed)
    tokenizer = build_tokenizer(vocabulary(given, plan.words))
    module = StaticEmbedding(tokenizer, embedding_dim=plan.dimension)
    torch.nn.init.normal_(module.embedding.weight, std=0.1)
    _fit(module, tokenizer, given, plan, progress)
    # Half precision halves the file and loses nothing that retrieval could measure.
    SentenceTransformer(modules=[module.half()], device="cpu").save(str(folder), create_model_card=False)


def finish(folder: Path, name: str, weight: float, figures: dict[str, Any]) -> None:
    """Write the manifest that makes a trained folder an encoder."""
    found = digest(folder)
    manifest = {"name": f"{name}-{found[:12]}", "weight": weight, "digest": found, "figures": figures}
    (folder / MANIFEST).write_text(
        json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )


def vocabulary(given: Material, most: int) -> list[tuple[str, float]]:
    """Counted words of up to four characters with their log frequency, every single character included."""
    counts: Counter[str] = Counter()
    listed = [question for asked in given.questions for question in asked]
    for text in [*given.texts, *(listed * _QUESTION_WEIGHT)]:
        for run in _RUN.findall(normalise(text)):
            if run[0].isascii():
                counts[run] += 1
                continue
            for size in range(1, _LONGEST_WORD + 1):
                counts.update(run[place : place + size] for place in range(len(run) - size + 1))
    total = sum(count for word, count in counts.items() if len(word) == 1)
    log = {word: math.log(count / total) for word, count in counts.items()}
    kept = [word for word in counts if len(word) == 1 or word[0].isascii() or _is_word(word, counts, log)]
    kept.sort(key=lambda word: (len(word) > 1, -counts[word], word))
    return [(word, log[word]) for word in kept[:most]]


def build_tokenizer(words: Sequence[tuple[str, float]]) -> Any:
    """A tokenizer that cuts text into the likeliest sequence of ``words``."""
    from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers
    from tokenizers.models import Unigram

    lowest = min(score for _, score in words) - 5
    singles = {word for word, _ in words if len(word) == 1}
    spare = [(letter, lowest) for letter in _LETTERS if letter not in singles]
    # Characters nobody has seen are cut out before, so that no text ever holds an unknown piece.
    unseen = f"[^{''.join(sorted(singles | set(_LETTERS)))}]+"
    tokenizer = Tokenizer(Unigram([("[UNK]", lowest), *words, *spare], unk_id=0, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(unseen), behavior="removed"),
            pre_tokenizers.Split(Regex("[a-z0-9]+"), behavior="isolated"),
        ]
    )
    return tokenizer


def _is_word(word: str, counts: Counter[str], log: dict[str, float]) -> bool:
    if counts[word] < _LEAST_COUNT:
        return False
    parts = max(log[word[:cut]] + log[word[cut:]] for cut in range(1, len(word)))
    return log[word] - parts > _LEAST_BOND


def _fit(
    module: Any, tokenizer: Any, given: Material, plan: Plan, progress: Callable[[int, int], None]
) -> None:
    import torch

    pairs = _Pairs(tokenizer, given, random.Random(plan.seed))  # noqa: S311 - shuffling, not secrets
    optimiser = torch.optim.Adam(module.parameters(), lr=plan.learning_rate)
    for step in range(plan.steps):
        for group in optimiser.param_groups:
            group["lr"] = plan.learning_rate * max(0.02, 1 - step / plan.steps)
        asked, answers, groups, targets = pairs.batch(_BATCH)
        left, right = _encode(module, asked), _encode(module, answers)
        likeness = left @ right.T * _SCALE
        group_of, target_of = torch.tensor(groups), torch.tensor(targets)
        # Two rows of one entry are no negatives of each other.
        same = (group_of[:, None] == group_of[None, :]) | (target_of[:, None] == target_of[None, :])
        likeness = likeness.masked_fill(same.fill_diagonal_(False), -1e4)
        right_one = torch.arange(len(asked))
        loss = torch.nn.functional.cross_entropy(likeness, right_one)
        loss = loss + 0.3 * torch.nn.functional.cross_entropy(likeness.T, right_one)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        optimiser.step()
        progress(step + 1, plan.steps)


class _Pairs:
    """Draws training pairs: a question with its text, another question of it, or an article it cites."""

    def __init__(self, tokenizer: Any, given: Material, draw: random.Random) -> None:
        self._draw = draw
        self._given = given
        self._texts = _ids(tokenizer, given.texts)
        flat = [question for asked in given.questions for question in asked]
        ids = iter(_ids(tokenizer, flat))
        self._questions = [[next(ids) for _ in asked] for asked in given.questions]
        self._sources = [(place, asked) for place, listed in enumerate(self._questions) for asked in listed]
        sentences = [(place, text) for place, text in enumerate(given.texts) if not given.questions[place]]
        pieces = [
            (place, piece)
            for place, text in sentences
            for piece in re.split(r"[。；\n]", text)
            if len(piece) > 8
        ]
        self._self_taught = list(
            zip([p for p, _ in pieces], _ids(tokenizer, [t for _, t in pieces]), strict=True)
        )

    def batch(self, size: int) -> tuple[list[list[int]], list[list[int]], list[int], list[int]]:
        """Left texts, right texts, and the groups whose members are no negatives of each other."""
        rows = [self._pair() for _ in range(size)]
        return [r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows], [r[3] for r in rows]

    def _pair(self) -> tuple[list[int], list[int], int, int]:
        if self._self_taught and (not self._sources or self._draw.random() < 0.15):
            place, piece = self._draw.choice(self._self_taught)
            return self._thin(piece), self._texts[place], place, place
        place, asked = self._draw.choice(self._sources)
        kin = self._given.kin[place]
        luck = self._draw.random()
        if luck < 0.4:
            return self._thin(asked), self._draw.choice(self._questions[place]), place, -place - 1
        if luck < 0.55 and kin:
            cited = self._draw.choice(kin)
            return self._thin(asked), self._texts[cited], place, cited
        if luck < 0.6 and kin:
            cited = self._draw.choice(kin)
            return self._texts[place], self._texts[cited], place, cited
        return self._thin(asked), self._texts[place], place, place

    def _thin(self, ids: list[int]) -> list[int]:
        if len(ids) <= 3 or self._draw.random() < 0.5:
            return ids
        return [one for one in ids if self._draw.random() > _DROP] or ids


def _ids(tokenizer: Any, texts: Iterable[str]) -> list[list[int]]:
    return [encoding.ids or [0] for encoding in tokenizer.encode_batch(list(texts), add_special_tokens=False)]


def _encode(module: Any, rows: list[list[int]]) -> "torch.Tensor":
    import torch

    offsets = torch.tensor(np.cumsum([0, *map(len, rows[:-1])]))
    flat = torch.tensor([one for row in rows for one in row])
    return torch.nn.functional.normalize(module.embedding(flat, offsets), dim=1)
