"""`peipao catalog`: checks the policy data and runs the cases shipped with it."""

from __future__ import annotations

from pathlib import Path

import click

from bot.catalog.errors import CatalogError
from bot.catalog.load import load_texts, read_texts
from bot.clock import today
from bot.decision.cases import run_cases
from bot.decision.judge import Decider
from bot.decision.lint import lint as lint_catalog
from bot.settings import load_settings

folder = click.option(
    "--catalog",
    "catalog_dir",
    type=click.Path(path_type=Path),
    help="Another catalog folder than the one in use.",
)


@click.group()
def catalog() -> None:
    """Check the policy data."""


@catalog.command()
@folder
def lint(catalog_dir: Path | None) -> None:
    """Find faults, each with file and line; exit code 1 if there is an error."""
    where = catalog_dir or load_settings().catalog_dir
    try:
        texts = read_texts(where)
        loaded = load_texts(texts)
    except CatalogError as error:
        for fault in error.faults:
            click.echo(f"错误 {fault}")
        raise SystemExit(1) from None
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
    try:
        decider = Decider(load_texts(read_texts(catalog_dir or load_settings().catalog_dir)))
    except CatalogError as error:
        for fault in error.faults:
            click.echo(f"错误 {fault}")
        raise SystemExit(1) from None
    results = [one for one in run_cases(decider) if product in (None, one.product)]
    failed = [one for one in results if one.differences]
    for one in failed:
        click.echo(f"✗ {one.product} · {one.case}")
        for difference in one.differences:
            click.echo(f"    {difference}")
    click.echo(f"{len(results)}个用例，{len(failed)}个不符")
    if failed or not results:
        raise SystemExit(1)
