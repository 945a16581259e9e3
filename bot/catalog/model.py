"""The policy data as types. Money is in 万元, shares in percent, dates are days in Asia/Shanghai."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from bot.catalog.record import Dated, Record
from bot.catalog.record import SourceIds as SourceIds
from bot.catalog.scorecards import ScoreCard, SizeRules
from bot.catalog.values import Bound, FactValue

Verdict = Literal["ineligible", "unknown", "eligible", "meets_published"]
ClauseKind = Literal["must", "nature", "expect"]
FactType = Literal["money", "percent", "count", "number", "year", "months", "years", "flag", "choice", "text"]
NUMERIC: frozenset[str] = frozenset({"money", "percent", "count", "number", "year", "months", "years"})
WHOLE: frozenset[str] = frozenset({"count", "year"})


class Source(Record, frozen=True, kw_only=True):
    """A published document. ``date`` is ISO, a year or a month, or empty where the page shows none."""

    id: str = ""
    title: str
    number: str = ""
    issuer: str = ""
    date: str = ""
    date_note: str = ""
    url: str | list[str] = ""
    sureness: Literal["高", "中", "低"]
    kind: Literal["official", "press", "repost", "commercial"] = "official"
    note: str = ""


class Choice(Record, frozen=True, kw_only=True):
    value: str
    title: str


class Prior(Record, frozen=True, kw_only=True):
    """How facts are spread among local tech firms: our own estimate, used only to order questions."""

    quantiles: list[float] = []
    true: float | None = None
    weights: dict[str, float] = {}


class Change(Record, frozen=True, kw_only=True):
    """How a firm can change a fact; ``effort`` is what one ``step`` costs, 1 = days, 5 = years.

    A choice is changed ``by: choice``, ``to`` one of the listed values (the likeliest first) and, where
    ``starting`` is given, only from one of those.
    """

    by: Literal["more", "less", "yes", "no", "wait", "choice"]
    to: list[str] = []
    starting: list[str] = msgspec.field(name="from", default_factory=list)
    effort: float = 1.0
    step: float = 1.0
    note: str = ""


class FactSpec(Record, frozen=True, kw_only=True):
    """A fact about a firm: how it is asked, read, bounded and spread."""

    id: str = ""
    type: FactType
    name: str
    unit: str = ""
    group: Literal["contract", "more"]
    question: str = ""
    help: str = ""
    titles: list[str] = []
    choices: list[Choice] = []
    range: list[float] = []
    range_reason: str = ""
    cost: float = 1.0
    prior: Prior = Prior()
    derived: str = ""
    askable: bool = True
    may_be_na: bool = False
    change: Change | None = None
    note: str = ""

    @property
    def numeric(self) -> bool:
        return self.type in NUMERIC

    @property
    def whole(self) -> bool:
        return self.type in WHOLE

    def title_of(self, value: FactValue) -> str:
        """The value as people read it, with its unit."""
        if value is None:
            return "不清楚"
        if value == "n/a":
            return "不适用"
        if isinstance(value, bool):
            yes, no = self.titles if len(self.titles) == 2 else ("是", "否")
            return yes if value else no
        if isinstance(value, str):
            return next((choice.title for choice in self.choices if choice.value == value), value)
        return (
            f"{number(value)}{'' if self.type == 'year' else self.unit}{'年' if self.type == 'year' else ''}"
        )


def number(value: float) -> str:
    """A number without a trailing ``.0``, at most four decimals."""
    return f"{round(float(value), 4):.4f}".rstrip("0").rstrip(".")


class Sourced(Record, frozen=True, kw_only=True):
    """A sentence with its source."""

    text: str
    source: SourceIds
    article: str = ""


class Clause(Dated, frozen=True, kw_only=True):
    """One condition, in force from ``starts`` (inclusive) to ``ends`` (exclusive); ``None`` is open."""

    id: str
    kind: ClauseKind
    text: str
    when: str
    source: SourceIds
    article: str = ""
    quote: str = ""
    note: str = ""
    weight: float = 1.0


class Limit(Dated, frozen=True, kw_only=True):
    """A published limit (万元) for the firms that ``when`` describes; an empty ``when`` holds for all."""

    limit_wan: float | None
    when: str = ""
    text: str = ""
    source: SourceIds
    article: str = ""
    note: str = ""


class AmountFit(Record, frozen=True, kw_only=True):
    max: float | None = None
    min: float | None = None
    source: SourceIds = ""
    note: str = ""


class Fit(Record, frozen=True, kw_only=True):
    """Whom the product serves; moves the ranking only. Empty lists mean any.

    ``on_request``: made for a wish of its own (a green project, digital yuan, an issue of bonds), so it is
    put forward only where its published conditions are known to hold.
    """

    funding: list[str] = []
    purposes: list[str] = []
    stages: list[str] = []
    org_types: list[str] = []
    amount_wan: AmountFit | None = None
    on_request: bool = False
    note: str = ""


class Contact(Record, frozen=True, kw_only=True):
    service: str = ""
    role: str = ""
    text: str
    source: SourceIds = ""
    article: str = ""
    note: str = ""


class Case(Record, frozen=True, kw_only=True):
    """An example shipped with a product, run by ``peipao catalog test``."""

    name: str
    as_of: datetime.date
    facts: dict[str, FactValue]
    bounds: dict[str, Bound] = {}
    verdict: Verdict
    deciding: list[str] | None = None
    missing: list[str] | None = None
    next_question: str | msgspec.UnsetType | None = msgspec.UNSET
    limit_wan: float | msgspec.UnsetType | None = msgspec.UNSET
    note: str = ""


class Product(Record, frozen=True, kw_only=True):
    id: str
    name: str
    aliases: list[str] = []
    kind: list[str]
    summary: Sourced
    conditions: Literal["complete", "partial"]
    lender: str = ""
    clauses: list[Clause] = []
    undisclosed: list[str] = []
    aspects: dict[str, Sourced] = {}
    limits: list[Limit] = []
    fit: Fit = Fit()
    contact: Contact
    cases: list[Case] = []
    note: str = ""


class Service(Record, frozen=True, kw_only=True):
    """Something that is no product: 金融便利店, 西部创投中心, 陪跑队伍."""

    id: str = ""
    name: str
    aliases: list[str] = []
    summary: Sourced
    roles: dict[str, Any] = {}
    undisclosed: list[str] = []
    note: str = ""


class Catalog(msgspec.Struct, frozen=True, kw_only=True):
    """Everything, by id, in the order of the files; ``version`` is a hash of the files read."""

    version: str
    sources: dict[str, Source]
    facts: dict[str, FactSpec]
    products: dict[str, Product]
    services: dict[str, Service]
    scorecards: dict[str, ScoreCard] = {}
    sme_size: SizeRules | None = None

    def sources_of(self, ids: SourceIds) -> Iterator[Source]:
        for one in [ids] if isinstance(ids, str) else ids:
            if one:
                yield self.sources[one]
