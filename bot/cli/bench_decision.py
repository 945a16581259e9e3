"""`peipao bench questions` and `peipao bench decision`: how few questions, and how fast."""

from __future__ import annotations

import datetime
import random
import statistics
import time
from collections.abc import Sequence

import click

from bot.catalog.load import load_catalog
from bot.clock import today
from bot.decision.bound import joint_proof
from bot.decision.firm import Firm
from bot.decision.judge import Decider
from bot.decision.optimum import largest_solved
from bot.decision.simulate import (
    STRATEGIES,
    Played,
    draw,
    draw_partial,
    everything,
    settle,
    settle_card,
    settle_first,
)
from bot.settings import load_settings

SEED = 20261124


@click.command()
@click.option("--firms", default=2000, show_default=True, help="How many firms to simulate.")
@click.option("--seed", default=SEED, show_default=True)
def questions(firms: int, seed: int) -> None:
    """Questions per settled case: ours beside other orders, the lower bound and the optimum."""
    decider = Decider(load_catalog(load_settings().catalog_dir))
    rng = random.Random(seed)
    day = today()
    made = [draw(decider, rng) for _ in range(firms)]
    products = list(decider.catalog.products)
    click.echo(f"{firms} firms, seed {seed}, catalog {decider.catalog.version}, {len(products)} products")
    click.echo(f"{'':<18}{'questions':>10}{'effort':>10}  verdicts that differ from those of all facts")
    _table(decider, made, [[rng.choice(products)] for _ in made], "one product, chosen at random", day)
    _table(decider, made, [products] * len(made), f"all {len(products)} products", day)
    _optimum(decider, made, products, day)
    _first_three(decider, made, day)
    _cards(decider, made, day)


def _table(
    decider: Decider, made: Sequence[Firm], chosen: list[list[str]], title: str, day: datetime.date
) -> None:
    click.echo(title)
    for name, strategy in STRATEGIES.items():
        played = [settle(decider, one, firm, day, strategy) for one, firm in zip(chosen, made, strict=True)]
        _row(name, played, _differing(decider, made, played, day))
    asked = [everything(decider, one, day) for one in chosen]
    click.echo(f"  {'everything':<16}{statistics.fmean(asked):10.3f}")
    space = decider.space
    bounds = [
        len(joint_proof([decider.program(p, day) for p in one], space.masks(firm, day), space.everything))
        for one, firm in zip(chosen, made, strict=True)
    ]
    click.echo(
        f"  {'lower bound':<16}{statistics.fmean(bounds):10.3f}{'':12}"
        "(expected smallest set of facts that proves the verdicts)"
    )


def _row(name: str, played: Sequence[Played], differing: int) -> None:
    count = statistics.fmean(one.questions for one in played)
    effort = statistics.fmean(one.effort for one in played)
    click.echo(f"  {name:<16}{count:10.3f}{effort:10.3f}  {differing} verdicts differ")


def _differing(decider: Decider, made: Sequence[Firm], played: Sequence[Played], day: datetime.date) -> int:
    return sum(
        decider.check(product, firm, day).verdict != verdict
        for firm, result in zip(made, played, strict=True)
        for product, verdict in result.verdicts.items()
    )


def _optimum(decider: Decider, made: Sequence[Firm], products: list[str], day: datetime.date) -> None:
    """Exact, for as many of the products as can be solved; and for each product alone."""
    space = decider.space
    solved, optimum = largest_solved(
        [decider.program(one, day) for one in products], space.everything, space.weights
    )
    names = [program.product.id for program in solved]
    ours = statistics.fmean(settle(decider, names, firm, day, STRATEGIES["ours"]).questions for firm in made)
    click.echo(
        f"exact optimum by dynamic programming, {len(names)} of {len(products)} products: "
        f"{optimum:.3f} questions; ours / optimum = {ours / optimum:.3f}"
    )
    ratios = {}
    for one in products:
        alone, best = largest_solved([decider.program(one, day)], space.everything, space.weights)
        if alone and best > 0:
            asked = [settle(decider, [one], firm, day, STRATEGIES["ours"]).questions for firm in made]
            ratios[one] = statistics.fmean(asked) / best
    worst = max(ratios, key=lambda one: ratios[one])
    click.echo(
        f"each product alone, {len(ratios)} solved: mean ratio {statistics.fmean(ratios.values()):.3f}, "
        f"worst {ratios[worst]:.3f} ({worst}); sampling of firms included"
    )


def _first_three(decider: Decider, made: Sequence[Firm], day: datetime.date) -> None:
    """What the dialogue does when no product is named."""
    click.echo("the dialogue's own goal: the first three of the ranking settled")
    by_strategy = {
        name: [settle_first(decider, firm, day, strategy) for firm in made]
        for name, strategy in STRATEGIES.items()
    }
    for name, played in by_strategy.items():
        _row(name, played, _differing(decider, made, played, day))
    full = sum(spec.askable and bool(spec.question) for spec in decider.catalog.facts.values())
    mean = statistics.fmean(one.questions for one in by_strategy["ours"])
    click.echo(f"  share of the full form ({full} questions): {mean / full:.1%}")


def _cards(decider: Decider, made: Sequence[Firm], day: datetime.date) -> None:
    """Score cards: ours beside the order in which the card is written."""
    for name, card in decider.catalog.scorecards.items():
        if not card.in_force(day) or not card.requires:
            continue
        sample = made[: max(len(made) // 20, 1)]
        found = {
            kind: [settle_card(decider, name, firm, day, ours=kind == "ours") for firm in sample]
            for kind in ("ours", "declared order")
        }
        differing = sum(
            decider.scorer.result(name, firm, day).verdict != one.verdicts[name]
            for played in found.values()
            for firm, one in zip(sample, played, strict=True)
        )
        told = ", ".join(
            f"{kind} {statistics.fmean(one.questions for one in played):.2f}"
            for kind, played in found.items()
        )
        click.echo(f"card {name}: {told} questions ({len(sample)} firms), {differing} verdicts differ")


@click.command()
@click.option("--firms", default=10_000, show_default=True)
@click.option("--seed", default=SEED, show_default=True)
def decision(firms: int, seed: int) -> None:
    """Time for one firm through all products and for a sweep of many, beside zen-engine on the same rules."""
    decider = Decider(load_catalog(load_settings().catalog_dir))
    rng = random.Random(seed)
    day = today()
    made = [draw(decider, rng) for _ in range(firms)]
    products = list(decider.catalog.products)
    spent: dict[str, list[float]] = {"CPU": [], "wall": []}
    for firm in (draw_partial(one, rng) for one in made[:1000]):
        start, started = time.process_time(), time.perf_counter()
        for product in products:
            decider.check(product, firm, day)
        decider.match(firm, day)
        spent["CPU"].append((time.process_time() - start) * 1000)
        spent["wall"].append((time.perf_counter() - started) * 1000)
    told = []
    for clock, times in spent.items():
        times.sort()
        told.append(
            f"{clock} p50 {times[len(times) // 2]:.2f} ms, p95 {times[int(len(times) * 0.95)]:.2f} ms"
        )
    click.echo(f"one firm, {len(products)} products with certificates, gaps, ranking and next question:")
    click.echo(f"  {'; '.join(told)} (wall time also counts what else the machine does)")
    start = time.process_time()
    for firm in made:
        masks = decider.space.masks(firm, day)
        for product in products:
            decider.program(product, day).verdict(masks)
    ours = time.process_time() - start
    click.echo(f"sweep of {firms} firms through {len(products)} products: {ours:.2f} s of one core")
    try:
        from bot.cli import bench_zen
    except ImportError:
        click.echo("zen-engine is not installed (it comes with the test requirements): no comparison")
        return
    sample = made[:2000]
    theirs = bench_zen.sweep(decider, sample, day) * len(made) / len(sample)
    differing = bench_zen.differences(decider, sample[:200], day)
    click.echo(
        f"zen-engine, the same rules with all facts known: {theirs:.2f} s; "
        f"theirs / ours = {theirs / ours:.1f}; {differing} verdicts differ"
    )
