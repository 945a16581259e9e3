"""Softmax regression as plain arrays: fitted with scikit-learn,
applied with numpy (weights travel between versions)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from bot.understanding.features import grams

Array = npt.NDArray[np.float32]


class GramSpace:
    """TF-IDF over a fixed vocabulary of n-grams (sublinear counts, unit length)."""

    def __init__(self, vocabulary: Sequence[str], idf: Array) -> None:
        self.vocabulary = list(vocabulary)
        self.idf = idf
        self._index = {gram: i for i, gram in enumerate(self.vocabulary)}

    @classmethod
    def fit(cls, counted: Iterable[Counter[str]], least: int = 2) -> GramSpace:
        """Keep n-grams that occur in at least ``least`` texts."""
        texts = list(counted)
        spread: Counter[str] = Counter()
        for counts in texts:
            spread.update(counts.keys())
        vocabulary = sorted(gram for gram, number in spread.items() if number >= least)
        idf = np.array(
            [1.0 + np.log((1 + len(texts)) / (1 + spread[g])) for g in vocabulary], dtype=np.float32
        )
        return cls(vocabulary, idf)

    def sparse(self, counts: Counter[str]) -> tuple[npt.NDArray[np.int64], Array]:
        """(columns, values) of one text."""
        known = [(self._index[g], n) for g, n in counts.items() if g in self._index]
        if not known:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        columns = np.array([i for i, _ in known], dtype=np.int64)
        values = (1.0 + np.log(np.array([n for _, n in known], dtype=np.float32))) * self.idf[columns]
        return columns, (values / max(float(np.linalg.norm(values)), 1e-9)).astype(np.float32)


class Linear(msgspec.Struct):
    """Weights (features, classes) and bias (classes,)."""

    weights: Array
    bias: Array

    def logits(self, columns: npt.NDArray[np.int64], values: Array, dense: Array) -> Array:
        """Scores of one text: sparse part first, dense features behind it."""
        sparse = values @ self.weights[columns] if len(columns) else 0.0
        first = self.weights.shape[0] - len(dense)
        return np.asarray(sparse + dense @ self.weights[first:] + self.bias, dtype=np.float32)


def softmax(logits: Array, temperature: float = 1.0) -> Array:
    """Probabilities along the last axis."""
    scaled = logits / temperature
    scaled = scaled - scaled.max(axis=-1, keepdims=True)
    powers = np.exp(scaled)
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float32)


def design(space: GramSpace, counted: Sequence[Counter[str]], dense: Array) -> Any:
    """The sparse matrix of many texts (scipy; only while fitting)."""
    from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]

    rows = [space.sparse(counts) for counts in counted]
    lengths = np.cumsum([0] + [len(columns) for columns, _ in rows])
    matrix = csr_matrix(
        (
            np.concatenate([values for _, values in rows]) if rows else np.zeros(0),
            np.concatenate([columns for columns, _ in rows]) if rows else np.zeros(0),
            lengths,
        ),
        shape=(len(rows), len(space.vocabulary)),
        dtype=np.float32,
    )
    return hstack([matrix, csr_matrix(dense)]).tocsr()


def fit_linear(matrix: Any, labels: npt.NDArray[np.int64], c: float) -> Linear:
    """Multinomial logistic regression with L2 strength ``1/c``."""
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    model = LogisticRegression(C=c, max_iter=200, tol=3e-4)
    with threadpool_limits(limits=1):  # the matrix is sparse: more threads only get in each other's way
        model.fit(matrix, labels)
    weights = np.asarray(model.coef_.T, dtype=np.float32)
    bias = np.asarray(model.intercept_, dtype=np.float32)
    if weights.shape[1] == 1:  # two classes: scikit-learn keeps one column
        weights = np.hstack([-weights, weights])
        bias = np.array([-bias[0], bias[0]], dtype=np.float32)
    return Linear(weights, bias)


def temperature_of(logits: Array, labels: npt.NDArray[np.int64]) -> float:
    """The temperature that makes held-out probabilities likeliest."""
    grid = np.geomspace(0.15, 4.0, 45)
    rows = np.arange(len(labels))
    losses = [-float(np.log(np.maximum(softmax(logits, float(t))[rows, labels], 1e-9)).mean()) for t in grid]
    return float(grid[int(np.argmin(losses))])


def counts_of(templates: Iterable[str]) -> list[Counter[str]]:
    return [grams(text) for text in templates]
