"""One reader for all tests of understanding: the contract's facts and products, no catalog needed."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from bot.catalog.load import load_catalog
from bot.understanding import Reader, Reading, default_lexicon, lexicon_of
from bot.understanding.learned import trained_reader

ROOT = Path(__file__).resolve().parents[2]
TODAY = datetime.date(2026, 11, 24)


class Said:
    """Reads a sentence on the day the tests live in."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def __call__(self, text: str, asked: str | None = None) -> Reading:
        return self.reader.read(text, asked=asked, today=TODAY)


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader(default_lexicon())


@pytest.fixture(scope="session")
def said(reader: Reader) -> Said:
    return Said(reader)


@pytest.fixture(scope="session")
def trained() -> Said:
    """Reads as the service does: rules and the trained judgement, with the shipped catalog's names."""
    return Said(trained_reader(lexicon_of(load_catalog(ROOT / "catalog"))))
