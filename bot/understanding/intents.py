"""What a message wants: softmax regression over n-grams and cues,
with sentence vectors only where it is unsure."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

import msgspec
import numpy as np
import numpy.typing as npt

from bot.understanding.distilled import distil, fold_in, main_directions
from bot.understanding.embedding import DIMENSION, Embedder, Vector, centred, shared_embedder
from bot.understanding.examples import Example
from bot.understanding.features import cue_values, grams, template
from bot.understanding.linear import (
    Array,
    GramSpace,
    Linear,
    counts_of,
    fit_linear,
    softmax,
    sparse_rows,
    temperature_of,
)
from bot.understanding.reader import Reader
from bot.understanding.reading import Reading

OUT_OF_SCOPE = "out_of_scope"
_CUE_WEIGHT = 0.5
_GRAM_C = 12.0
_FULL_C = 10.0
_VECTOR_WEIGHT = 0.25
_GIVEN_UP = 0.002
_HELD_OUT = 4
"""One example in so many is held out once to calibrate; a second and third fold changed nothing but time."""
_SEED = 7
_ANSWER_BONUS = 3.5
_AFTER_A_QUESTION = {"inform": 1.0, "dont_know": 0.7, "affirm": 0.7, "deny": 0.7, "out_of_scope": -1.0}
"""Log-odds that a question just asked adds: most people answer it, few leave the subject."""
_NO_TODAY = datetime.date(2026, 1, 1)
Labels = npt.NDArray[np.int64]


class VectorSource(Protocol):
    """Raw sentence vectors (n, 384): an embedder, or vectors kept from before."""

    def vectors(self, texts: Sequence[str]) -> Vector: ...


class Settings(msgspec.Struct):
    """What is kept beside the arrays."""

    intents: list[str]
    vocabulary: list[str]
    gram_temperature: float
    full_temperature: float
    sure: float


class IntentModel:
    """Two classifiers: one of n-grams and cues (a fraction of a millisecond) answers alone where it is sure;
    else one that also sees the sentence vector. Probabilities are calibrated on held-out folds."""

    def __init__(
        self,
        settings: Settings,
        space: GramSpace,
        gram: Linear,
        full: Linear | None,
        mean: Vector,
        embedder: Embedder | None,
    ) -> None:
        self.settings = settings
        self._space = space
        self._gram = gram
        self._full = full
        self._mean = mean
        self._embedder = embedder
        self._answer = settings.intents.index("inform") if "inform" in settings.intents else -1

    @classmethod
    def fit(
        cls,
        examples: Sequence[Example],
        reader: Reader,
        *,
        embedder: Embedder | None = None,
        embed: bool = True,
        distilled: bool = True,
        source: VectorSource | None = None,
    ) -> IntentModel:
        """Learn from (text, intent) pairs.

        Args:
            embed: False leaves sentence vectors out when messages are read.
            distilled: False leaves them out of the n-gram classifier's training too.
            source: where the vectors of all these sentences come from, if not from ``embedder``.

        Raises:
            ValueError: with fewer than two intents.
        """
        texts = [text for text, _ in examples]
        intents = sorted({intent for _, intent in examples})
        if len(intents) < 2:
            raise ValueError("at least two intents are needed")
        labels = np.array([intents.index(intent) for _, intent in examples], dtype=np.int64)
        made = (embedder or shared_embedder()) if embed or distilled else None
        with ThreadPoolExecutor(1) as side:
            # Embedding lets go of the interpreter: the sentences are read meanwhile.
            coming = side.submit((source or made).vectors, texts) if made else None
            readings = [reader.read(text, today=_NO_TODAY) for text in texts]
            counted = counts_of(template(reading) for reading in readings)
            dense = np.array([cue_values(reading) for reading in readings], dtype=np.float32) * _CUE_WEIGHT
            raw = coming.result() if coming else np.zeros((len(texts), DIMENSION), dtype=np.float32)
        mean: Vector = raw.mean(axis=0)
        vectors = centred(raw, mean)
        task = _Task(counted, labels)
        shown = labels[task.test]
        targets = main_directions(vectors) if distilled else None
        space, gram = task.fit(dense, _GRAM_C, targets)
        gram_logits = task.held_out(dense, _GRAM_C, targets)
        settings = Settings(
            intents=intents,
            vocabulary=space.vocabulary,
            gram_temperature=temperature_of(gram_logits, shown),
            full_temperature=1.0,
            sure=0.0,
        )
        if not embed:
            return cls(settings, space, gram, None, mean, None)
        both = np.hstack([dense, vectors * np.float32(_VECTOR_WEIGHT)])
        _, full = task.fit(both, _FULL_C)
        full_logits = task.held_out(both, _FULL_C)
        settings.full_temperature = temperature_of(full_logits, shown)
        settings.sure = threshold(
            softmax(gram_logits, settings.gram_temperature),
            softmax(full_logits, settings.full_temperature),
            shown,
        )
        return cls(settings, space, gram, full, mean, made)

    def predict(
        self, text: str, reading: Reading, asked: str | None = None, vector: Vector | None = None
    ) -> list[tuple[str, float]]:
        """Intents with calibrated probabilities, likeliest first.

        ``vector`` is the raw sentence vector if the caller has it already; else it is made only when needed.
        """
        probabilities = self._probabilities(text, reading, asked, vector)
        order = np.argsort(-probabilities, kind="stable")
        return [(self.settings.intents[i], float(probabilities[i])) for i in order]

    def _probabilities(self, text: str, reading: Reading, asked: str | None, vector: Vector | None) -> Array:
        columns, values = self._space.sparse(grams(template(reading)))
        dense = np.array(cue_values(reading), dtype=np.float32) * _CUE_WEIGHT
        bonus = np.zeros(len(self.settings.intents), dtype=np.float32)
        if asked:
            for place, intent in enumerate(self.settings.intents):
                bonus[place] = _AFTER_A_QUESTION.get(intent, 0.0)
            if self._answer >= 0 and any(m.fact == asked for m in reading.mentions):
                bonus[self._answer] = _ANSWER_BONUS
        first = softmax(self._gram.logits(columns, values, dense) / self.settings.gram_temperature + bonus)
        if self._full is None or self._embedder is None or float(first.max()) >= self.settings.sure:
            return first
        raw = self._embedder.vector(text) if vector is None else vector
        dense = np.concatenate([dense, centred(raw, self._mean) * _VECTOR_WEIGHT]).astype(np.float32)
        return softmax(self._full.logits(columns, values, dense) / self.settings.full_temperature + bonus)

    def out_of_scope_score(self, ranking: Sequence[tuple[str, float]]) -> float:
        """How surely a message lies outside of what the bot does, 0–1: its calibrated probability.

        Held-out folds: raising it where nothing else fits well made it worse.
        """
        return dict(ranking).get(OUT_OF_SCOPE, 0.0)

    def save(self, path: Path) -> None:
        """Write ``path``.npz (arrays) and ``path``.json (the rest)."""
        arrays = {
            "gram_w": self._gram.weights,
            "gram_b": self._gram.bias,
            "idf": self._space.idf,
            "mean": self._mean,
        }
        if self._full is not None:
            arrays |= {"full_w": self._full.weights, "full_b": self._full.bias}
        with path.with_suffix(".npz").open("wb") as file:
            np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
        path.with_suffix(".json").write_bytes(msgspec.json.encode(self.settings))

    @classmethod
    def load(cls, path: Path, embedder: Embedder | None = None) -> IntentModel:
        """Read what :meth:`save` wrote.

        Raises:
            OSError: if a file is missing.
            ValueError: if a file is broken.
        """
        try:
            settings = msgspec.json.decode(path.with_suffix(".json").read_bytes(), type=Settings)
        except (msgspec.DecodeError, json.JSONDecodeError) as error:
            raise ValueError(f"{path}.json: {error}") from error
        with np.load(path.with_suffix(".npz"), allow_pickle=False) as arrays:
            kept = {name: arrays[name] for name in arrays.files}
        full = Linear(kept["full_w"], kept["full_b"]) if "full_w" in kept else None
        space = GramSpace(settings.vocabulary, kept["idf"])
        gram = Linear(kept["gram_w"], kept["gram_b"])
        made = (embedder or shared_embedder()) if full is not None else None
        return cls(settings, space, gram, full, kept["mean"], made)


class _Task:
    """The examples of one fit, and those of them that are held out once to calibrate."""

    def __init__(self, counted: Sequence[Counter[str]], labels: Labels) -> None:
        self._counted = counted
        self._labels = labels
        test = np.random.default_rng(_SEED).permutation(len(labels))[: len(labels) // _HELD_OUT]
        train = np.setdiff1d(np.arange(len(labels)), test)
        # An intent must not lose all its examples: of such a handful all are learned from, and shown again.
        whole = len(test) > 0 and len(np.unique(labels[train])) == len(np.unique(labels))
        self.test: Labels = test if whole else np.arange(len(labels))
        self._train: Labels = train if whole else np.arange(len(labels))

    def fit(self, dense: Array, c: float, targets: Array | None = None) -> tuple[GramSpace, Linear]:
        """A classifier of all examples; ``targets`` (n, d) are distilled into its n-grams."""
        return self._fit(np.arange(len(self._labels)), dense, c, targets)

    def held_out(self, dense: Array, c: float, targets: Array | None = None) -> Array:
        """Logits (len(test), intents) by a classifier that has not seen ``test``."""
        space, linear = self._fit(self._train, dense, c, targets)
        rows = [linear.logits(*space.sparse(self._counted[i]), dense[i]) for i in self.test]
        return np.stack(rows)

    def _fit(self, rows: Labels, dense: Array, c: float, targets: Array | None) -> tuple[GramSpace, Linear]:
        counted = [self._counted[i] for i in rows]
        space = GramSpace.fit(counted)
        sparse = sparse_rows(space, counted)
        if targets is None:
            return space, fit_linear(sparse, self._labels[rows], c, dense=dense[rows])
        table, guesses = distil(sparse, targets[rows])
        shown = np.hstack([dense[rows], guesses])
        linear = fit_linear(sparse, self._labels[rows], c, dense=shown)
        return space, fold_in(linear, table, len(space.vocabulary))


def threshold(gram: Array, full: Array, labels: Labels) -> float:
    """The least probability from which on the n-gram model may answer alone.

    Args:
        gram, full: held-out probabilities (n, intents) of both classifiers.

    The cascade may lose ``_GIVEN_UP`` of the accuracy that vectors for all sentences would have.
    """
    top = gram.max(axis=1)
    order = np.argsort(-top, kind="stable")
    gain = (gram.argmax(axis=1) == labels)[order].astype(int) - (full.argmax(axis=1) == labels)[order]
    lost = -np.cumsum(gain) / len(labels)
    good = np.nonzero(lost <= _GIVEN_UP)[0]
    # Only an unbroken row from the surest on: what follows a loss is luck.
    unbroken = good[good == np.arange(len(good))]
    return float(top[order[unbroken[-1]]]) if len(unbroken) else 1.1
