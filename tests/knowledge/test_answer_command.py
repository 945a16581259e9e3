from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from bot.cli.answer import answer
from bot.knowledge import Knowledge


@pytest.fixture
def ask(small: Knowledge, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.cli.answer.load_knowledge", lambda folder, catalog, cache: small)
    monkeypatch.setattr("bot.cli.answer.load_catalog", lambda folder: None)

    def run(*lines: str) -> list[dict[str, object]]:
        result = CliRunner().invoke(answer, ["--jsonl"], input="\n".join(lines).encode())
        told = [json.loads(line) for line in result.output.splitlines()]
        assert result.exit_code == any("error" in line for line in told), result.output
        return told

    return run


def test_passages_in_the_form_of_the_contract(ask) -> None:
    (told,) = ask('{"question":"甲贷最高多少"}')
    assert set(told) == {"question", "passages"}
    assert told["question"] == "甲贷最高多少"
    assert [set(passage) for passage in told["passages"]] == [{"id", "text", "source", "score"}] * len(
        told["passages"]
    )
    assert told["passages"][0]["id"] == "loan.limit"


def test_empty_where_nothing_answers_and_errors_do_not_stop(ask) -> None:
    told = ask('{"question":"今天天气怎么样"}', "{", '{"other":1}', '{"question":"甲贷利率"}')
    assert told[0] == {"question": "今天天气怎么样", "passages": []}
    assert "第2行" in told[1]["error"]
    assert "question" in told[2]["error"]
    assert told[3]["passages"]
