from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from small_base import LetterModel

from bot.knowledge import Knowledge


def test_best_first_with_falling_scores(small: Knowledge) -> None:
    hits = small.answer("甲贷最高能贷多少钱")
    assert hits[0].id == "loan.limit"
    assert hits[0].source == "《甲贷办法》（甲发〔2024〕1号），管委会，2024-01-02"
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_a_rate_that_is_not_public_is_answered_by_silence(small: Knowledge) -> None:
    assert small.answer("甲贷的利率是多少")[0].passage.silent


def test_k_bounds_the_list(small: Knowledge) -> None:
    assert len(small.answer("甲贷最高多少", k=1)) == 1


@pytest.mark.parametrize("question", ["", "  ", "abc", "15", "今天天气怎么样", "社保怎么交"])
def test_nothing_answers_what_is_not_ours(small: Knowledge, question: str) -> None:
    assert small.answer(question) == []


def test_another_place_is_told_only_when_it_is_named(small: Knowledge) -> None:
    assert "elsewhere.fund" not in [hit.id for hit in small.answer("基金规模", k=4)]
    assert small.answer("丙城基金规模")[0].id == "elsewhere.fund"


def test_vectors_are_made_once_and_again_after_a_change(
    folder: Path, model: LetterModel, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    first = Knowledge.load(folder, model, cache=cache)
    made = model.embedded
    assert made > 0
    second = Knowledge.load(folder, model, cache=cache)
    assert model.embedded == made
    assert [hit.id for hit in first.answer("甲贷利率")] == [hit.id for hit in second.answer("甲贷利率")]
    with (folder / "passages.yml").open("a", encoding="utf-8") as file:
        file.write("# a word more\n")
    Knowledge.load(folder, model, cache=cache)
    assert model.embedded == 2 * made


def test_a_torn_cache_is_made_again(folder: Path, model: LetterModel, tmp_path: Path) -> None:
    Knowledge.load(folder, model, cache=tmp_path)
    made = model.embedded
    for path in tmp_path.glob("*.npy"):
        path.write_bytes(b"torn")
    Knowledge.load(folder, model, cache=tmp_path)
    assert model.embedded == 2 * made
    assert all(np.load(path).ndim == 2 for path in tmp_path.glob("*.npy"))


def test_an_answer_is_passages_and_their_source(small: Knowledge) -> None:
    hits = small.answer("乙号基金规模多大")
    told = small.compose("乙号基金规模多大", hits)
    assert told.startswith(hits[0].text)
    assert "转述，以原文为准" in told
    assert small.compose("今天天气怎么样", []) == ""
