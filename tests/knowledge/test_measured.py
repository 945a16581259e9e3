"""How well unseen questions are answered: the goals of the project, with the real sentence model."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml
from told_numbers import unexplained_numbers

from bot.knowledge import Knowledge
from bot.settings import ROOT

pytestmark = pytest.mark.slow

QUESTIONS = yaml.safe_load((ROOT / "tests" / "knowledge" / "questions.yml").read_text("utf-8"))
ELSEWHERE = ("成都", "龙岩", "淮安", "两江")


def _off_topic(knowledge: Knowledge) -> list[str]:
    """What the training data calls out of scope, save places that the knowledge base does tell about."""
    known = set(knowledge.base.not_ours)
    return [
        text
        for text in _examples("out_of_scope")
        if text not in known and not any(e in text for e in ELSEWHERE)
    ]


def _examples(intent: str) -> Iterator[str]:
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text("utf-8")).get("nlu", []):
            if block.get("intent") == intent:
                for line in block["examples"].splitlines():
                    if line.strip():
                        yield line.strip().removeprefix("- ").strip()


def test_the_questions_are_unseen(knowledge: Knowledge) -> None:
    stored = {phrasing for passage in knowledge.passages for phrasing in passage.phrasings}
    assert stored.isdisjoint(QUESTIONS["answered"])
    assert set(knowledge.base.not_ours).isdisjoint(QUESTIONS["unanswered"])


def test_the_right_passage_is_found(knowledge: Knowledge) -> None:
    ids = {passage.id for passage in knowledge.passages}
    first = among_three = 0
    for question, right in QUESTIONS["answered"].items():
        assert set(right) <= ids, question
        found = [hit.id for hit in knowledge.answer(question)]
        first += bool(found) and found[0] in right
        among_three += not set(found).isdisjoint(right)
    count = len(QUESTIONS["answered"])
    measured = (
        f"right passage first {first / count:.3f}, in the first three {among_three / count:.3f} of {count}"
    )
    print(measured)  # noqa: T201 - shown by pytest -rP
    assert first / count >= 0.85, measured
    assert among_three / count >= 0.95, measured


def test_nothing_is_found_for_what_lies_outside(knowledge: Knowledge) -> None:
    off_topic, near = _off_topic(knowledge), QUESTIONS["unanswered"]
    empty = sum(not knowledge.answer(question) for question in off_topic) / len(off_topic)
    near_empty = sum(not knowledge.answer(question) for question in near) / len(near)
    measured = f"empty: {empty:.3f} of {len(off_topic)} off topic, {near_empty:.3f} of {len(near)} near ones"
    print(measured)  # noqa: T201 - shown by pytest -rP
    assert empty >= 0.95, measured
    assert near_empty >= 0.85, measured


def test_answers_hold_no_number_of_their_own(knowledge: Knowledge) -> None:
    for passage in knowledge.passages:
        for question in passage.phrasings:
            hits = knowledge.answer(question)
            told = knowledge.compose(question, hits)
            allowed = [text for hit in hits for text in (hit.text, hit.source)]
            assert unexplained_numbers(told, allowed) == []
            if hits:
                assert hits[0].source in told


def test_every_phrasing_finds_its_passage(knowledge: Knowledge) -> None:
    """Stored questions must come back, or a phrasing was put under the wrong passage."""
    lost = [
        (passage.id, phrasing)
        for passage in knowledge.passages
        for phrasing in passage.phrasings
        if passage.id not in [hit.id for hit in knowledge.answer(phrasing)]
    ]
    assert lost == []
