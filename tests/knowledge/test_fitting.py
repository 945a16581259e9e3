from __future__ import annotations

import numpy as np

from bot.knowledge.fitting import fit_choice, fit_gate


def test_choice_weights_find_what_was_chosen_by() -> None:
    random = np.random.default_rng(7)
    features = random.normal(size=(400, 12, 3))
    chosen = (features @ np.array([2.0, -1.0, 0.0]) + random.gumbel(size=(400, 12))).argmax(axis=1)
    weights = fit_choice(features, chosen, ridge=0.01)
    assert np.allclose(weights, [2.0, -1.0, 0.0], atol=0.3)


def test_choice_weights_stay_finite_where_one_feature_decides_all() -> None:
    features = np.zeros((20, 4, 2))
    features[:, 1, 0] = 1.0
    weights = fit_choice(features, np.ones(20, dtype=np.intp))
    assert np.isfinite(weights).all()
    assert weights[0] > 0
    assert weights[1] == 0


def test_the_gate_tells_inside_from_outside_whatever_their_numbers() -> None:
    random = np.random.default_rng(7)
    inside, outside = random.normal(1, 0.5, (900, 2)), random.normal(-1, 0.5, (30, 2))
    weights = fit_gate(inside, outside)
    assert (inside @ weights[:-1] + weights[-1] > 0).mean() > 0.97
    assert (outside @ weights[:-1] + weights[-1] < 0).mean() > 0.97
