"""Score cards and size classes as types: points by bands, a pass rule, direct routes."""

from __future__ import annotations

import datetime
from typing import Literal

import msgspec

from bot.catalog.record import Dated, Record, SourceIds

SizeClass = Literal["large", "medium", "small", "micro"]


class Requirement(Record, frozen=True, kw_only=True):
    """A condition of a card: one that must hold, or (as a direct route) one that alone is enough."""

    id: str
    text: str
    when: str
    source: SourceIds
    article: str = ""
    note: str = ""


class PassRule(Record, frozen=True, kw_only=True):
    """Passed from ``score`` points on, provided that ``also`` holds."""

    score: float
    also: str = ""
    text: str
    source: SourceIds


class Stage(Record, frozen=True, kw_only=True):
    """Weights by item id for the firms that ``when`` describes; empty where they are not public."""

    id: str
    name: str
    when: str
    weights: dict[str, float] = {}


class Band(Record, frozen=True, kw_only=True):
    when: str
    points: float
    text: str


class Item(Record, frozen=True, kw_only=True):
    """One line of a card. Without bands it is worth 0 to ``max``; ``max: null`` = not public.

    ``choose``: ``best`` takes the highest band that holds, ``sum`` adds all that hold, up to ``max``.
    """

    id: str
    name: str
    max: float | None
    choose: Literal["best", "sum"] = "best"
    source: SourceIds
    bands: list[Band] = []
    note: str = ""


class Window(Dated, frozen=True, kw_only=True):
    """When one may apply."""

    text: str
    source: SourceIds


class Register(Record, frozen=True, kw_only=True):
    """How the qualification is taken out; ``known`` says whether the record gives it."""

    known: bool
    text: str
    source: SourceIds = ""


class ScoreCard(Dated, frozen=True, kw_only=True):
    """A self-check. ``qualification`` is the flag a firm holds once the authority has agreed.

    ``full``: points attainable, ``None`` where there is no total or it is not public.
    ``filled: false``: only the form; ``sample``: an example whose numbers are no policy.
    """

    id: str
    name: str
    aliases: list[str] = []
    source: SourceIds
    full: float | None = None
    qualification: str = ""
    filled: bool = True
    sample: bool = False
    requires: list[Requirement] = []
    passing: PassRule | None = msgspec.field(name="pass", default=None)
    direct: list[Requirement] = []
    stages: list[Stage] = []
    items: list[Item] = []
    window: Window | None = None
    register: Register
    undisclosed: list[str] = []
    warning: str = ""
    note: str = ""

    def conditions(self) -> list[str]:
        """Every condition of the card, as written."""
        also = [self.passing.also] if self.passing is not None and self.passing.also else []
        bands = [band.when for item in self.items for band in item.bands]
        stages = [stage.when for stage in self.stages]
        return [*(one.when for one in [*self.requires, *self.direct]), *also, *stages, *bands]


class SizeRule(Record, frozen=True, kw_only=True):
    class_: SizeClass = msgspec.field(name="class")
    when: str


class SizeIndustry(Record, frozen=True, kw_only=True):
    """The first class that holds is the firm's; without classes the border is not known."""

    name: str
    classes: list[SizeRule] = []
    note: str = ""


class SizeRules(Record, frozen=True, kw_only=True):
    """中小微企业划型: the classes of each industry; ``industry_fact`` says which industry a firm is in."""

    source: SourceIds
    starts: datetime.date | None = msgspec.field(name="from", default=None)
    industry_fact: str
    titles: dict[SizeClass, str]
    industries: dict[str, SizeIndustry]
    undisclosed: list[str] = []
