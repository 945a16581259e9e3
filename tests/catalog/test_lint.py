"""Every kind of fault is found in a broken catalog, with file and line; the shipped one has none."""

from __future__ import annotations

import pytest
from broken import CATALOG, DAY, faults_after, line_of, texts
from click.testing import CliRunner

from bot.catalog.load import load_catalog
from bot.cli.catalog import catalog
from bot.decision.cases import run_cases
from bot.decision.judge import Decider
from bot.decision.lint import lint

SEED = "products/seed_fund.yml"
TIERED = "products/tiered_loan.yml"
KNOWLEDGE = "products/knowledge_value_loan.yml"
ANGEL = "products/fengqi_angel_fund.yml"
CARD = "scorecards/tech_sme.yml"


def test_the_shipped_catalog_has_no_fault() -> None:
    loaded = load_catalog(CATALOG)
    assert lint(texts(), loaded, Decider(loaded), DAY) == []


def test_the_shipped_cases_come_out_as_written() -> None:
    results = list(run_cases(Decider(load_catalog(CATALOG))))
    assert len(results) > 80
    assert [one for one in results if one.differences] == []


def clause(product: str, kind: str, when: str, extra: str = "") -> str:
    return f"clauses:\n  - id: {product}.new\n    kind: {kind}\n    text: 新条款\n    when: {when}\n{extra}"


NEXT = "  - id: tiered.in_cq_system_2023"
IDLE = "  idle:\n    {type: flag, name: 没用, group: more, question: 有吗？}\n"
URL = "    url: http://gxq.cq.gov.cn/zwgk_202/zfxxgkml/zcwj"
SOURCED = "    source: tiered-2024\n    from: 2024-06-18\n"

BROKEN = [
    # A clause without source, or with one that is not listed.
    (SEED, "clauses:\n", clause("seed", "expect", "is_hnte", '    source: ""\n'), "缺少出处", 0),
    (
        SEED,
        "clauses:\n",
        clause("seed", "expect", "is_hnte", "    source: nowhere\n"),
        "「nowhere」不在 sources.yml",
        5,
    ),
    # A must clause whose source is not sure enough.
    (
        SEED,
        "clauses:\n",
        clause("seed", "must", "is_hnte", "    source: citic-torch-loan\n"),
        "出处不够确定",
        1,
    ),
    # Unreachable, and always true.
    (SEED, "clauses:\n", clause("seed", "must", "rd_ratio_pct > 100", SOURCED), "永远不成立", 1),
    (SEED, "clauses:\n", clause("seed", "must", "is_hnte or not is_hnte", SOURCED), "总是成立", 1),
    # Contradictory with the clauses that are there: every firm fails.
    (SEED, "clauses:\n", clause("seed", "must", "not accepts_equity", SOURCED), "没有一家企业能满足", -1),
    # The same condition twice at the same time.
    (SEED, "clauses:\n", clause("seed", "must", "accepts_equity", SOURCED), "同一时期条件相同", None),
    # Unknown facts, wrong types, expressions that cannot be read.
    (SEED, "clauses:\n", clause("seed", "must", "is_unicorn", SOURCED), "「is_unicorn」不在 facts.yml", 4),
    (SEED, "clauses:\n", clause("seed", "must", "stage == 'teenage'", SOURCED), "没有选项 'teenage'", 4),
    (SEED, "clauses:\n", clause("seed", "must", "is_hnte >= 3", SOURCED), "是是非题", 4),
    (SEED, "clauses:\n", clause("seed", "must", "rd_ratio_pct > > 3", SOURCED), "表达式读不懂", 4),
    # A fact that is never asked.
    (SEED, "clauses:\n", clause("seed", "must", "district == '渝北'", SOURCED), "却从不会问它", 1),
    # Dates: the wrong way round, overlapping, with a hole, none at all.
    (
        SEED,
        "clauses:\n",
        clause("seed", "must", "is_hnte", SOURCED + "    to: 2024-01-01\n"),
        "失效日应晚于生效日",
        7,
    ),
    (SEED, "clauses:\n", clause("seed", "must", "is_hnte", "    source: tiered-2024\n"), "没有生效日", 1),
    (
        SEED,
        "clauses:\n",
        clause("seed", "must", "is_hnte", SOURCED + "    to: 2025-01-01\n"),
        "失效后没有接上",
        7,
    ),
    # A clause that no case covers.
    (SEED, "clauses:\n", clause("seed", "must", "is_hnte", SOURCED), "没有用例让条款「seed.new」", 1),
    # An unknown key is a fault, not silence.
    (SEED, "clauses:\n", clause("seed", "must", "is_hnte", SOURCED + "    weigth: 2\n"), "weigth", 7),
]


@pytest.mark.parametrize(("file", "old", "new", "reason", "offset"), BROKEN, ids=[one[3] for one in BROKEN])
def test_a_broken_clause_is_named_with_its_line(
    file: str, old: str, new: str, reason: str, offset: int | None
) -> None:
    found = [fault for fault in faults_after(file, old, new) if reason in fault.reason]
    assert found, reason
    assert {fault.file for fault in found} == {file}
    if offset is not None:
        start = line_of(file, old)
        lines = {start, start + 1} if offset in (0, -1) else {start + offset}
        assert found[0].line in lines


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        (
            KNOWLEDGE,
            "when: knowledge_value_grade == 'B', limit_wan",
            "when: knowledge_value_grade == 'A', limit_wan",
            "两条额度在同一时期",
        ),
        (
            KNOWLEDGE,
            "when: knowledge_value_grade == 'B', limit_wan",
            "when: knowledge_value_grade == 'A', limit_wan",
            "这条额度永远用不上",
        ),
        (KNOWLEDGE, "limit_wan: 500\n  - name: D级", "limit_wan: 480\n  - name: D级", "额度应为 480"),
        (TIERED, f"to: 2024-06-18\n{NEXT}", f"to: 2024-08-18\n{NEXT}", "失效后没有接上|同时有效"),
        (
            CARD,
            "when: 5 <= rd_ratio_pct < 6, points: 40",
            "when: 5 <= rd_ratio_pct < 6, points: 60",
            "分数应在0到50之间",
        ),
        (
            CARD,
            "when: 3 <= rd_ratio_pct < 4, points: 20",
            "when: 6 <= rd_ratio_pct < 7, points: 20",
            "永远轮不到",
        ),
        (CARD, "      - {when: rd_staff_pct < 10, points: 0, text: 不到10%}\n", "", "没有覆盖所有情形"),
        (CARD, "max: 30\n", "max: 40\n", "各项满分合计110"),
        (CARD, "qualification: is_tech_sme", "qualification: is_unicorn", "不是 facts.yml 里的是非题"),
        (CARD, "also: rd_staff_pct >= 10", "also: rd_staff >= 10", "「rd_staff」不在 facts.yml"),
        (
            "sme_size.yml",
            "small, when: employees >= 20 and revenue_wan >= 300",
            "small, when: employees >= 300 and revenue_wan >= 2000",
            "永远轮不到",
        ),
        (
            "facts.yml",
            "    derived: rd_employees / employees * 100",
            "    derived: rd_employees / staff * 100",
            "「staff」不是已声明的数",
        ),
        ("facts.yml", "to: [E, D, C, B, A]", "to: [E, Z]", "没有选项「Z」"),
        ("facts.yml", "facts:\n", f"facts:\n{IDLE}", "永远不会问"),
        ("sources.yml", f"    date: 2024-06-18\n{URL}", URL, "没有日期"),
    ],
)
def test_other_faults_are_found_too(file: str, old: str, new: str, reason: str) -> None:
    found = [
        fault
        for fault in faults_after(file, old, new)
        if any(one in fault.reason for one in reason.split("|"))
    ]
    assert found, reason
    assert found[0].file == file
    assert found[0].line >= 1


def test_a_product_whose_clauses_contradict_each_other_fails_every_firm() -> None:
    found = faults_after(ANGEL, "when: stage != 'mature'", "when: accepts_equity == false")
    assert any("没有一家企业能满足全部条件" in fault.reason for fault in found)


def test_two_cards_of_one_qualification_at_the_same_time() -> None:
    found = faults_after("scorecards/little_giant_2022.yml", "to: 2026-01-01\n", "")
    assert [f.file for f in found if "一段时间同时有效" in f.reason] == ["scorecards/little_giant_2026.yml"]


def test_the_command_lists_faults_and_counts() -> None:
    result = CliRunner().invoke(catalog, ["lint", "--catalog", str(CATALOG)])
    assert result.exit_code == 0
    assert "0处错误，0处提醒" in result.output
