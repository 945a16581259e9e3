"""`peipao bench`: the service measured beside a stock Rasa bot on the same data, in one run."""

from __future__ import annotations

import asyncio
import importlib
import json
import signal
import tempfile
from pathlib import Path

import click

from bot.bench import ours, stock
from bot.bench.evaluation import held_out
from bot.bench.processes import BenchError
from bot.bench.result import Measured, table
from bot.bench.talk import SENTENCES
from bot.engine_process import EngineError
from bot.settings import ROOT

#: benches of single parts, imported when asked for
PARTS = {
    "understanding": ("bot.cli.bench_understanding:understanding", "accuracy and cost beside stock Rasa"),
    "questions": ("bot.cli.bench_decision:questions", "how few questions settle the verdicts"),
    "decision": ("bot.cli.bench_decision:decision", "how fast verdicts and rankings are computed"),
}


class PartsGroup(click.Group):
    """`peipao bench` alone measures the whole; a part is imported when it is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(PARTS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in PARTS:
            return None
        module, attribute = PARTS[cmd_name][0].split(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Parts"):
            formatter.write_dl([(name, line) for name, (_, line) in PARTS.items()])


def _say(line: str) -> None:
    click.echo(line, err=True)


async def _measure(rounds: int, at_once: int, with_stock: bool, epochs: int, evaluate: bool) -> None:
    # Ended from outside, it must not leave the processes under measurement behind.
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    loads = [(1, rounds), (at_once, max(1, rounds // 8))]
    sentences = held_out(ROOT / "tests" / "eval" / "understanding.jsonl") if evaluate else []
    folder_of_stock: Path | None = None
    if with_stock:
        _say("training the stock bot unless it is there (minutes) …")
        folder_of_stock = await stock.prepare(epochs)
    _say("measuring peipao …")
    with tempfile.TemporaryDirectory(prefix="peipao-bench-") as folder:
        measured, app_s = await ours.measure(Path(folder), loads=loads, sentences=sentences)
    measured.training_s = _training_seconds()
    other: Measured | None = None
    if folder_of_stock is not None:
        _say("measuring the stock bot …")
        other = await stock.measure(folder_of_stock, loads=loads, sentences=sentences)
    click.echo("\n".join(table(measured, other)))
    click.echo(f"the app itself answered after {app_s:.1f} s, its engine after {measured.ready_s:.1f} s")


def _training_seconds() -> float | None:
    try:
        return float(json.loads((ROOT / "models" / "peipao.json").read_text("utf-8"))["seconds"])
    except (OSError, ValueError, KeyError):
        return None


@click.group(cls=PartsGroup, invoke_without_command=True)
@click.option(
    "--rounds", default=16, show_default=True, help=f"Talks of {len(SENTENCES)} turns, one after another."
)
@click.option("--at-once", default=32, show_default=True, help="Conversations at once in the second load.")
@click.option(
    "--stock/--no-stock", "with_stock", default=True, help="Also a stock Rasa zh bot on the same data."
)
@click.option(
    "--epochs", default=100, show_default=True, help="Training epochs of the stock bot's DIET and TED."
)
@click.option("--eval/--no-eval", "evaluate", default=True, help="Also intents on the held-out sentences.")
@click.pass_context
def bench(
    context: click.Context, rounds: int, at_once: int, with_stock: bool, epochs: int, evaluate: bool
) -> None:
    """Measure speed, memory and start time beside a stock Rasa bot.

    Starts the service on a free port and a database of its own, holds conversations with it, ends it, and
    does the same with a stock Rasa zh bot trained on the same sentences. Take ratios, not milliseconds: they
    depend on the machine.
    """
    if context.invoked_subcommand is not None:
        return
    try:
        asyncio.run(_measure(rounds, at_once, with_stock, epochs, evaluate))
    except (BenchError, EngineError) as error:
        raise click.ClickException(str(error)) from error
    except asyncio.CancelledError:
        raise click.Abort from None
