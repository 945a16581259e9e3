"""What people type, sentence by sentence: exactly these facts, products and bounds (files in ``sentences/``).

As in the contract, purpose, stage, kind of funding, trade and 「公司」 count only where a line names them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.understanding import Reading

FOLDER = Path(__file__).parent / "sentences"
LOOSE = {"purpose", "stage", "funding_kind", "industry"}


def cases() -> list[Any]:
    out = []
    for path in sorted(FOLDER.glob("*.jsonl")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            out.append(pytest.param(json.loads(line), id=f"{path.stem}:{number}"))
    return out


def judged(reading: Reading, wanted: dict[str, Any]) -> dict[str, Any]:
    return {
        fact: value
        for fact, value in reading.facts.items()
        if fact in wanted or not (fact in LOOSE or (fact == "org_type" and value == "company"))
    }


@pytest.mark.parametrize("case", cases())
def test_reads_exactly_what_is_said(said: Any, case: dict[str, Any]) -> None:
    reading = said(case["text"], case.get("asked"))
    assert judged(reading, case["facts"]) == case["facts"]
    assert reading.products == case["products"]
    if "aspect" in case:
        assert reading.aspect == case["aspect"]
    if "supposed" in case:
        assert reading.supposed_facts == case["supposed"]
    if "bounds" in case:
        ends = {fact: list(msgspec.structs.astuple(bound)) for fact, bound in reading.bounds.items()}
        assert ends == case["bounds"]
