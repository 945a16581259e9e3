"""The trained last word on what a number or a title states: softmax regression over hashed features.

Rules find candidates and read values; which fact a number belongs to, and whether a title is held, is learned
from labelled sentences (``data/facts``). Measured on sentences that neither had seen, the rules alone miss
more than the two together; `peipao bench understanding` prints both.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from bot.understanding.candidates import NONE, Candidate
from bot.understanding.linear import Array, softmax

BUCKETS = 1 << 16
_STRENGTH = {"figure": 1.0, "title": 0.3, "aspect": 1.0, "answer": 1.0, "rival": 1.0}
"""``C`` of the regression, chosen by cross-validation over the labelled sentences."""

_CORE = frozenset("k u a before behind any far rule s n after".split())
_RULE = "rule:"
_CLOSE = frozenset(("L3", "R3"))

Row = tuple[Candidate, str]


class Verdict(msgspec.Struct, frozen=True):
    """The likeliest label of a candidate and its probability."""

    label: str
    sure: float


class _Head(msgspec.Struct):
    """One regression: weights (BUCKETS, labels) and bias (labels,)."""

    labels: list[str]
    weights: Array
    bias: Array

    def judge(self, candidate: Candidate) -> Verdict:
        columns, values = hashed(candidate.features)
        logits = values @ self.weights[columns] + self.bias
        if candidate.allowed:
            possible = [label == NONE or label in candidate.allowed for label in self.labels]
            logits = np.where(possible, logits, -np.inf)
        chances = softmax(logits)
        best = int(np.argmax(chances))
        return Verdict(self.labels[best], float(chances[best]))


class Judgement:
    """One regression for numbers and years, one for titles, one for what is asked about a product."""

    def __init__(self, heads: dict[str, _Head]) -> None:
        self._heads = heads

    def judge(self, candidate: Candidate) -> Verdict:
        """What the candidate states: a fact (numbers), ``true`` or ``false`` (titles), or ``none``."""
        head = self._heads.get(candidate.sort)
        return Verdict(NONE, 0.0) if head is None else head.judge(candidate)

    @classmethod
    def fit(cls, rows: Sequence[Row]) -> Judgement:
        """Learn from candidates with their labels (scikit-learn; only while training)."""
        heads = {}
        for sort, strength in _STRENGTH.items():
            own = [(candidate, label) for candidate, label in rows if candidate.sort == sort]
            if len({label for _, label in own}) > 1:
                heads[sort] = _fit(own, strength)
        return cls(heads)

    def save(self, path: Path) -> None:
        """Write one file of arrays; half precision is enough for weights."""
        arrays: dict[str, npt.NDArray[np.generic]] = {}
        for sort, head in self._heads.items():
            used = np.flatnonzero(np.abs(head.weights).max(axis=1) > 1e-4)
            arrays |= {
                f"{sort}_labels": np.array(head.labels),
                f"{sort}_rows": used.astype(np.int32),
                f"{sort}_weights": head.weights[used].astype(np.float16),
                f"{sort}_bias": head.bias,
            }
        with path.open("wb") as file:
            np.savez_compressed(file, **arrays)  # type: ignore[arg-type]

    @classmethod
    def load(cls, path: Path) -> Judgement:
        """Read what :meth:`save` wrote.

        Raises:
            OSError: the file is missing.
            ValueError: it is broken.
        """
        heads = {}
        try:
            with np.load(path, allow_pickle=False) as arrays:
                for sort in _STRENGTH:
                    if f"{sort}_labels" not in arrays.files:
                        continue
                    labels = [str(label) for label in arrays[f"{sort}_labels"]]
                    weights = np.zeros((BUCKETS, len(labels)), dtype=np.float32)
                    weights[arrays[f"{sort}_rows"]] = arrays[f"{sort}_weights"]
                    heads[sort] = _Head(labels, weights, arrays[f"{sort}_bias"].astype(np.float32))
        except (KeyError, EOFError) as error:
            raise ValueError(f"{path}: {error}") from error
        return cls(heads)


def bare(candidate: Candidate, near: bool) -> Candidate:
    """The candidate without the words around it (all but the nearest): learning from such copies too keeps
    the model from leaning on turns of phrase that it happened to see."""
    kept = _CORE | _CLOSE if near else _CORE
    return msgspec.structs.replace(
        candidate, features=tuple(f for f in candidate.features if f.partition(":")[0] in kept)
    )


def without_rules(candidate: Candidate) -> Candidate:
    """The candidate without what the rules say of it."""
    return msgspec.structs.replace(
        candidate, features=tuple(f for f in candidate.features if not f.startswith(_RULE))
    )


def hashed(features: Iterable[str]) -> tuple[npt.NDArray[np.int64], Array]:
    """(columns, values) of a set of features; a checksum stays the same in every process and version."""
    columns = np.unique(
        np.fromiter((zlib.crc32(feature.encode()) % BUCKETS for feature in features), dtype=np.int64)
    )
    return columns, np.ones(len(columns), dtype=np.float32)


def _ruled(feature: str) -> bool:
    return feature.startswith(_RULE)


def _fit(rows: Sequence[Row], strength: float) -> _Head:
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

    from bot.understanding.linear import fit_linear

    labels = sorted({label for _, label in rows})
    figures = [row for row in rows if row[0].sort == "figure" and any(map(_ruled, row[0].features))]
    rows = [
        *rows,
        *((bare(candidate, near), label) for near in (False, True) for candidate, label in figures),
    ]
    columns = [hashed(candidate.features)[0] for candidate, _ in rows]
    # A feature seen once tells nothing: most of them go, which makes fitting several times faster.
    seen: Counter[int] = Counter(int(c) for cs in columns for c in cs)
    kept = np.array(sorted(c for c, times in seen.items() if times > 1), dtype=np.int64)
    place = np.full(BUCKETS, -1, dtype=np.int64)
    place[kept] = np.arange(len(kept))
    columns = [within[within >= 0] for within in (place[cs] for cs in columns)]
    lengths = np.cumsum([0] + [len(c) for c in columns])
    matrix = csr_matrix(
        (np.ones(int(lengths[-1]), dtype=np.float32), np.concatenate(columns), lengths),
        shape=(len(rows), len(kept)),
    )
    target = np.array([labels.index(label) for _, label in rows], dtype=np.int64)
    small = fit_linear(matrix, target, strength)
    weights = np.zeros((BUCKETS, len(labels)), dtype=np.float32)
    weights[kept] = small.weights
    return _Head(labels, weights, small.bias)
