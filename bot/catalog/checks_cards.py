"""Checks of the score cards and the size classes."""

from __future__ import annotations

from bot.catalog.checks import Checker
from bot.catalog.record import SourceIds
from bot.catalog.scorecards import Item, ScoreCard, SizeRules
from bot.catalog.yaml_lines import Path


def check_card(check: Checker, card: ScoreCard) -> None:
    """One card: conditions, sources, points that add up, weights that name its items."""
    check.cites((), card.source)
    if card.qualification and (
        card.qualification not in check.facts or check.facts[card.qualification].type != "flag"
    ):
        check.fault(("qualification",), f"资格「{card.qualification}」不是 facts.yml 里的是非题")
    if card.starts and card.ends and card.starts >= card.ends:
        check.fault(("to",), "失效日应晚于生效日")
    seen: set[str] = set()
    for key, listed in (("requires", card.requires), ("direct", card.direct)):
        for index, one in enumerate(listed):
            _condition(check, (key, index), one.id, one.when, one.source, seen)
    if card.passing is not None:
        check.cites(("pass",), card.passing.source)
        if card.passing.also:
            check.condition(("pass", "also"), card.passing.also)
        if not card.items:
            check.fault(("pass",), "有合格线，却没有评分项目")
        if card.full is not None and not 0 < card.passing.score <= card.full:
            check.fault(("pass", "score"), f"合格线应在0到满分{card.full:g}之间")
    for index, item in enumerate(card.items):
        check.unique(("items", index), item.id, seen)
        _check_item(check, ("items", index), item)
    _check_weights(check, card)
    check.cites(("register",), card.register.source, required=False)
    if card.window is not None:
        check.cites(("window",), card.window.source)


def _condition(check: Checker, path: Path, one_id: str, when: str, source: SourceIds, seen: set[str]) -> None:
    check.unique(path, one_id, seen)
    check.cites(path, source)
    check.condition((*path, "when"), when)


def _check_item(check: Checker, path: Path, item: Item) -> None:
    check.cites(path, item.source)
    for index, band in enumerate(item.bands):
        check.condition((*path, "bands", index, "when"), band.when)
        if item.max is not None and not 0 <= band.points <= item.max:
            check.fault((*path, "bands", index, "points"), f"分档的分数应在0到{item.max:g}之间")


def _check_weights(check: Checker, card: ScoreCard) -> None:
    items = {item.id: item for item in card.items}
    if not card.stages:
        known = [item.max for item in card.items if item.max is not None]
        if card.full is not None and len(known) == len(card.items) and sum(known) != card.full:
            check.fault(("full",), f"各项满分合计{sum(known):g}，与满分{card.full:g}不符")
        return
    for index, stage in enumerate(card.stages):
        path = ("stages", index)
        check.condition((*path, "when"), stage.when)
        for name in stage.weights:
            if name not in items:
                check.fault((*path, "weights", name), f"权重里的「{name}」不是本表的项目")
            elif not items[name].max:
                check.fault((*path, "weights", name), f"「{name}」有权重，却没有满分，无法折算")
        if card.filled and set(stage.weights) != set(items):
            check.fault((*path, "weights"), "已填写（filled）的表，每一项都要有权重")
        if stage.weights and card.full is not None and sum(stage.weights.values()) != card.full:
            total = sum(stage.weights.values())
            check.fault((*path, "weights"), f"权重合计{total:g}，与满分{card.full:g}不符")


def check_sizes(check: Checker, sizes: SizeRules) -> None:
    """The size classes: every industry of the fact, every condition."""
    check.cites((), sizes.source)
    spec = check.facts.get(sizes.industry_fact)
    if spec is None or spec.type != "choice":
        check.fault(("industry_fact",), f"「{sizes.industry_fact}」不是 facts.yml 里的选择题")
        return
    named = {choice.value for choice in spec.choices}
    for name in set(sizes.industries) ^ named:
        check.fault(("industries", name), f"行业「{name}」应同时写在 sme_size.yml 和选项里")
    for name, industry in sizes.industries.items():
        for index, rule in enumerate(industry.classes):
            check.condition(("industries", name, "classes", index, "when"), rule.when)
