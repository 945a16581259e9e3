"""The labels of the held-out sentences were given twice, the second time blind: how far the two agree is as
much as a reader can reach, and is told in the README beside."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.evaluate import read_labels
from bot.evaluation.metrics import Read, product_accuracy, score_facts

HERE = Path(__file__).resolve().parent


@pytest.mark.parametrize(
    ("name", "sentences", "alike", "products"),
    [("understanding.jsonl", 568, 564, (68, 68)), ("statements.jsonl", 330, 329, (50, 50))],
)
def test_both_labellings_agree(name: str, sentences: int, alike: int, products: tuple[int, int]) -> None:
    first, second = read_labels(HERE / name), read_labels(HERE / "again" / name)
    assert [label.text for label in first] == [label.text for label in second]
    cases = [
        (one, Read("", 0, dict(other.facts), list(other.products), other.aspect, 0))
        for one, other in zip(first, second, strict=True)
    ]
    score = score_facts(cases)
    assert (score.sentences, score.exact) == (sentences, alike)
    assert product_accuracy(cases) == products
    assert [
        one.text for one, other in zip(first, second, strict=True) if not {*one.intents} & {*other.intents}
    ] == []
