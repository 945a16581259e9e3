"""What cannot be true of any firm is refused on the command line, naming the field."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from bot.cli.decide import check


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"facts": {"employees": -5}}, "facts.employees"),
        ({"facts": {"rd_ratio_pct": 300}}, "facts.rd_ratio_pct"),
        ({"facts": {"established_year": 2999}}, "facts.established_year"),
        ({"facts": {"years_established": -2}}, "facts.years_established"),
        ({"facts": {}, "bounds": {"rd_ratio_pct": {"low": 9, "high": 3}}}, "bounds.rd_ratio_pct"),
        ({"facts": {}, "bounds": {"employees": {"low": -9, "high": -3}}}, "bounds.employees"),
    ],
)
def test_impossible_values_are_named_and_the_next_line_is_answered(line: dict, field: str) -> None:
    lines = [
        {"product": "tiered_loan", **line},
        {"product": "tiered_loan", "facts": {"net_profit_wan": -180}},
    ]
    result = CliRunner().invoke(check, ["--jsonl"], input="\n".join(map(json.dumps, lines)).encode())
    first, second = (json.loads(told) for told in result.output.splitlines())
    assert field in first["error"]
    assert second["verdict"] == "unknown"
    assert result.exit_code == 1
