"""What the guide for policy staff shows is what the loader reads."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.catalog.expression import facts_of, parse_condition
from bot.catalog.load import load_catalog
from bot.catalog.model import Case, Clause, FactSpec, Limit, Source
from bot.catalog.yaml_lines import parse

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "policy-authoring.zh.md").read_text("utf-8")
BLOCKS = dict(re.findall(r"```yaml\n# (.+)\n((?:.|\n)*?)```", GUIDE))
KINDS: dict[str, Any] = {
    "出处": dict[str, Source], "条款": list[Clause], "额度": list[Limit], "用例": list[Case],
    "事实": dict[str, FactSpec],
}  # fmt: skip


def test_every_block_of_the_guide_is_checked() -> None:
    assert set(BLOCKS) == {*KINDS, "示例"}


@pytest.mark.parametrize("kind", KINDS)
def test_the_blocks_are_read_as_they_are_shown(kind: str) -> None:
    data = parse(BLOCKS[kind], "guide.yml").data
    if kind == "出处":
        data = {name: {**one, "date": str(one["date"])} for name, one in data.items()}
    assert msgspec.convert(data, KINDS[kind], builtin_types=(datetime.date,))


def test_the_example_card_is_that_of_the_tests() -> None:
    example = (ROOT / "tests" / "catalog" / "innovation_points_example.yml").read_text("utf-8").splitlines()
    for line in BLOCKS["示例"].splitlines():
        assert line in example


def test_the_conditions_in_the_table_use_declared_facts() -> None:
    catalog = load_catalog(ROOT / "catalog")
    table = GUIDE.split("### 条件怎么写")[1].split("先 `and`")[0]
    conditions = re.findall(r"\| `([^`]+)` \|", table)
    assert len(conditions) == 8
    for text in conditions:
        assert facts_of(parse_condition(text)) <= set(catalog.facts)
