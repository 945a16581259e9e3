"""Sentence vectors guessed from n-grams: what the embedding knows of them, at the cost of a table.

A guess is linear in the n-grams, and so is the classifier that uses it; the two fold into one set of weights,
and nothing is left to compute when a message is read.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bot.understanding.embedding import Vector
from bot.understanding.linear import Array, Linear

_DIMENSIONS = 96
_RIDGE = 1.0
_FOLDS = 3
_STEPS = 30
_WEIGHT = 0.5


def main_directions(vectors: Vector) -> Array:
    """Centred vectors (n, 384) along their main directions (n, 96), scaled as a classifier wants them."""
    _, axes = np.linalg.eigh(vectors.T @ vectors)
    return np.asarray(vectors @ axes[:, -_DIMENSIONS:] * _WEIGHT, dtype=np.float32)


def distil(matrix: Any, targets: Array) -> tuple[Array, Array]:
    """Regresses targets (n, d) on the n-grams of the texts, a sparse matrix (n, grams).

    Returns:
        The table (grams, d), and guesses (n, d) for these texts by tables that had not seen them: the
        classifier must learn from guesses as bad as those it will get.
    """
    places = np.arange(matrix.shape[0])
    guesses = np.zeros_like(targets)
    for fold in range(_FOLDS):
        out = places % _FOLDS == fold
        if out.all() or not out.any():
            continue
        guesses[out] = matrix[out] @ _ridge(matrix[~out], targets[~out])
    return _ridge(matrix, targets), guesses


def fold_in(linear: Linear, table: Array, grams: int) -> Linear:
    """The classifier without the guesses, its last features: ``table`` goes into the n-grams' weights."""
    kept = linear.weights[: linear.weights.shape[0] - table.shape[1]].copy()
    kept[:grams] += table @ linear.weights[len(kept) :]
    return Linear(kept, linear.bias)


def _ridge(matrix: Any, targets: Array) -> Array:
    """Conjugate gradients on all columns at once: (XXᵀ + ridge) a = targets, table = Xᵀa."""
    turned = matrix.T.tocsr()

    def applied(a: Array) -> Array:
        return np.asarray(matrix @ (turned @ a) + np.float32(_RIDGE) * a, dtype=np.float32)

    solution = np.zeros_like(targets)
    rest = targets.copy()
    step = rest.copy()
    size: npt.NDArray[np.float32] = (rest * rest).sum(axis=0)
    for _ in range(_STEPS):
        moved = applied(step)
        length = size / np.maximum((step * moved).sum(axis=0), 1e-12)
        solution += length * step
        rest -= length * moved
        new = (rest * rest).sum(axis=0)
        step = rest + new / np.maximum(size, 1e-12) * step
        size = new
    return np.asarray(turned @ solution, dtype=np.float32)
