"""Encoders: text → unit vectors. The shipped one is static and needs no torch; any other may be named instead."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.core.errors import SettingsError

MANIFEST = "niangjia.json"
"""File beside a trained encoder: who trained it on what, and the weight it earned."""
_SHIPPED = "shipped"
_NONE = "none"
_LONGEST = 512
"""Tokens of one text that are looked at."""

_AT_ONCE = 512
"""Texts taken apart together."""

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a trained encoder says of itself."""

    name: str
    weight: float
    digest: str

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """The manifest in ``folder``."""
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return cls(str(told["name"]), float(told["weight"]), str(told["digest"]))


class Encoder(Protocol):
    """Anything that turns texts into comparable vectors."""

    @property
    def name(self) -> str:
        """What an index built with it is marked with; another name means another vector space."""
        ...

    @property
    def weight(self) -> float:
        """How much its similarity counts beside keywords, 0 to 1; earned on held-out questions."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One unit vector per text, shape (texts, dimension), float32."""
        ...


class StaticEncoder:
    """A trained table of word vectors in sentence-transformers' own folder layout; a text is the mean of its words."""

    def __init__(self, table: NDArray[Any], tokenizer: Any, manifest: Manifest) -> None:
        self._table = table
        self._tokenizer = tokenizer
        self._manifest = manifest

    @classmethod
    def load(cls, folder: Path) -> "StaticEncoder":
        """The encoder in ``folder``; raises ``SettingsError`` when it is broken or not what its manifest says."""
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        try:
            manifest = Manifest.read(folder)
            found = digest(folder)
            table = load_file(folder / "model.safetensors")["embedding.weight"]
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except (
            Exception
        ) as broken:  # tokenizers has no errors of its own; whatever a broken file raises, it is broken
            raise _unreadable(folder) from broken
        if found != manifest.digest:
            raise SettingsError(
                f"编码器 {folder.name} 的文件与清单对不上，可能没有拷全，请重新拷贝或重新训练。"
            )
        tokenizer.no_padding()
        tokenizer.enable_truncation(_LONGEST)
        return cls(table, tokenizer, manifest)

    @property
    def name(self) -> str:
        """Name and fingerprint of the training."""
        return self._manifest.name

    @property
    def weight(self) -> float:
        """The weight the training found best."""
        return self._manifest.weight

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Mean of the words' vectors, at unit length; a text without a known word is the zero vector."""
        rows = np.zeros((len(texts), self._table.shape[1]), dtype=np.float32)
        for start in range(0, len(texts), _AT_ONCE):
            batch = list(texts[start : start + _AT_ONCE])
            for place, found in enumerate(self._tokenizer.encode_batch_fast(batch, add_special_tokens=False)):
                if found.ids:
                    rows[start + place] = self._table[found.ids].mean(axis=0, dtype=np.float32)
        return unit(rows)


class TransformerEncoder:
    """Any sentence-transformers model by name or path; needs the extra ``models``."""

    def __init__(self, spec: str, weight: float = 0.6) -> None:
        """``spec`` as sentence-transformers takes it; ``weight`` as for other encoders."""
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as missing:
            raise SettingsError("用这个编码器要先安装：pip install 'niangjia[models]'。") from missing
        try:
            self._model = SentenceTransformer(spec, device="cpu")
        except (OSError, ValueError) as broken:
            raise SettingsError(f"编码器 {spec} 载入不了，请核对 NIANGJIA_ENCODER 的名称或路径。") from broken
        self._name = f"sentence-transformers:{Path(spec).name}"
        self._weight = weight

    @property
    def name(self) -> str:
        """The model's name."""
        return self._name

    @property
    def weight(self) -> float:
        """How much it counts beside keywords."""
        return self._weight

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The model's own sentence vectors at unit length."""
        rows = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return unit(np.asarray(rows, dtype=np.float32))


def open_encoder(spec: str, shipped: Path, trained: Path) -> Encoder | None:
    """The encoder a setting names: ``shipped`` (a deployment's own training goes first), ``none``, a path or a name."""
    if spec == _NONE:
        return None
    if spec == _SHIPPED:
        folder = trained if (trained / MANIFEST).exists() else shipped
        return StaticEncoder.load(folder) if (folder / MANIFEST).exists() else None
    folder = Path(spec)
    return StaticEncoder.load(folder) if (folder / MANIFEST).exists() else TransformerEncoder(spec)


def _unreadable(folder: Path) -> SettingsError:
    return SettingsError(f"编码器 {folder.name} 读不出来，请重新训练或设 NIANGJIA_ENCODER=none。")


def digest(folder: Path) -> str:
    """Fingerprint of an encoder's files, the manifest aside."""
    sha = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in (MANIFEST, "calibration.json"):
            sha.update(path.relative_to(folder).as_posix().encode())
            sha.update(path.read_bytes())
    return sha.hexdigest()


def unit(rows: Vectors) -> Vectors:
    """``rows`` at length 1; zero rows stay zero."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    normal: Vectors = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return normal
