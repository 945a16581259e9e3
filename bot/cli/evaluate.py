"""`peipao eval`: how well sentences never trained on are understood, and folds over the training data."""

from __future__ import annotations

import asyncio
import statistics
import time
from pathlib import Path
from typing import Any

import click
import httpx
import msgspec

from bot.engine_process import EngineError, some_engine
from bot.evaluation import metrics
from bot.evaluation.metrics import OUT, Labelled, Read
from bot.settings import SettingsError, load_settings

PARSE = "/webhooks/gateway/parse"
WORST = 8


@click.command("eval")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--errors", is_flag=True, help="List every sentence that was read wrongly.")
@click.option("--answers", is_flag=True, help="FILE holds policy questions: measure the knowledge base.")
@click.option(
    "--cross-validate", is_flag=True, help="Instead: folds over data/nlu, with a confusion table and picture."
)
@click.option("--folds", default=5, show_default=True, help="How many folds (with --cross-validate).")
@click.option(
    "--picture",
    default=Path("var/confusion.svg"),
    show_default=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the confusion picture goes (with --cross-validate).",
)
def evaluate(
    file: Path | None, errors: bool, answers: bool, cross_validate: bool, folds: int, picture: Path
) -> None:
    """Measure understanding on FILE (JSON lines: text, intents, facts, products, aspect, asked)."""
    if cross_validate:
        from bot.evaluation.crossval import report

        for line in report(Path("data/nlu"), load_settings().catalog_dir, folds, picture):
            click.echo(line)
        return
    if file is None:
        raise click.UsageError("name a FILE, or use --cross-validate")
    if answers:
        from bot.catalog.load import load_catalog
        from bot.evaluation.answers import report as answered
        from bot.knowledge import load_knowledge

        settings = load_settings()
        catalog = load_catalog(settings.catalog_dir)
        for line in answered(
            file, load_knowledge(settings.catalog_dir, catalog, cache=settings.models_dir / "knowledge")
        ):
            click.echo(line)
        return
    labels = read_labels(file)
    try:
        reads = asyncio.run(_read_all(labels))
    except (EngineError, SettingsError, httpx.HTTPError) as error:
        raise click.ClickException(str(error)) from error
    cases = list(zip(labels, reads, strict=True))
    for line in summary(cases):
        click.echo(line)
    if errors:
        for line in mistakes(cases):
            click.echo(line)


def read_labels(file: Path) -> list[Labelled]:
    """The labelled sentences of a file.

    Raises:
        click.ClickException: naming the line that cannot be read.
    """
    labels = []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            labels.append(msgspec.json.decode(line, type=Labelled))
        except msgspec.DecodeError as error:
            raise click.ClickException(f"{file}:{number}: {error}") from None
    return labels


async def _read_all(labels: list[Labelled]) -> list[Read]:
    async with some_engine(load_settings(), say=lambda line: click.echo(line, err=True)) as (url, secret):
        headers = {"Authorization": f"Bearer {secret}"}
        async with httpx.AsyncClient(base_url=url, headers=headers, timeout=30) as client:
            return [await _read(client, label) for label in labels]


async def _read(client: httpx.AsyncClient, label: Labelled) -> Read:
    start = time.perf_counter()
    answer = await client.post(PARSE, json={"text": label.text, "asked": label.asked})
    seconds = time.perf_counter() - start
    answer.raise_for_status()
    parsed: dict[str, Any] = answer.json()
    reading = parsed["reading"]
    ranking = dict(parsed["intent_ranking"])
    inside = max((chance for name, chance in ranking.items() if name != OUT), default=0.0)
    return Read(
        intent=next(iter(ranking), parsed["intent"]),
        asked_back=parsed["intent"] not in ranking,
        confidence=parsed["confidence"],
        facts=reading["facts"],
        products=reading["products"],
        aspect=reading["aspect"],
        out_score=0.5 * ranking.get(OUT, 0.0) + 0.5 * (1 - inside),
        seconds=seconds,
        bounds=reading["bounds"],
    )


def summary(cases: list[tuple[Labelled, Read]]) -> list[str]:
    """The figures, a line each."""
    facts = metrics.score_facts(cases)
    right, named = metrics.product_accuracy(cases)
    times = sorted(read.seconds for _, read in cases)
    asked_back = sum(read.asked_back for _, read in cases)
    saved = sum(read.asked_back and read.intent not in label.intents for label, read in cases)
    worst = metrics.confusion(cases).most_common(WORST)
    lines = [
        f"sentences                 {len(cases)}",
        f"intent right              {metrics.intent_accuracy(cases):.1%}",
        f"asked back                {asked_back}, of them wrong otherwise: {saved}",
        f"out of scope, AUROC       {metrics.auroc(cases):.3f}",
        f"facts: precision          {facts.precision:.1%}",
        f"facts: recall             {facts.recall:.1%}",
        f"sentences with all facts  {facts.exact / max(facts.sentences, 1):.1%}",
        f"products and aspect       {right / max(named, 1):.1%} of {named} sentences that name one",
        f"latency over HTTP         p50 {statistics.median(times) * 1000:.1f} ms, "
        f"p95 {times[int(len(times) * 0.95)] * 1000:.1f} ms",
    ]
    if worst:
        told = ", ".join(f"{wanted}→{read} {times}" for (wanted, read), times in worst)
        lines.append(f"most confused             {told}")
    if facts.by_fact:
        told = ", ".join(f"{fact} {times}" for fact, times in facts.by_fact.most_common(WORST))
        lines.append(f"facts most often wrong    {told}")
    return lines


def mistakes(cases: list[tuple[Labelled, Read]]) -> list[str]:
    """Every sentence that was read wrongly, and how."""
    lines = []
    for label, read in cases:
        found = {
            fact: value for fact, value in read.facts.items() if metrics.judged(fact, value, label.facts)
        }
        wrong = []
        if read.intent not in label.intents:
            wrong.append(f"intent {read.intent} ({read.confidence:.2f}), should be {'/'.join(label.intents)}")
        if metrics.score_facts([(label, read)]).exact == 0:
            wrong.append(f"facts {found}, should be {label.facts}")
        if label.products and set(label.products) != set(read.products):
            wrong.append(f"products {read.products}, should be {label.products}")
        if label.products and label.aspect and label.aspect != read.aspect:
            wrong.append(f"aspect {read.aspect}, should be {label.aspect}")
        if wrong:
            lines.append(f"{label.text}" + (f" [asked {label.asked}]" if label.asked else ""))
            lines += [f"    {one}" for one in wrong]
    return lines
