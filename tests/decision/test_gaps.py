"""Ways out of «ineligible»: they work, nothing is cheaper, and none is absurd."""

from __future__ import annotations

import datetime
import itertools
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from random_rules import DAY, FACTS, VALUES, catalog_of, conditions

from bot.catalog.load import load_catalog
from bot.catalog.values import Bound
from bot.decision.firm import Firm
from bot.decision.gaps import SEARCHED, ways_out
from bot.decision.judge import Decider

ROOT = Path(__file__).parents[2]
KNOWN = st.fixed_dictionaries(
    {name: st.sampled_from([value for value in values if value != "n/a"]) for name, values in VALUES.items()}
)


def effort_of(fact: str, old: Any, new: Any) -> float | None:
    """What a change costs by the declared ways, or None where it cannot be made."""
    change = FACTS[fact].change
    if change is None:
        return None
    if change.by == "yes":
        return change.effort if new is True else None
    if change.by == "choice":
        return change.effort if old in change.starting and new in change.to else None
    steps = (new - old) / change.step * (1 if change.by == "more" else -1)
    return change.effort * steps if steps > 0 else None


def cheapest(decider: Decider, firm: dict[str, Any]) -> float | None:
    """The least effort of any set of changes that helps, by looking at all of them."""
    program = decider.program("p", DAY)
    options = {
        fact: [(firm[fact], 0.0)]
        + [
            (value, cost)
            for value in VALUES[fact]
            if (cost := effort_of(fact, firm[fact], value)) is not None
        ]
        for fact in sorted(program.facts)
    }
    best: float | None = None
    for choice in itertools.product(*options.values()):
        cost = sum(one for _, one in choice)
        changed = sum(one > 0 for _, one in choice)
        if changed > SEARCHED or (best is not None and cost >= best):
            continue
        other = Firm({**firm, **dict(zip(options, (value for value, _ in choice), strict=True))})
        if program.verdict(decider.space.masks(other, DAY)) != "ineligible":
            best = cost
    return best


@settings(max_examples=200)
@given(st.lists(conditions(), min_size=1, max_size=3), KNOWN)
def test_the_gaps_turn_the_verdict_and_nothing_is_cheaper(texts: list[str], firm: dict[str, Any]) -> None:
    decider = Decider(catalog_of(*texts))
    program = decider.program("p", DAY)
    masks = decider.space.masks(Firm(firm), DAY)
    if program.verdict(masks) != "ineligible":
        return
    ways = ways_out(program, masks, Firm(firm), decider.space, DAY)
    best = cheapest(decider, firm)
    assert bool(ways) == (best is not None)
    for way in ways:
        after = {**firm, **{gap.fact: gap.need for gap in way.gaps}}
        assert decider.check("p", Firm(after), DAY).verdict == "meets_published"
        for left_out in way.gaps:
            fewer = {**after, left_out.fact: firm[left_out.fact]}
            assert decider.check("p", Firm(fewer), DAY).verdict == "ineligible"
    if best is not None:
        assert ways[0].effort <= best + 0.01
        assert [way.effort for way in ways] == sorted(way.effort for way in ways)


def test_on_the_catalog_every_gap_works_and_names_a_declared_way() -> None:
    decider = Decider(load_catalog(ROOT / "catalog"))
    firm: dict[str, Any] = {
        "knowledge_value_grade": "none", "is_cq_tech_enterprise": False, "accepts_equity": False,
        "bank_will_lend": False, "innovation_points": 0, "stage": "mature", "org_type": "university_lab",
    }  # fmt: skip
    for product in decider.catalog.products:
        check = decider.check(product, Firm(firm), DAY)
        for way in (check.gaps, *check.alternatives) if check.gaps else ():
            after = {**firm, **{gap.fact: gap.need for gap in way}}
            assert decider.check(product, Firm(after), DAY).verdict != "ineligible"
            assert all(decider.catalog.facts[gap.fact].change is not None for gap in way)


def test_an_ungraded_firm_is_told_to_get_graded_once() -> None:
    decider = Decider(load_catalog(ROOT / "catalog"))
    check = decider.check("knowledge_value_loan", Firm({"knowledge_value_grade": "none"}), DAY)
    assert [(gap.fact, gap.have, gap.need) for gap in check.gaps] == [("knowledge_value_grade", "none", "E")]
    assert check.alternatives == ()


def test_what_cannot_be_changed_is_not_advised() -> None:
    decider = Decider(load_catalog(ROOT / "catalog"))
    check = decider.check("seed_fund", Firm({"stage": "mature", "accepts_equity": True}), DAY)
    assert (check.verdict, check.gaps) == ("ineligible", ())


def test_years_come_by_waiting_and_say_when() -> None:
    texts = catalog_of("years_established >= 3")
    facts = {**texts.facts, **load_catalog(ROOT / "catalog").facts}
    catalog = type(texts)(
        version="t", sources=texts.sources, facts=facts, products=texts.products, services={}
    )
    decider = Decider(catalog)

    def when(firm: Firm) -> list[tuple[str, Any, datetime.date | None]]:
        return [(gap.fact, gap.need, gap.when) for gap in decider.check("p", firm, DAY).gaps]

    # Of a founding year only the year is known: the last day on which the third anniversary can fall.
    assert when(Firm({"established_year": 2025})) == [("years_established", 3, datetime.date(2028, 12, 31))]
    assert when(Firm({"years_established": 1})) == [("years_established", 3, datetime.date(2028, 11, 24))]
    under_two = Firm({"years_established": 1}, {"years_established": Bound(None, 2, False, True)})
    assert when(under_two) == [("years_established", 3, datetime.date(2029, 11, 24))]
