"""Which team gets a case, and who of the team is asked first."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from case_stage import TUESDAY, Stage
from sqlalchemy import delete, select

from bot.cases.database import Database
from bot.cases.desk_models import RoutingRule
from bot.cases.routing import (
    DEFAULTS,
    FALLBACK,
    TEAMS,
    DefaultRule,
    Traits,
    candidates,
    open_cases,
    route,
    rules_of,
    seed,
    team_of,
)
from bot.catalog.load import load_catalog
from bot.conversation.handling import claim

CATALOG = load_catalog(Path(__file__).parents[2] / "catalog")
EQUITY = {
    "dual_finance_link", "fengqi_angel_fund", "grant_to_equity", "industry_fund", "invest_then_equity",
    "qihang_fund", "seed_fund",
}  # fmt: skip


@pytest.mark.parametrize("product", sorted(CATALOG.products))
def test_each_product_has_its_team(product: str) -> None:
    kinds = CATALOG.products[product].kind
    wanted = "investment_manager" if product in EQUITY else "loan_officer"
    if product == "ip_pledge_loan":
        wanted = "technology_broker"
    assert team_of(DEFAULTS, product, kinds, "growth", "firm_asked", None) == wanted


@pytest.mark.parametrize(
    ("stage_of_firm", "team"),
    [
        ("lab", "incubator_manager"),
        ("seed", "incubator_manager"),
        ("startup", FALLBACK),
        ("growth", "professional_manager"),
        ("mature", "professional_manager"),
        (None, FALLBACK),
    ],
)
def test_without_a_product_the_stage_decides(stage_of_firm: str | None, team: str) -> None:
    assert team_of(DEFAULTS, None, [], stage_of_firm, "firm_asked", None) == team


def test_the_first_rule_that_fits_decides_and_every_list_must_fit() -> None:
    rules = [
        DefaultRule({"reasons": ["complaint"], "districts": ["九龙坡区"]}, "professional_manager"),
        DefaultRule({"reasons": ["complaint"]}, "technology_broker"),
        DefaultRule({"products": ["seed_fund"], "stages": []}, "incubator_manager"),
    ]
    assert team_of(rules, None, [], None, "complaint", "九龙坡区") == "professional_manager"
    assert team_of(rules, None, [], None, "complaint", None) == "technology_broker"
    assert team_of(rules, "seed_fund", ["equity"], "lab", "firm_asked", None) == "incubator_manager"
    assert team_of(rules, "qihang_fund", ["equity"], "lab", "firm_asked", None) == FALLBACK
    assert {rule.team for rule in DEFAULTS} == set(TEAMS)


async def test_the_operator_edits_the_table(database: Database) -> None:
    async with database.write() as session:
        assert await route(session, Traits(kinds=("equity",)), "firm_asked") == "investment_manager"
        await seed(session)
    async with database.write() as session:
        rows = list(await session.scalars(select(RoutingRule).order_by(RoutingRule.position)))
        assert [row.team for row in rows] == [rule.team for rule in DEFAULTS]
        rows[0].team = "professional_manager"
    async with database.write() as session:
        # A second start changes nothing.
        await seed(session)
        assert await route(session, Traits(kinds=("equity",)), "firm_asked") == "professional_manager"
        await session.execute(delete(RoutingRule))
        await seed(session)
        assert list(await rules_of(session)) == []
        assert await route(session, Traits(kinds=("equity",)), "firm_asked") == FALLBACK


async def _order(stage: Stage, **firm: object) -> list[str]:
    made = await stage.firm(**firm)  # type: ignore[arg-type]
    case = await stage.case(made)
    async with stage.database.read() as session:
        return [officer.name for officer in await candidates(session, case)]


async def test_who_could_take_a_case(stage: Stage) -> None:
    await stage.officer("any")
    await stage.officer("team", teams=("loan_officer", "technology_broker"))
    await stage.officer("leads", "lead")
    await stage.officer("other team", teams=("investment_manager",))
    await stage.officer("off duty", on_duty=False)
    await stage.officer("gone", active=False)
    await stage.officer("full", max_open=0)
    await stage.officer("other product", skills={"products": ["seed_fund"]})
    await stage.officer("other district", skills={"districts": ["北碚区"]})
    await stage.officer("district", skills={"districts": ["沙坪坝区"]})
    await stage.officer("audits", "auditor")
    found = await _order(stage, product="kechuangbao", state={"facts": {"district": "沙坪坝区"}})
    assert sorted(found) == ["any", "district", "leads", "team"]


async def test_fewest_open_first_then_the_longest_idle(stage: Stage) -> None:
    busy = await stage.officer("busy")
    await stage.officer("rested", last_claimed_at=TUESDAY - timedelta(days=3))
    await stage.officer("tired", last_claimed_at=TUESDAY - timedelta(minutes=1))
    await stage.officer("never had one", created_at=TUESDAY - timedelta(days=9))
    await stage.officer("leads", "lead", created_at=TUESDAY - timedelta(days=99))
    firm = await stage.firm()
    async with stage.database.write() as session:
        await claim(session, firm.number, busy)
    assert await _order(stage) == ["never had one", "rested", "tired", "busy", "leads"]
    async with stage.database.read() as session:
        assert await open_cases(session) == {busy.id: 1}


async def test_room_counts_offers_that_stand(stage: Stage) -> None:
    small = await stage.officer("small", max_open=1)
    await stage.firm(offered=True)
    async with stage.database.read() as session:
        assert await open_cases(session) == {small.id: 1}
    assert await _order(stage) == []
