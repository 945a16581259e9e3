"""What the desk's pages show, made from the records of a case. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import msgspec

from bot.cases.case_models import Case
from bot.catalog.model import Catalog
from bot.desk.case_file import CaseFile
from bot.desk.talk_views import Line, lines_of, moment
from bot.desk.words import CLAUSE_KINDS, CLAUSE_STATUSES, STATUSES, VERDICTS, event_text

OPEN = ("queued", "claimed", "in_review", "waiting_firm", "submitted")
# Facts that say who the firm is, and those that say what it wants; the rest is its condition.
WHO = (
    "org_type",
    "stage",
    "industry",
    "district",
    "in_zone",
    "established_year",
    "years_established",
    "employees",
)
NEED = ("amount_wan", "term_months", "purpose", "funding_kind", "has_collateral", "accepts_equity")


class Due(msgspec.Struct, frozen=True):
    """A target: its day, and how it stands (`state`: `ahead`, `soon`, `late`, `done`)."""

    iso: str
    day: str
    state: str
    text: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A case in the list."""

    number: str
    opened: str
    opened_iso: str
    need: str
    words: str
    product: str
    verdict: str
    verdict_text: str
    first_reply: Due
    opinion: Due
    status: str
    status_text: str
    owner: str


class FactLine(msgspec.Struct, frozen=True):
    """A fact with the firm's own words for it; `corrected` tells who changed it, when, from what and why."""

    fact: str
    name: str
    value_text: str
    said: str
    corrected: str = ""


class FactGroup(msgspec.Struct, frozen=True):
    title: str
    facts: list[FactLine]
    words: str = ""


class ClauseLine(msgspec.Struct, frozen=True):
    text: str
    status: str
    status_text: str
    kind_text: str
    source: str


class OtherProduct(msgspec.Struct, frozen=True):
    name: str
    verdict: str
    verdict_text: str
    reasons: list[str]


class Step(msgspec.Struct, frozen=True):
    """A line of the timeline."""

    at: str
    iso: str
    text: str


class CasePage(Row, frozen=True, kw_only=True):
    """Everything on the page of one case."""

    limit_text: str
    clauses: list[ClauseLine]
    references: list[ClauseLine]
    undisclosed: list[str]
    open_points: list[str]
    groups: list[FactGroup]
    # What would turn the verdict, a line for each change.
    ways: list[str]
    ranking: list[OtherProduct]
    messages: list[Line]
    events: list[Step]
    clock_note: str
    catalog_version: str
    # Other policy data are in use than those under which the case was judged.
    outdated: bool
    as_of: str


def row_view(case: Case, owner: str, catalog: Catalog, today: date) -> Row:
    """The case as a line of the list; `owner` is the officer's title or empty."""
    return Row(**_row(case, owner, catalog, today))


def _row(case: Case, owner: str, catalog: Catalog, today: date) -> dict[str, Any]:
    check = case.brief.get("check") or {}
    product = case.product or case.brief.get("product")
    verdict = check.get("verdict", "")
    return {
        "number": case.number,
        "opened": moment(case.created_at, today),
        "opened_iso": case.created_at.isoformat(),
        "need": need_text(case.brief),
        "words": str(case.brief.get("need") or ""),
        "product": product_name(catalog, product),
        "verdict": verdict,
        "verdict_text": VERDICTS.get(verdict, ""),
        "first_reply": due(case.first_reply_by, today, open_=case.status == "queued"),
        "opinion": due(case.opinion_by, today, open_=case.status in OPEN[:4]),
        "status": case.status,
        "status_text": STATUSES.get(case.status, case.status),
        "owner": owner,
    }


def case_view(file: CaseFile, catalog: Catalog, today: date) -> CasePage:
    """The page of one case."""
    case, officers = file.case, file.officers
    brief = case.brief
    check = brief.get("check") or {}
    row = _row(case, officers.get(case.owner_id or 0, ""), catalog, today)
    return CasePage(
        **row,
        limit_text=_limit(check.get("limit_wan")),
        clauses=_clauses(check, reference=False),
        references=_clauses(check, reference=True),
        undisclosed=list(check.get("undisclosed") or []),
        # What is not public is listed once, with the clauses.
        open_points=[point for point in brief.get("open_points") or [] if not point.startswith("未公开")],
        groups=_groups(file, catalog, today),
        ways=_ways(check, catalog),
        ranking=_others(brief, row["product"]),
        messages=lines_of(file.talk, catalog, today),
        events=[
            Step(moment(event.at, today), event.at.isoformat(), event_text(event, officers))
            for event in file.events
        ],
        clock_note=case.clock_note,
        catalog_version=str(brief.get("catalog_version") or case.catalog_version),
        outdated=case.catalog_version != catalog.version,
        as_of=str(brief.get("as_of", "")),
    )


def due(day: date, today: date, *, open_: bool) -> Due:
    """How a target stands; one that is no longer open is `done`, early or late."""
    text = f"{day.month}月{day.day}日"
    left = (day - today).days
    if not open_:
        return Due(day.isoformat(), text, "done", "")
    if left < 0:
        return Due(day.isoformat(), text, "late", f"已过{-left}天")
    if left <= 1:
        return Due(day.isoformat(), text, "soon", "今天到期" if left == 0 else "明天到期")
    return Due(day.isoformat(), text, "ahead", "")


def need_text(brief: Mapping[str, Any]) -> str:
    """What the firm wants, in one line, as far as it was understood."""
    values = {fact["fact"]: fact["value_text"] for fact in brief.get("facts") or []}
    wanted = ("amount_wan", "purpose", "funding_kind", "term_months")
    parts = [values[name] for name in wanted if name in values]
    return " · ".join(parts) or "没有说明"


def product_name(catalog: Catalog, product: str | None) -> str:
    known = catalog.products.get(product) if product else None
    return known.name if known else ""


def _limit(limit_wan: float | None) -> str:
    return "" if limit_wan is None else f"公布的对应额度 {limit_wan:g} 万元"


def _clauses(check: Mapping[str, Any], *, reference: bool) -> list[ClauseLine]:
    """What decides, or what is only expected and never rules out."""
    lines = [
        ClauseLine(
            clause["text"],
            clause["status"],
            CLAUSE_STATUSES[clause["status"]],
            CLAUSE_KINDS.get(clause["kind"], ""),
            clause.get("source", ""),
        )
        for clause in check.get("clauses") or []
        if (clause["kind"] == "expect") == reference
    ]
    # What decides comes first, as an officer reads it: failed, open, met.
    order = list(CLAUSE_STATUSES)
    lines.sort(key=lambda line: order.index(line.status))
    return lines


def _groups(file: CaseFile, catalog: Catalog, today: date) -> list[FactGroup]:
    brief = file.case.brief
    facts = brief.get("facts") or []
    corrected = _corrected(file, today)
    order = {name: place for place, name in enumerate(catalog.facts)}
    ordered = sorted(facts, key=lambda fact: order.get(fact["fact"], len(order)))

    def lines(belongs: Callable[[str], bool]) -> list[FactLine]:
        return [
            FactLine(
                fact["fact"],
                fact["name"],
                fact["value_text"],
                fact.get("said") or "",
                corrected.get(fact["fact"], ""),
            )
            for fact in ordered
            if belongs(fact["fact"])
        ]

    groups = [
        FactGroup("想办的事", lines(NEED.__contains__), str(brief.get("need") or "")),
        FactGroup("企业", lines(WHO.__contains__)),
        FactGroup("情况", lines(lambda name: name not in WHO and name not in NEED)),
    ]
    return [groups[0], *(group for group in groups[1:] if group.facts)]


def _corrected(file: CaseFile, today: date) -> dict[str, str]:
    """By fact: who corrected it last, when, from what to what, and why."""
    found = {}
    for event in file.events:
        if event.kind == "fact_corrected":
            data, who = event.data, file.officers.get(event.officer_id or 0, "")
            found[str(data.get("fact"))] = (
                f"{who} {moment(event.at, today)}更正：{data.get('old_text')} → {data.get('new_text')}，"
                f"原因：{data.get('reason')}"
            )
    return found


def _ways(check: Mapping[str, Any], catalog: Catalog) -> list[str]:
    """What the firm could change, as the pre-check found it."""
    lines = []
    for gap in check.get("gaps") or []:
        fact = catalog.facts.get(gap["fact"])
        if fact is not None:
            have = "不清楚" if gap.get("have") is None else fact.title_of(gap["have"])
            lines.append(f"{fact.name}：{have} → {fact.title_of(gap['need'])}")
    return lines


def _others(brief: Mapping[str, Any], product: str) -> list[OtherProduct]:
    return [
        OtherProduct(
            one["name"], one["verdict"], VERDICTS.get(one["verdict"], ""), list(one.get("reasons") or [])
        )
        for one in brief.get("ranking") or []
        if one["name"] != product
    ]
