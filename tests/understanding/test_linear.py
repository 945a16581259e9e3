"""The solver and the distilled table against what they must equal."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from bot.understanding.distilled import distil, fold_in, main_directions
from bot.understanding.intents import threshold
from bot.understanding.linear import Linear, fit_linear, softmax


def _problem(rng: np.random.Generator, rows: int = 240, grams: int = 60, dense: int = 5, classes: int = 4):
    sparse = csr_matrix((rng.random((rows, grams)) < 0.1).astype(np.float32))
    extra = rng.normal(size=(rows, dense)).astype(np.float32)
    truth = rng.normal(size=(grams + dense, classes))
    scores = np.hstack([sparse.toarray(), extra]) @ truth + rng.gumbel(size=(rows, classes))
    return sparse, extra, scores.argmax(axis=1).astype(np.int64)


def _chances(linear: Linear, sparse, extra) -> np.ndarray:
    grams = sparse.shape[1]
    return softmax(sparse @ linear.weights[:grams] + extra @ linear.weights[grams:] + linear.bias)


@pytest.mark.parametrize("c", [0.3, 10.0])
def test_it_finds_what_scikit_learn_finds(c: float) -> None:
    rng = np.random.default_rng(3)
    sparse, extra, labels = _problem(rng)
    counts = rng.uniform(0.4, 1.0, len(labels)).astype(np.float32)
    ours = fit_linear(sparse, labels, c, counts, extra)
    theirs = LogisticRegression(C=c, max_iter=2000, tol=1e-8)
    theirs.fit(hstack([sparse, csr_matrix(extra)]).tocsr(), labels, sample_weight=counts)
    wanted = Linear(theirs.coef_.T.astype(np.float32), theirs.intercept_.astype(np.float32))
    assert np.abs(_chances(ours, sparse, extra) - _chances(wanted, sparse, extra)).max() < 0.02


def test_without_dense_features_and_with_two_classes() -> None:
    sparse, _, labels = _problem(np.random.default_rng(4), classes=2)
    linear = fit_linear(sparse, labels, 5.0)
    assert linear.weights.shape == (60, 2)
    chances = _chances(linear, sparse, np.zeros((sparse.shape[0], 0), dtype=np.float32))
    assert (chances.argmax(axis=1) == labels).mean() > 0.7


def test_a_table_folded_in_changes_no_score() -> None:
    rng = np.random.default_rng(5)
    sparse, extra, labels = _problem(rng)
    targets = main_directions((sparse @ rng.normal(size=(60, 384))).astype(np.float32))
    table, guesses = distil(sparse, targets)
    assert guesses.shape == targets.shape
    linear = fit_linear(sparse, labels, 5.0, None, np.hstack([extra, guesses]))
    folded = fold_in(linear, table, 60)
    assert len(folded.weights) == 65
    whole = np.hstack([extra, sparse @ table])
    assert np.allclose(_chances(folded, sparse, extra), _chances(linear, sparse, whole), atol=1e-4)


def test_guesses_come_near_what_is_linear_in_the_grams() -> None:
    rng = np.random.default_rng(6)
    sparse = csr_matrix((rng.random((400, 40)) < 0.2).astype(np.float32))
    targets = (sparse @ rng.normal(size=(40, 8))).astype(np.float32)
    _, guesses = distil(sparse, targets)
    assert np.square(guesses - targets).mean() < 0.1 * np.square(targets).mean()


def test_the_threshold_gives_up_no_more_than_allowed() -> None:
    labels = np.zeros(1000, dtype=np.int64)
    gram = np.linspace(1.0, 0.5, 1000, dtype=np.float32)
    right = np.stack([gram, 1 - gram], axis=1)
    assert threshold(right, right, labels) == pytest.approx(0.5)
    # From the hundredth on it is wrong where the other is right: two sentences in a thousand are allowed.
    wrong = right.copy()
    wrong[100:] = wrong[100:, ::-1]
    assert threshold(wrong, right, labels) == pytest.approx(float(gram[101]))
