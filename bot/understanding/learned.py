"""A reader with its trained judgement: loaded if it was made from the same inputs, else made in seconds."""

from __future__ import annotations

import hashlib
import os
import tempfile
from functools import lru_cache
from pathlib import Path

from bot.understanding.judgement import Judgement
from bot.understanding.labelled import read_sentences, rows_of
from bot.understanding.lexicon import Lexicon
from bot.understanding.reader import Reader

_ROOT = Path(__file__).resolve().parents[2]
SENTENCES = _ROOT / "data" / "facts"
MODELS = _ROOT / "models"
_KEPT = 4
"""Catalogs with other names have weights of their own; so many are kept."""


def trained_reader(lexicon: Lexicon, *, sentences: Path = SENTENCES, models: Path = MODELS) -> Reader:
    """A reader that has learned from ``sentences``.

    Args:
        models: where the weights are kept between starts; may be missing or not writable.

    Raises:
        ValueError: a labelled sentence cannot be read; file and line are named.
    """
    return Reader(lexicon, judgement_of(lexicon, sentences, models))


def judgement_of(lexicon: Lexicon, sentences: Path, models: Path) -> Judgement:
    """The judgement for this vocabulary, from the cache or newly fitted."""
    path = models / f"facts-{fingerprint(lexicon, sentences)[:16]}.npz"
    try:
        return Judgement.load(path)
    except (OSError, ValueError):
        pass
    made = Judgement.fit(rows_of(read_sentences(sentences), Reader(lexicon)))
    _keep(made, path)
    return made


def fingerprint(lexicon: Lexicon, sentences: Path) -> str:
    """A hash of all that a judgement is made from: sentences, code, vocabulary."""
    digest = hashlib.sha256(_code())
    for path in sorted(sentences.glob("*.jsonl")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    digest.update(repr(lexicon).encode())
    return digest.hexdigest()


@lru_cache(maxsize=1)
def _code() -> bytes:
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.digest()


def _keep(judgement: Judgement, path: Path) -> None:
    """Writes beside and renames: another process finds a whole file or none. Older ones go."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".facts-", suffix=".npz")
        os.close(handle)
        judgement.save(Path(name))
        os.replace(name, path)
        kept = sorted(path.parent.glob("facts-*.npz"), key=lambda file: -file.stat().st_mtime)
        for old in kept[_KEPT:]:
            old.unlink(missing_ok=True)
    except OSError:
        # A cache that cannot be written costs seconds at the next start, nothing else.
        pass
