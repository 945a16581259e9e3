"""`peipao bench understanding`: ways to tell intents, and the stock pipeline, on the same sentences."""

from __future__ import annotations

import asyncio

import click

from bot.bench.processes import BenchError
from bot.bench.understanding import OURS, PARTS, SEED, Variants, in_rasa, split, stock_config
from bot.bench.understanding_table import ratios, table
from bot.catalog.load import load_catalog
from bot.clock import today
from bot.engine_process import EngineError
from bot.evaluation.crossval import read_examples
from bot.settings import ROOT, load_settings
from bot.understanding import lexicon_of
from bot.understanding.learned import trained_reader


@click.command()
@click.option("--stock/--no-stock", "with_stock", default=True, help="Also the stock Rasa zh pipeline.")
@click.option("--epochs", default=100, show_default=True, help="Training epochs of the stock DIET.")
def understanding(with_stock: bool, epochs: int) -> None:
    """Accuracy and cost of understanding, with and without embeddings, beside a stock Rasa zh pipeline.

    All learn from the same four fifths of data/nlu and are asked the same last fifth, one sentence after
    another. Times are of reading and intent together. Training includes embedding the sentences.
    """
    train, test = split(read_examples(ROOT / "data" / "nlu"))
    click.echo(
        f"{len(train)} sentences to learn from, {len(test)} held out (one in {PARTS}, seed {SEED}); "
        f"stock DIET: {epochs} epochs"
    )
    reader = trained_reader(lexicon_of(load_catalog(load_settings().catalog_dir)))
    variants = Variants(train, test, reader, today())
    click.echo(f"embedding the sentences to learn from: {variants.embedding_s:.1f} s")
    rows = list(variants.rows())
    click.echo("\n".join(table(rows)))
    alone, two = variants.threads()
    click.echo(
        f"embedding in threads: {alone:.0f} sentences/s with one, {two:.0f} with two ({two / alone:.2f}×)"
    )
    if not with_stock:
        return
    click.echo("in Rasa, a process each (the stock pipeline takes minutes to train) …", err=True)
    try:
        ours = asyncio.run(in_rasa("ours in Rasa", OURS, train, test))
        stock = asyncio.run(
            in_rasa("stock Rasa zh (jieba, n-grams, DIET)", stock_config(epochs), train, test)
        )
    except (BenchError, EngineError) as error:
        raise click.ClickException(str(error)) from error
    click.echo("\n".join(table([ours, stock])))
    click.echo(ratios(ours, stock))
