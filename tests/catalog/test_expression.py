"""The language of clauses: what it reads, and what it refuses."""

from __future__ import annotations

import pytest

from bot.catalog.expression import (
    And,
    Arithmetic,
    Atom,
    ExpressionError,
    Name,
    Not,
    Or,
    Truth,
    atoms_of,
    facts_of,
    parse_condition,
    parse_term,
)


def flag(name: str) -> Atom:
    return Atom(name, "==", (True,))


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("is_hnte", Atom("is_hnte", "==", (True,))),
        ("not is_hnte", Not(Atom("is_hnte", "==", (True,)))),
        ("true", Truth(True)),
        ("rd_ratio_pct >= 3", Atom("rd_ratio_pct", ">=", (3,))),
        # The fact may stand on either side.
        ("3 <= rd_ratio_pct", Atom("rd_ratio_pct", ">=", (3,))),
        ("net_profit_wan > -5", Atom("net_profit_wan", ">", (-5,))),
        ("3 <= x < 5", And((Atom("x", ">=", (3,)), Atom("x", "<", (5,))))),
        ("stage in ['lab', 'seed']", Atom("stage", "==", ("lab", "seed"))),
        ("stage not in ['lab']", Atom("stage", "!=", ("lab",))),
        ("a and b or c", Or((And((flag("a"), flag("b"))), flag("c")))),
        ("accepts == false", Atom("accepts", "==", (False,))),
        # A condition may run over several lines of the file.
        ("a\n  and b", And((flag("a"), flag("b")))),
    ],
)  # fmt: skip
def test_conditions(text: str, condition: object) -> None:
    assert parse_condition(text) == condition


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "读不懂"),
        ("a >", "读不懂"),
        ("a = 3", "读不懂"),
        ("a if b else c", "这里应是一个条件"),
        ("max(a, b)", "这里应是一个条件"),
        ("a + b > 3", "派生事实"),
        ("a > b", "这里应是一个值"),
        ("3 > 2", "派生事实"),
        ("a is true", "不认识的比较"),
        ("3 in [a]", "in 的左边应是一个事实"),
        ("a in 'lab'", "in 的左边应是一个事实"),
        ("a > -'x'", "这里应是一个值"),
        ("__import__('os')", "这里应是一个条件"),
        ("a.b", "这里应是一个条件"),
        ("lambda: a", "这里应是一个条件"),
    ],
)
def test_what_is_not_of_the_language_is_refused_in_chinese(text: str, reason: str) -> None:
    with pytest.raises(ExpressionError, match=reason):
        parse_condition(text)


def test_facts_and_comparisons_in_order() -> None:
    condition = parse_condition("a and (b >= 2 or not c) and a")
    assert facts_of(condition) == {"a", "b", "c"}
    assert [atom.fact for atom in atoms_of(condition)] == ["a", "b", "c", "a"]


def test_terms() -> None:
    assert parse_term("a / b * 100") == Arithmetic("*", Arithmetic("/", Name("a"), Name("b")), 100.0)
    assert facts_of(parse_term("a + b")) == {"a", "b"}
    for text in ("a ** 2", "-a", "a % 2", "true", "'x'"):
        with pytest.raises(ExpressionError):
            parse_term(text)
