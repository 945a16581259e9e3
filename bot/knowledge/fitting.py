"""Fits the few weights of the ranking and of the gate, by Newton's method: small, exact, always the same."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_ROUNDS = 50
_CLOSE = 1e-8


def fit_choice(features: Floats, chosen: npt.NDArray[np.intp], ridge: float = 1.0) -> Floats:
    """Weights under which the chosen passages are likeliest (conditional logit).

    ``features`` has the shape (questions, passages, features); the answer (features,).
    """
    spread = features.reshape(-1, features.shape[2]).std(axis=0)
    scaled = features / np.where(spread > 0, spread, 1)
    weights = np.zeros(features.shape[2])
    rows = np.arange(len(chosen))
    for _ in range(_ROUNDS):
        scores = scaled @ weights
        chance = np.exp(scores - scores.max(axis=1, keepdims=True))
        chance /= chance.sum(axis=1, keepdims=True)
        expected = np.einsum("qp,qpf->qf", chance, scaled)
        gradient = (scaled[rows, chosen] - expected).sum(axis=0) - ridge * weights
        second = np.einsum("qp,qpf,qpg->fg", chance, scaled, scaled, optimize=True) - expected.T @ expected
        step = np.linalg.solve(second + ridge * np.eye(len(weights)), gradient)
        # A full step far from the maximum may overshoot it.
        size, reached = 1.0, _choice_gain(scaled, chosen, weights, ridge)
        while size > _CLOSE and _choice_gain(scaled, chosen, weights + size * step, ridge) < reached:
            size /= 2
        weights = weights + size * step
        if float(np.abs(size * step).max()) < _CLOSE:
            break
    return np.asarray(weights / np.where(spread > 0, spread, 1))


def _choice_gain(scaled: Floats, chosen: npt.NDArray[np.intp], weights: Floats, ridge: float) -> float:
    scores = scaled @ weights
    top = scores.max(axis=1)
    likely = scores[np.arange(len(chosen)), chosen] - top - np.log(np.exp(scores - top[:, None]).sum(axis=1))
    return float(likely.sum() - 0.5 * ridge * weights @ weights)


def fit_gate(inside: Floats, outside: Floats, ridge: float = 1.0) -> Floats:
    """Weights (features + 1, the last a constant) of a logistic regression; both sides weigh the same."""
    features = np.concatenate([inside, outside])
    truth = np.concatenate([np.ones(len(inside)), np.zeros(len(outside))])
    weight = np.where(truth > 0, 0.5 / max(1, len(inside)), 0.5 / max(1, len(outside))) * len(truth)
    mean, spread = features.mean(axis=0), features.std(axis=0)
    spread = np.where(spread > 0, spread, 1)
    scaled = np.concatenate([(features - mean) / spread, np.ones((len(features), 1))], axis=1)
    penalty = ridge * np.eye(scaled.shape[1])
    penalty[-1, -1] = 0.0
    weights = np.zeros(scaled.shape[1])
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-scaled @ weights))
        gradient = scaled.T @ (weight * (truth - chance)) - penalty @ weights
        second = (scaled * (weight * chance * (1 - chance))[:, None]).T @ scaled + penalty
        step = np.linalg.solve(second, gradient)
        weights = weights + step
        if float(np.abs(step).max()) < _CLOSE:
            break
    raw = weights[:-1] / spread
    return np.append(raw, weights[-1] - float(mean @ raw))
