"""`peipao catalog`: checks the policy data and runs the cases shipped with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

import click
import msgspec

from bot.catalog.difference import differences
from bot.catalog.errors import CatalogError
from bot.catalog.load import load_texts, read_texts
from bot.catalog.model import Catalog
from bot.catalog.model import number as plain
from bot.cli import jsonl
from bot.cli.firms import day_of, firm_of
from bot.clock import today
from bot.decision.cases import run_cases
from bot.decision.compare import VerdictChange, judged_again
from bot.decision.judge import Decider
from bot.decision.lint import lint as lint_catalog
from bot.dialogue import phrases
from bot.settings import load_settings


class CatalogGroup(click.Group):
    """The group; `schema` also needs the knowledge base and is imported when it is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), "schema"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name == "schema":
            from bot.cli.catalog_schema import schema

            return schema
        return super().get_command(ctx, cmd_name)


folder = click.option(
    "--catalog",
    "catalog_dir",
    type=click.Path(path_type=Path),
    help="Another catalog folder than the one in use.",
)


@click.group(cls=CatalogGroup)
def catalog() -> None:
    """Check the policy data."""


@catalog.command()
@folder
def lint(catalog_dir: Path | None) -> None:
    """Find faults, each with file and line; exit code 1 if there is an error."""
    texts, loaded = _load(catalog_dir or load_settings().catalog_dir)
    faults = lint_catalog(texts, loaded, Decider(loaded), today())
    for fault in faults:
        click.echo(f"{'错误' if fault.level == 'error' else '提醒'} {fault}")
    errors = sum(fault.level == "error" for fault in faults)
    clauses = sum(len(product.clauses) for product in loaded.products.values())
    click.echo(
        f"{len(loaded.products)}个产品、{clauses}条条款、{len(loaded.facts)}个事实、{len(loaded.sources)}个出处："
        f"{errors}处错误，{len(faults) - errors}处提醒（版本 {loaded.version}）"
    )
    if errors:
        raise SystemExit(1)


@catalog.command()
@folder
@click.option("--product", help="Only this product.")
def test(catalog_dir: Path | None, product: str | None) -> None:
    """Run the cases shipped with the products; exit code 1 if one differs."""
    decider = Decider(_load(catalog_dir or load_settings().catalog_dir)[1])
    results = [one for one in run_cases(decider) if product in (None, one.product)]
    failed = [one for one in results if one.differences]
    for one in failed:
        click.echo(f"✗ {one.product} · {one.case}")
        for difference in one.differences:
            click.echo(f"    {difference}")
    click.echo(f"{len(results)}个用例，{len(failed)}个不符")
    if failed or not results:
        raise SystemExit(1)


@catalog.command()
@click.argument("old", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("new", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--firms",
    type=click.File("rb"),
    help='Firms, one a line: {"facts", "bounds"?, "as_of"?, "name"?}; tells whose verdict changes.',
)
def diff(old: Path, new: Path, firms: BinaryIO | None) -> None:
    """What changed between two catalog folders and, for given firms, whose verdict changed."""
    before, after = _load(old)[1], _load(new)[1]
    found = differences(before, after)
    for one in found:
        click.echo(str(one))
    click.echo(f"{len(found)}处改动（版本 {before.version} → {after.version}）")
    if firms is not None:
        _diff_firms(Decider(before), Decider(after), firms)


def _diff_firms(old: Decider, new: Decider, firms: BinaryIO) -> None:
    changed = read = 0
    for number, raw in enumerate(firms, start=1):
        if not raw.strip():
            continue
        try:
            line = msgspec.json.decode(raw, type=dict[str, Any])
            firm, day = firm_of(line, new), day_of(line)
        except (msgspec.DecodeError, jsonl.LineError) as error:
            click.echo(f"第{number}行读不了：{error}", err=True)
            continue
        read += 1
        changes = judged_again(firm, old, new, day).changes
        changed += bool(changes)
        for change in changes:
            product = (new if change.product in new.catalog.products else old).catalog.products[
                change.product
            ]
            click.echo(f"第{number}行{line.get('name', '')}：「{product.name}」{_turned(change)}")
    click.echo(f"{read}家企业，{changed}家的结论有变化")


def _turned(change: VerdictChange) -> str:
    told = ""
    if change.before != change.after:
        names = [
            phrases.VERDICT[verdict] if verdict else "没有这个产品"
            for verdict in (change.before, change.after)
        ]
        told = f"由“{names[0]}”变为“{names[1]}”"
    if change.limit_before != change.limit_after:
        limits = [
            "未公开" if limit is None else f"{plain(limit)}万元"
            for limit in (change.limit_before, change.limit_after)
        ]
        told += f"{'，' if told else ''}额度由{limits[0]}变为{limits[1]}"
    return told + (f"（{'、'.join(change.clauses)}）" if change.clauses else "")


def _load(where: Path) -> tuple[dict[str, str], Catalog]:
    """The texts and the catalog of a folder; its faults are printed and end the command."""
    try:
        texts = read_texts(where)
        return texts, load_texts(texts)
    except CatalogError as error:
        for fault in error.faults:
            click.echo(f"错误 {fault}")
        raise SystemExit(1) from None
