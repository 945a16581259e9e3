"""The real catalog with one thing broken, and what the checks say about it."""

from __future__ import annotations

import datetime
from functools import lru_cache
from pathlib import Path

from bot.catalog.errors import CatalogError, Fault
from bot.catalog.load import load_texts, read_texts
from bot.decision.judge import Decider
from bot.decision.lint import lint

CATALOG = Path(__file__).parents[2] / "catalog"
DAY = datetime.date(2026, 11, 24)


@lru_cache(maxsize=1)
def texts() -> dict[str, str]:
    return read_texts(CATALOG)


def faults_after(file: str, old: str, new: str) -> list[Fault]:
    """What the loader or the lint finds after one replacement (the old text must be there exactly once)."""
    assert texts()[file].count(old) == 1, (file, old, texts()[file].count(old))
    changed = {**texts(), file: texts()[file].replace(old, new)}
    try:
        catalog = load_texts(changed)
    except CatalogError as error:
        return error.faults
    return lint(changed, catalog, Decider(catalog), DAY)


def line_of(file: str, text: str) -> int:
    """The line (from 1) of a text in a file of the catalog."""
    return texts()[file][: texts()[file].index(text)].count("\n") + 1
