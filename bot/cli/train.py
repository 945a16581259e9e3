"""`peipao train`: trains the engine's model in the engine's environment."""

from __future__ import annotations

import os
import subprocess
import sys

import click

from bot.engine_process import EngineError, engine_environ, engine_python
from bot.settings import ROOT


@click.command()
@click.option("--force", is_flag=True, help="Train even if nothing changed.")
@click.option("--check", is_flag=True, help="Only say whether the model is up to date; exit code 3 if not.")
def train(force: bool, check: bool) -> None:
    """Train the model if its inputs changed.

    Its inputs are config.yml, domain.yml, data/, bot/understanding/ and the names in the catalog.
    """
    flags = ["--force"] * force + ["--check"] * check
    try:
        command = [str(engine_python()), "-m", "bot.engine.train", *flags]
    except EngineError as error:
        raise click.ClickException(str(error)) from error
    environ = engine_environ()
    if catalog := os.environ.get("PEIPAO_CATALOG_DIR"):
        environ["PEIPAO_CATALOG_DIR"] = catalog
    sys.exit(subprocess.run(command, cwd=ROOT, env=environ, check=False).returncode)
