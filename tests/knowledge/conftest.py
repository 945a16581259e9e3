"""The tiny knowledge base, and the real one, embedded once."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_base import NOT_OURS, PASSAGES, SOURCES, TOPICS, LetterModel

from bot.catalog.load import load_catalog
from bot.catalog.model import Catalog
from bot.knowledge import Knowledge, load_knowledge
from bot.settings import ROOT, load_settings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "knowledge"
    made.mkdir()
    for name, text in (("topics", TOPICS), ("not_ours", NOT_OURS), ("passages", PASSAGES)):
        (made / f"{name}.yml").write_text(text, "utf-8")
    return made


@pytest.fixture
def model() -> LetterModel:
    return LetterModel()


@pytest.fixture
def small(folder: Path, model: LetterModel) -> Knowledge:
    return Knowledge.load(folder, model, sources=SOURCES)


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog(ROOT / "catalog")


@pytest.fixture(scope="session")
def knowledge(catalog: Catalog) -> Knowledge:
    """The real one; its vectors come from the data folder if `make setup` left them there."""
    return load_knowledge(ROOT / "catalog", catalog, cache=load_settings().models_dir / "knowledge")
