"""What a training shares with the components it trains: kept sentence vectors and a stopwatch."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

from bot.understanding.embedding import shared_embedder
from bot.understanding.examples import example_lines
from bot.understanding.kept_vectors import KeptVectors

ROOT = Path(__file__).resolve().parents[2]
#: Seconds by what they went to, in the order of the work.
spent: dict[str, float] = {}


@contextlib.contextmanager
def phase(name: str) -> Iterator[None]:
    """Adds the time of the block to `spent`, without that of phases inside it."""
    began, inside = time.monotonic(), sum(spent.values())
    try:
        yield
    finally:
        others = sum(spent.values()) - inside
        spent[name] = spent.get(name, 0.0) + time.monotonic() - began - others


@lru_cache(maxsize=1)
def training_vectors() -> KeptVectors:
    """The training's sentence vectors, kept in models/vectors.npz (or where PEIPAO_KEPT_VECTORS says)."""
    file = os.environ.get("PEIPAO_KEPT_VECTORS") or ROOT / "models" / "vectors.npz"
    return KeptVectors(Path(file), shared_embedder())


def training_sentences() -> list[str]:
    """All sentences that will need a vector, found before Rasa is even imported."""
    return example_lines(ROOT / "data" / "nlu")


@contextlib.contextmanager
def embedding_ahead(texts: Sequence[str]) -> Iterator[None]:
    """Embeds sentences beside the block, which can then ask for their vectors without waiting long."""
    with ThreadPoolExecutor(1) as side:
        coming = side.submit(training_vectors().vectors, texts)
        yield
        coming.result()
