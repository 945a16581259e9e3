"""What `peipao bench understanding` computes; the measuring itself is the command."""

from __future__ import annotations

import math

import pytest

from bot.bench.understanding import PARTS, split, stock_config
from bot.bench.understanding_table import Row, area_under_curve, ratios, scored, table


def row(name: str, **more: float) -> Row:
    return Row(**{"name": name, "accuracy": 0.9, "auroc": 0.97, "p50_ms": 2.0, "p95_ms": 12.0, **more})


def test_the_split_is_the_same_every_time_and_shares_nothing():
    examples = [(f"sentence {number}", "inform") for number in range(101)]
    train, test = split(examples)
    assert split(examples) == (train, test)
    assert sorted(train + test) == sorted(examples)
    assert len(test) == math.ceil(len(examples) / PARTS)


def test_the_area_is_the_share_of_pairs_in_order():
    assert area_under_curve([0.1, 0.2], [0.3, 0.9]) == 1.0
    assert area_under_curve([0.1, 0.5], [0.3, 0.5]) == pytest.approx((1 + 0 + 1 + 0.5) / 4)
    assert math.isnan(area_under_curve([], [0.5]))


def test_asking_back_is_no_intent_and_out_of_scope_is_scored():
    rankings = [
        [("nlu_fallback", 0.3), ("inform", 0.5), ("out_of_scope", 0.1)],
        [("out_of_scope", 0.9), ("inform", 0.1)],
        [("greet", 0.6), ("inform", 0.4)],
    ]
    accuracy, auroc = scored(["inform", "out_of_scope", "inform"], rankings)
    assert accuracy == pytest.approx(2 / 3)
    assert auroc == 1.0


def test_the_table_has_a_line_for_each_and_a_dash_for_what_was_not_measured():
    lines = table([row("plain"), row("full", memory_mb=600.0)])
    assert len(lines) == 3
    assert lines[1].split()[-1] == "–"
    assert lines[2].split()[-1] == "600"


def test_ratios_count_errors_and_leave_out_what_is_missing():
    line = ratios(row("ours", training_s=20.0), row("stock", accuracy=0.8, p95_ms=24.0, training_s=100.0))
    assert "errors 2.00×" in line
    assert "p95 2.0×" in line
    assert "training 5.0×" in line
    assert "memory" not in line


def test_both_pipelines_learn_from_the_same_sentences():
    stock = stock_config(7)
    assert "epochs: 7" in stock
    assert "DIETClassifier" in stock
    assert "TEDPolicy" not in stock
