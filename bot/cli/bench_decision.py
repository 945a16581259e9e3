"""`peipao bench questions` and `peipao bench decision`: how few questions, and how fast."""

from __future__ import annotations

import random
import statistics
import time

import click

from bot.catalog.load import load_catalog
from bot.clock import today
from bot.decision.firm import Firm
from bot.decision.judge import Decider
from bot.decision.optimum import expected_questions
from bot.decision.simulate import (
    STRATEGIES,
    certificate_size,
    draw,
    everything,
    settle,
    settle_first,
)
from bot.settings import load_settings

NAMED = 6


@click.command()
@click.option("--firms", default=2000, show_default=True, help="How many firms to simulate.")
@click.option("--seed", default=20261124, show_default=True)
def questions(firms: int, seed: int) -> None:
    """Questions per settled case: ours beside other orders, the lower bound and the optimum."""
    decider = Decider(load_catalog(load_settings().catalog_dir))
    rng = random.Random(seed)
    day = today()
    made = [draw(decider, rng) for _ in range(firms)]
    products = list(decider.catalog.products)
    chosen = [[rng.choice(products)] for _ in made]
    click.echo(f"{firms} firms, seed {seed}, catalog {decider.catalog.version}")
    _table(decider, made, chosen, "one product, chosen at random")
    _table(decider, made, [products] * len(made), "all products")
    optimum = expected_questions([decider.program(one, day) for one in products], decider.space.everything,
                                 decider.space.weights)
    ours = statistics.fmean(settle(decider, products, firm, day, STRATEGIES["ours"]).questions for firm in made)
    click.echo(f"exact optimum, all {len(products)} products (dynamic programming): {optimum:.3f}; "
               f"ours / optimum = {ours / optimum:.3f}")
    first = [settle_first(decider, firm, day) for firm in made]
    differences = sum(
        decider.check(product, firm, day).verdict != verdict
        for firm, played in zip(made, first, strict=True)
        for product, verdict in played.verdicts.items()
    )
    click.echo(f"the dialogue's own goal, the first three settled: {statistics.fmean(p.questions for p in first):.2f} "
               f"questions a firm, {differences} verdicts differ from those of all facts")
    full = sum(spec.askable for spec in decider.catalog.facts.values())
    click.echo(f"share of the full form ({full} questions): {statistics.fmean(p.questions for p in first) / full:.1%}")


def _table(decider: Decider, made: list[Firm], chosen: list[list[str]], title: str) -> None:
    day = today()
    click.echo(title)
    for name, strategy in STRATEGIES.items():
        played = [settle(decider, one, firm, day, strategy) for one, firm in zip(chosen, made, strict=True)]
        differ = sum(
            decider.check(product, firm, day).verdict != verdict
            for firm, result in zip(made, played, strict=True)
            for product, verdict in result.verdicts.items()
        )
        mean = statistics.fmean(one.questions for one in played)
        click.echo(f"  {name:<16}{mean:7.3f} questions a case, {differ} verdicts differ from those of all facts")
    click.echo(f"  {'everything':<16}{statistics.fmean(everything(decider, one, day) for one in chosen):7.3f}")
    bound = statistics.fmean(
        certificate_size(decider, one, firm, day) for one, firm in zip(chosen, made, strict=True)
    )
    click.echo(f"  {'lower bound':<16}{bound:7.3f} (smallest certificate)")


@click.command()
@click.option("--firms", default=10_000, show_default=True)
@click.option("--seed", default=20261124, show_default=True)
def decision(firms: int, seed: int) -> None:
    """Time for one firm through all products, and for a sweep of many; beside zen-engine on the same rules."""
    decider = Decider(load_catalog(load_settings().catalog_dir))
    rng = random.Random(seed)
    day = today()
    made = [draw(decider, rng) for _ in range(firms)]
    partial = [
        Firm({name: value for name, value in firm.facts.items() if rng.random() < 0.4}) for firm in made[:500]
    ]
    products = list(decider.catalog.products)
    times = []
    for firm in partial:
        start = time.perf_counter()
        for product in products:
            decider.check(product, firm, day)
        decider.match(firm, day)
        times.append(time.perf_counter() - start)
    times.sort()
    click.echo(f"one firm, {len(products)} products with certificates, gaps and next question: "
               f"p50 {times[len(times) // 2] * 1000:.2f} ms, p95 {times[int(len(times) * 0.95)] * 1000:.2f} ms")
    start = time.perf_counter()
    for firm in made:
        masks = decider.space.masks(firm, day)
        for product in products:
            decider.program(product, day).verdict(masks)
    ours = time.perf_counter() - start
    click.echo(f"sweep of {firms} firms through {len(products)} products: {ours:.2f} s")
    try:
        from bot.cli.bench_zen import sweep
    except ImportError:
        click.echo("zen-engine is not installed (a test dependency): no comparison")
        return
    theirs = sweep(decider, made[: firms // 10], day) * 10
    click.echo(f"zen-engine, the same rules two-valued: {theirs:.2f} s; ratio {theirs / ours:.1f}")
