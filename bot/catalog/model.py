"""The policy data as types. Money is in 万元, shares in percent, dates are days in Asia/Shanghai."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from bot.catalog.values import Bound, FactValue

Verdict = Literal["ineligible", "unknown", "eligible", "meets_published"]
ClauseKind = Literal["must", "nature", "expect"]
FactType = Literal["money", "percent", "count", "number", "year", "months", "years", "flag", "choice", "text"]
SourceIds = str | list[str]
NUMERIC: frozenset[str] = frozenset({"money", "percent", "count", "number", "year", "months", "years"})
WHOLE: frozenset[str] = frozenset({"count", "year"})


class _Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of everything read from the catalog: unknown keys are faults, not silence."""


class Source(_Record, frozen=True, kw_only=True):
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


class Choice(_Record, frozen=True, kw_only=True):
    value: str
    title: str


class Prior(_Record, frozen=True, kw_only=True):
    """How facts are spread among local tech firms: our own estimate, used only to order questions."""

    quantiles: list[float] = []
    true: float | None = None
    weights: dict[str, float] = {}


class Change(_Record, frozen=True, kw_only=True):
    """How a firm can change a fact; ``effort`` is what one ``step`` costs, 1 = days, 5 = years."""

    by: Literal["more", "less", "yes", "no", "wait"]
    effort: float = 1.0
    step: float = 1.0
    note: str = ""


class FactSpec(_Record, frozen=True, kw_only=True):
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


class Sourced(_Record, frozen=True, kw_only=True):
    """A sentence with its source."""

    text: str
    source: SourceIds
    article: str = ""


class Clause(_Record, frozen=True, kw_only=True):
    """One condition, in force from ``starts`` (inclusive) to ``ends`` (exclusive); ``None`` is open."""

    id: str
    kind: ClauseKind
    text: str
    when: str
    source: SourceIds
    article: str = ""
    quote: str = ""
    note: str = ""
    starts: datetime.date | None = msgspec.field(name="from", default=None)
    ends: datetime.date | None = msgspec.field(name="to", default=None)
    weight: float = 1.0

    def in_force(self, day: datetime.date) -> bool:
        return (self.starts is None or self.starts <= day) and (self.ends is None or day < self.ends)


class Limit(_Record, frozen=True, kw_only=True):
    """A published limit (万元) for the firms that ``when`` describes; an empty ``when`` holds for all."""

    limit_wan: float | None
    when: str = ""
    text: str = ""
    source: SourceIds
    article: str = ""
    note: str = ""
    starts: datetime.date | None = msgspec.field(name="from", default=None)
    ends: datetime.date | None = msgspec.field(name="to", default=None)

    def in_force(self, day: datetime.date) -> bool:
        return (self.starts is None or self.starts <= day) and (self.ends is None or day < self.ends)


class AmountFit(_Record, frozen=True, kw_only=True):
    max: float | None = None
    min: float | None = None
    source: SourceIds = ""
    note: str = ""


class Fit(_Record, frozen=True, kw_only=True):
    """Whom the product serves; moves the ranking only. Empty lists mean any."""

    funding: list[str] = []
    purposes: list[str] = []
    stages: list[str] = []
    org_types: list[str] = []
    amount_wan: AmountFit | None = None
    note: str = ""


class Contact(_Record, frozen=True, kw_only=True):
    service: str = ""
    role: str = ""
    text: str
    source: SourceIds = ""
    article: str = ""
    note: str = ""


class Case(_Record, frozen=True, kw_only=True):
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


class Product(_Record, frozen=True, kw_only=True):
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


class Service(_Record, frozen=True, kw_only=True):
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

    def sources_of(self, ids: SourceIds) -> Iterator[Source]:
        for one in [ids] if isinstance(ids, str) else ids:
            if one:
                yield self.sources[one]
