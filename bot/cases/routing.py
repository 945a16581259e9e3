"""Which team a case goes to, and who of the team could take it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.case_models import ENDED, Case, Officer
from bot.cases.desk_models import Offer, RoutingRule
from bot.cases.models import Setting

TEAMS = {
    "loan_officer": "金融便利店专员",
    "investment_manager": "投资经理人",
    "technology_broker": "技术经纪人",
    "incubator_manager": "孵化器管理人",
    "professional_manager": "职业经理人",
}
FALLBACK = "loan_officer"
"""金融便利店专员: knows where everything belongs that no rule names somebody for."""
CLAIMERS = ("officer", "lead", "admin")
_SEES_ALL = ("lead", "auditor", "admin")
_SEEDED = "routing_seeded"


class Rule(Protocol):
    """A line of the table, whether it stands in the database or in the program."""

    @property
    def match(self) -> dict[str, Any]: ...
    @property
    def team(self) -> str: ...


class DefaultRule(msgspec.Struct, frozen=True):
    match: dict[str, list[str]]
    team: str
    note: str = ""


class Traits(msgspec.Struct, frozen=True):
    """What of a case the routing looks at; `kinds` are the product's."""

    product: str | None = None
    kinds: tuple[str, ...] = ()
    stage: str | None = None
    district: str | None = None


DEFAULTS = (
    DefaultRule({"kinds": ["equity"]}, "investment_manager", "股权融资、基金"),
    DefaultRule({"products": ["ip_pledge_loan"]}, "technology_broker", "以专利、成果为主"),
    DefaultRule({"stages": ["lab", "seed"]}, "incubator_manager", "实验室成果、刚起步"),
    DefaultRule(
        {"kinds": ["credit", "guarantee", "pledge", "credit enhancement"]},
        "loan_officer",
        "银行贷款、担保、增信",
    ),
    DefaultRule({"stages": ["growth", "mature"]}, "professional_manager", "经营管理、发展壮大"),
    DefaultRule({}, FALLBACK, "其他"),
)
"""Our own default. A bank product outweighs growth, because a growing firm that wants a loan needs the desk
for loans; equity outweighs the stage for the same reason."""


async def seed(session: AsyncSession) -> None:
    """Fills the table at the first start; once the operator has it, even an empty one stays as it is."""
    if await session.get(Setting, _SEEDED) is not None:
        return
    session.add(Setting(name=_SEEDED, value="1"))
    session.add_all(
        RoutingRule(position=place, match=dict(rule.match), team=rule.team, note=rule.note)
        for place, rule in enumerate(DEFAULTS, start=1)
    )
    await session.flush()


async def rules_of(session: AsyncSession) -> Sequence[Rule]:
    """The table in its order; the defaults before the first start."""
    rows = list(await session.scalars(select(RoutingRule).order_by(RoutingRule.position, RoutingRule.id)))
    if rows or await session.get(Setting, _SEEDED) is not None:
        return rows
    return DEFAULTS


def team_of(
    rules: Iterable[Rule],
    product: str | None,
    kinds: Collection[str],
    stage: str | None,
    reason: str,
    district: str | None,
) -> str:
    """The team of the first rule that fits; `FALLBACK` where none does.

    Within a rule every list that is not empty must fit; `kinds` fits if one of them does.
    """
    for rule in rules:
        match = rule.match
        if (
            _fits(match, "products", [product])
            and _fits(match, "kinds", kinds)
            and _fits(match, "stages", [stage])
            and _fits(match, "reasons", [reason])
            and _fits(match, "districts", [district])
        ):
            return rule.team
    return FALLBACK


def _fits(match: dict[str, Any], what: str, values: Iterable[str | None]) -> bool:
    wanted = match.get(what) or []
    return not wanted or any(value in wanted for value in values if value is not None)


async def route(session: AsyncSession, traits: Traits, reason: str) -> str:
    """The team for a new case."""
    rules = await rules_of(session)
    return team_of(rules, traits.product, traits.kinds, traits.stage, reason, traits.district)


def belongs(officer: Officer, team: str) -> bool:
    """Whether `officer` is of `team`. Who has no teams belongs to all: a small office divides no work."""
    teams = (officer.skills or {}).get("teams") or []
    return not teams or team in teams


def may_see(officer: Officer, case: Case) -> bool:
    """Whether the case is `officer`'s to see: of their team, their own, or anybody's for who oversees all."""
    return officer.role in _SEES_ALL or case.owner_id == officer.id or belongs(officer, case.team)


def _skilled(officer: Officer, case: Case) -> bool:
    """Whether products and districts that `officer` knows about include the case's."""
    skills = officer.skills or {}
    district = ((case.state or {}).get("facts") or {}).get("district")
    for skill, value in (("products", case.product), ("districts", district)):
        wanted = skills.get(skill) or []
        if wanted and value is not None and value not in wanted:
            return False
    return True


async def on_duty(session: AsyncSession, team: str) -> list[Officer]:
    """Active officers and leads of `team` who are on duty."""
    return [one for one in await _crew(session) if belongs(one, team)]


async def _crew(session: AsyncSession) -> list[Officer]:
    query = select(Officer).where(
        Officer.active.is_(True), Officer.on_duty.is_(True), Officer.role.in_(("officer", "lead"))
    )
    return list(await session.scalars(query.order_by(Officer.id)))


class Crew(msgspec.Struct):
    """Who is on duty, and how many cases each of them carries."""

    people: list[Officer]
    carried: dict[int, int]

    def best_for(self, case: Case, but_not: Collection[int] = ()) -> list[Officer]:
        """Who could take the case, best first: with the skills, with room, fewest open, longest idle.

        Leads come after everybody else: they are there for what others cannot take.
        """
        able = [
            one
            for one in self.people
            if one.id not in but_not
            and belongs(one, case.team)
            and _skilled(one, case)
            and self.carried.get(one.id, 0) < one.max_open
        ]

        def place(one: Officer) -> tuple[bool, int, datetime, int]:
            # Who never had one has been idle since they came.
            idle_since = one.last_claimed_at or one.created_at
            return one.role == "lead", self.carried.get(one.id, 0), idle_since, one.id

        return sorted(able, key=place)


async def crew_on_duty(session: AsyncSession) -> Crew:
    """Everybody who is on duty now."""
    people = await _crew(session)
    return Crew(people, await open_cases(session) if people else {})


async def candidates(session: AsyncSession, case: Case) -> list[Officer]:
    """Who could take the case, best first. Who has had an offer of it is not asked again."""
    crew = await crew_on_duty(session)
    asked = await session.scalars(select(Offer.officer_id).where(Offer.case_id == case.id))
    return crew.best_for(case, set(asked))


async def open_cases(session: AsyncSession) -> dict[int, int]:
    """How many cases that are not ended each officer carries, offers that still stand included."""
    owned = await session.execute(
        select(Case.owner_id, func.count())
        .where(Case.owner_id.is_not(None), Case.status.not_in(ENDED))
        .group_by(Case.owner_id)
    )
    found: dict[int, int] = {row[0]: int(row[1]) for row in owned if row[0] is not None}
    held_out = await session.execute(
        select(Offer.officer_id, func.count()).where(Offer.status == "open").group_by(Offer.officer_id)
    )
    for officer_id, number in held_out:
        found[officer_id] = found.get(officer_id, 0) + int(number)
    return found
