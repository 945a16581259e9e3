"""Score cards and size classes: bands that no firm reaches, firms that no band takes."""

from __future__ import annotations

from collections.abc import Iterator

from bot.catalog.errors import Fault
from bot.catalog.expression import parse_condition
from bot.catalog.model import Catalog
from bot.catalog.scorecards import Item, ScoreCard, SizeRules
from bot.catalog.yaml_lines import Document, Path
from bot.decision.formula import Formula, Masks, facts_in, join, truth
from bot.decision.judge import Decider
from bot.decision.space import Space


def lint_cards(
    catalog: Catalog, decider: Decider, places: dict[str, tuple[str, Document]]
) -> Iterator[Fault]:
    """Faults of all the cards; two cards of one qualification must not be in force at the same time."""
    listed = list(catalog.scorecards.values())
    for number, card in enumerate(listed):
        file, document = places[card.id]
        for fault_path, reason, level in _card(card, decider.space, catalog):
            yield Fault(file, document.line(fault_path), reason, level)
        for other in listed[:number]:
            if card.qualification and card.qualification == other.qualification and card.overlaps(other):
                yield Fault(file, document.line(("from",)), f"与「{other.id}」有一段时间同时有效")


def _card(card: ScoreCard, space: Space, catalog: Catalog) -> Iterator[tuple[Path, str, str]]:
    for key, listed in (("requires", card.requires), ("direct", card.direct)):
        for index, one in enumerate(listed):
            held = truth(_compiled(space, one.when), space.everything)
            if held is not None:
                told = "总是成立" if held else "永远不成立"
                yield (key, index, "when"), f"「{one.id}」对任何企业都{told}", "error"
            for fact in sorted(facts_in(_compiled(space, one.when))):
                parts = [catalog.facts[name] for name in space.derivation.parts(fact)]
                if not any(spec.askable and spec.question for spec in [catalog.facts[fact], *parts]):
                    yield (key, index, "when"), f"「{one.id}」要用「{fact}」，却从不会问它", "error"
    for index, item in enumerate(card.items):
        yield from _item(item, space, ("items", index))
    if not card.undisclosed and not card.register.known:
        yield ("register",), "办理办法没有收录，却没有列出哪些未公开", "warning"


def _item(item: Item, space: Space, path: Path) -> Iterator[tuple[Path, str, str]]:
    bands = [_compiled(space, band.when) for band in item.bands]
    for index, band in enumerate(item.bands):
        better = [
            bands[other]
            for other, one in enumerate(item.bands)
            if item.choose == "best" and one.points > band.points
        ]
        if space.unreachable(bands[index], better):
            yield (*path, "bands", index), f"分档「{band.text}」永远轮不到", "error"
    if item.bands and item.choose == "best" and truth(join(False, bands), _applicable(space)) is not True:
        yield path, f"「{item.name}」的分档没有覆盖所有情形，落空的算0分", "warning"


def lint_sizes(sizes: SizeRules, decider: Decider, file: str, document: Document) -> Iterator[Fault]:
    """Faults of the size classes."""
    space = decider.space
    for name, industry in sizes.industries.items():
        rules = [_compiled(space, rule.when) for rule in industry.classes]
        for index, rule in enumerate(rules):
            if space.unreachable(rule, rules[:index]):
                line = document.line(("industries", name, "classes", index))
                yield Fault(file, line, f"{industry.name}的这一档永远轮不到")
        if rules and truth(join(False, rules), _applicable(space)) is not True:
            line = document.line(("industries", name))
            yield Fault(file, line, f"{industry.name}的各档没有覆盖所有企业", "warning")


def _compiled(space: Space, when: str) -> Formula:
    return space.compile(parse_condition(when))


def _applicable(space: Space) -> Masks:
    """Everything that a fact can be where it applies at all."""
    return {fact: partition.everything & ~partition.na_bit for fact, partition in space.partitions.items()}
