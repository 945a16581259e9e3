"""Softmax regression as plain arrays, over n-grams (sparse) and some dense features."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from bot.understanding.features import grams

Array = npt.NDArray[np.float32]
_STEPS = 200
_ENOUGH = 2e-5
"""At most so many steps; the last one must have won a larger share of the loss than this."""


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


def sparse_rows(space: GramSpace, counted: Sequence[Counter[str]]) -> Any:
    """The n-grams of many texts as a scipy matrix (texts, grams); only while fitting."""
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

    rows = [space.sparse(counts) for counts in counted]
    lengths = np.cumsum([0] + [len(columns) for columns, _ in rows])
    values = np.concatenate([values for _, values in rows]) if rows else np.zeros(0)
    columns = np.concatenate([columns for columns, _ in rows]) if rows else np.zeros(0)
    shape = (len(rows), len(space.vocabulary))
    return csr_matrix((values, columns, lengths), shape=shape, dtype=np.float32)


class _Problem:
    """Loss and gradient of multinomial logistic regression with L2 strength ``1/c``, per example.

    The weights lie in one vector: (grams + dense + 1, classes), the bias last and without penalty.
    """

    def __init__(
        self, sparse: Any, dense: Array, labels: npt.NDArray[np.int64], c: float, counts: Array
    ) -> None:
        self._sparse, self._dense = sparse, dense
        self._turned = sparse.T.tocsr()
        self._labels = labels
        self._rows = np.arange(len(labels))
        self._counts = counts / counts.sum()
        self._ridge = np.float32(1.0 / (c * counts.sum()))
        self.grams = sparse.shape[1]
        self.shape = (sparse.shape[1] + dense.shape[1] + 1, int(labels.max()) + 1)

    def __call__(self, flat: Array) -> tuple[float, Array]:
        weights = flat.reshape(self.shape)
        grams, rest, bias = weights[: self.grams], weights[self.grams : -1], weights[-1]
        chances = softmax(self._sparse @ grams + self._dense @ rest + bias)
        loss = -float(self._counts @ np.log(np.maximum(chances[self._rows, self._labels], 1e-12)))
        loss += 0.5 * float(self._ridge) * float(np.vdot(weights[:-1], weights[:-1]))
        chances[self._rows, self._labels] -= 1.0
        chances *= self._counts[:, None]
        gradient = np.empty(self.shape, dtype=np.float32)
        gradient[: self.grams] = self._turned @ chances
        gradient[self.grams : -1] = self._dense.T @ chances
        gradient[:-1] += self._ridge * weights[:-1]
        gradient[-1] = chances.sum(axis=0)
        return loss, gradient.ravel()

    def in_double(self, flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        """The same for a solver that counts in double precision."""
        loss, gradient = self(flat.astype(np.float32))
        return loss, gradient.astype(np.float64)


def fit_linear(
    sparse: Any,
    labels: npt.NDArray[np.int64],
    c: float,
    counts: Array | None = None,
    dense: Array | None = None,
) -> Linear:
    """Multinomial logistic regression with L2 strength ``1/c``; ``counts`` says how much each row counts.

    The features are the sparse ones and, behind them, the dense ones: scikit-learn would take both as one
    sparse matrix only, which is ten times slower, so SciPy's L-BFGS gets loss and gradient from here.
    """
    from scipy.optimize import minimize  # type: ignore[import-untyped]
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    weight = np.ones(len(labels), dtype=np.float32) if counts is None else counts
    rest = np.zeros((len(labels), 0)) if dense is None else dense
    problem = _Problem(sparse.tocsr(), np.ascontiguousarray(rest, dtype=np.float32), labels, c, weight)
    with threadpool_limits(limits=1):  # small products: more threads only get in each other's way
        found = minimize(
            problem.in_double,
            np.zeros(problem.shape[0] * problem.shape[1]),
            method="L-BFGS-B",
            jac=True,
            options={"maxiter": _STEPS, "ftol": _ENOUGH, "gtol": 0.0},
        )
    weights = found.x.astype(np.float32).reshape(problem.shape)
    return Linear(weights[:-1].copy(), weights[-1].copy())


def temperature_of(logits: Array, labels: npt.NDArray[np.int64]) -> float:
    """The temperature that makes held-out probabilities likeliest."""
    grid = np.geomspace(0.15, 4.0, 45)
    rows = np.arange(len(labels))
    losses = [-float(np.log(np.maximum(softmax(logits, float(t))[rows, labels], 1e-9)).mean()) for t in grid]
    return float(grid[int(np.argmin(losses))])


def counts_of(templates: Iterable[str]) -> list[Counter[str]]:
    return [grams(text) for text in templates]
