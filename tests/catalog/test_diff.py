"""What changed between two catalogs, and for whom."""

from __future__ import annotations

import datetime
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.catalog.difference import differences
from bot.catalog.load import load_catalog
from bot.cli.catalog import catalog
from bot.decision.compare import improved, judged_again
from bot.decision.firm import Firm
from bot.decision.judge import Decider

CATALOG = Path(__file__).parents[2] / "catalog"
DAY = datetime.date(2026, 11, 24)
GRADE_B = Firm({"knowledge_value_grade": "B"})


@pytest.fixture(name="older")
def _older(tmp_path: Path) -> Path:
    """The catalog as it might have been: another limit, grade E ruled out, a product missing."""
    folder = tmp_path / "older"
    shutil.copytree(CATALOG, folder)
    file = folder / "products" / "knowledge_value_loan.yml"
    text = file.read_text("utf-8")
    text = text.replace(
        "limit_wan: 400, text: B级对应400万元授信", "limit_wan: 350, text: B级对应400万元授信"
    )
    text = text.replace("in ['A', 'B', 'C', 'D', 'E']", "in ['A', 'B', 'C', 'D']")
    file.write_text(text, "utf-8")
    (folder / "products" / "seed_fund.yml").unlink()
    return folder


def test_equal_catalogs_do_not_differ() -> None:
    assert differences(load_catalog(CATALOG), load_catalog(CATALOG)) == []


def test_each_change_is_named_by_its_place(older: Path) -> None:
    found = [str(one) for one in differences(load_catalog(older), load_catalog(CATALOG))]
    assert "~ 产品 · 知识价值信用贷 · 额度 · B级对应400万元授信 · 额度（万元）：350 → 400" in found
    assert any(one.startswith("+ 产品 · 种子基金：") for one in found)
    assert any("条款 · kv.grade · 条件" in one for one in found)


def test_a_stored_firm_is_judged_again_under_the_newer_version(older: Path) -> None:
    old, new = Decider(load_catalog(older)), Decider(load_catalog(CATALOG))
    found = judged_again(GRADE_B, old, new, DAY)
    assert (found.old_version, found.new_version) == (old.catalog.version, new.catalog.version)
    limits = {one.product: (one.limit_before, one.limit_after) for one in found.changes}
    assert limits["knowledge_value_loan"] == (350, 400)
    assert {one.product: one.before for one in found.changes}["seed_fund"] is None
    assert judged_again(GRADE_B, new, new, DAY).changes == ()


def test_another_day_of_the_same_version_counts_too() -> None:
    decider = Decider(load_catalog(CATALOG))
    found = judged_again(GRADE_B, decider, decider, datetime.date(2023, 8, 10), DAY)
    change = next(one for one in found.changes if one.product == "knowledge_value_loan")
    assert (change.limit_before, change.limit_after) == (None, 400)


def test_who_is_better_off_is_worth_a_call(older: Path) -> None:
    old, new = Decider(load_catalog(older)), Decider(load_catalog(CATALOG))
    grade_e = Firm({"knowledge_value_grade": "E", "accepts_equity": False})
    found = {one.product: (one.before, one.after, one.clauses) for one in improved(grade_e, old, new, DAY)}
    assert found == {"knowledge_value_loan": ("ineligible", "meets_published", ("kv.grade",))}
    assert improved(grade_e, new, old, DAY) == []


def test_the_command_prints_both(older: Path, tmp_path: Path) -> None:
    firms = tmp_path / "firms.jsonl"
    lines = [json.dumps({"name": "甲", "facts": dict(GRADE_B.facts)}, ensure_ascii=False), "{}", "nonsense"]
    firms.write_text("\n".join(lines), "utf-8")
    result = CliRunner().invoke(catalog, ["diff", str(older), str(CATALOG), "--firms", str(firms)])
    assert result.exit_code == 0
    assert "第1行甲：「知识价值信用贷」额度由350万元变为400万元" in result.output
    assert "第3行读不了" in result.output
    assert "2家企业，2家的结论有变化" in result.output
