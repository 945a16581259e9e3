"""Vectors between trainings: only new sentences are embedded, and a broken file costs nothing but time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.understanding.embedding import DIMENSION, Embedder, Vector
from bot.understanding.kept_vectors import KeptVectors


class Recording(Embedder):
    """Vectors that differ, and a list of what was embedded."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def vectors(self, texts: Sequence[str]) -> Vector:
        self.seen += texts
        rows = [np.full(DIMENSION, len(text) / 7, dtype=np.float32) for text in texts]
        return np.stack(rows)


def test_only_new_sentences_are_embedded(tmp_path: Path) -> None:
    file = tmp_path / "models" / "vectors.npz"
    first = Recording()
    made = KeptVectors(file, first).vectors(["一", "二二", "一"])
    assert first.seen == ["一", "二二"]
    second = Recording()
    again = KeptVectors(file, second)
    kept = again.vectors(["二二", "三三三", "一"])
    assert second.seen == ["三三三"]
    assert again.embedded == 1
    assert np.array_equal(kept[[2, 0]], made[:2])
    assert made.dtype == np.float32
    assert [path.name for path in file.parent.iterdir()] == ["vectors.npz"]


def test_a_broken_file_is_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "vectors.npz"
    file.write_bytes(b"no archive")
    for _ in range(2):
        assert KeptVectors(file, Recording()).vectors(["一"]).shape == (1, DIMENSION)
    reader = Recording()
    KeptVectors(file, reader).vectors(["一"])
    assert reader.seen == []


def test_a_folder_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    kept = KeptVectors(tmp_path / "file" / "vectors.npz", Recording())
    assert kept.vectors(["一"]).shape == (1, DIMENSION)
    assert kept.vectors([]).shape == (0, DIMENSION)
