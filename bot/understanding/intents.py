"""What a message wants: softmax regression over n-grams and cues,
with sentence vectors only where it is unsure."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from bot.understanding.embedding import Embedder, Vector, centred, shared_embedder
from bot.understanding.features import cue_values, grams, template
from bot.understanding.linear import (
    Array,
    GramSpace,
    Linear,
    counts_of,
    design,
    fit_linear,
    softmax,
    temperature_of,
)
from bot.understanding.reader import Reader
from bot.understanding.reading import Reading

OUT_OF_SCOPE = "out_of_scope"
_CUE_WEIGHT = 0.5
_GRAM_C = 12.0
_FULL_C = 10.0
_VECTOR_WEIGHT = 0.4
_SURE = 0.95
_FOLDS = 3
_SEED = 7
_ANSWER_BONUS = 3.5
_AFTER_A_QUESTION = {"inform": 1.0, "dont_know": 0.7, "affirm": 0.7, "deny": 0.7, "out_of_scope": -1.0}
"""Log-odds that a question just asked adds: most people answer it, few leave the subject."""
_NO_TODAY = datetime.date(2026, 1, 1)


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
        examples: Sequence[tuple[str, str]],
        reader: Reader,
        *,
        embedder: Embedder | None = None,
        embed: bool = True,
        folds: int = _FOLDS,
    ) -> IntentModel:
        """Learn from (text, intent) pairs. ``embed=False`` leaves sentence vectors out altogether.

        Raises:
            ValueError: with fewer than two intents.
        """
        texts = [text for text, _ in examples]
        intents = sorted({intent for _, intent in examples})
        if len(intents) < 2:
            raise ValueError("at least two intents are needed")
        labels = np.array([intents.index(intent) for _, intent in examples], dtype=np.int64)
        readings = [reader.read(text, today=_NO_TODAY) for text in texts]
        counted = counts_of(template(reading) for reading in readings)
        dense = np.array([cue_values(reading) for reading in readings], dtype=np.float32) * _CUE_WEIGHT
        embedder = (embedder or shared_embedder()) if embed else None
        raw = embedder.vectors(texts) if embedder else np.zeros((len(texts), 0), dtype=np.float32)
        mean: Vector = raw.mean(axis=0) if len(texts) else raw
        vectors = centred(raw, mean) * np.float32(_VECTOR_WEIGHT)
        gram_logits, full_logits = cls._held_out(counted, dense, vectors, labels, len(intents), folds)
        space = GramSpace.fit(counted)
        matrix = design(space, counted, dense)
        gram = fit_linear(matrix, labels, _GRAM_C)
        full = (
            fit_linear(design(space, counted, np.hstack([dense, vectors])), labels, _FULL_C)
            if embedder
            else None
        )
        gram_temperature = temperature_of(gram_logits, labels)
        settings = Settings(
            intents=intents,
            vocabulary=space.vocabulary,
            gram_temperature=gram_temperature,
            full_temperature=temperature_of(full_logits, labels) if embedder else 1.0,
            sure=_threshold(softmax(gram_logits, gram_temperature), labels),
        )
        return cls(settings, space, gram, full, mean, embedder)

    @staticmethod
    def _held_out(
        counted: Sequence[Counter[str]],
        dense: Array,
        vectors: Vector,
        labels: npt.NDArray[np.int64],
        classes: int,
        folds: int,
    ) -> tuple[Array, Array]:
        """Logits of every example by models that never saw it, for both classifiers."""
        order = np.random.default_rng(_SEED).permutation(len(labels))
        gram_logits = np.zeros((len(labels), classes), dtype=np.float32)
        full_logits = np.zeros_like(gram_logits)
        for fold in range(folds):
            test = order[fold::folds]
            train = np.setdiff1d(order, test)
            if len(np.unique(labels[train])) < classes or not len(test):
                continue
            space = GramSpace.fit(counted[i] for i in train)
            parts = [(gram_logits, dense, _GRAM_C)]
            if vectors.shape[1]:
                parts.append((full_logits, np.hstack([dense, vectors]), _FULL_C))
            for out, extra, c in parts:
                linear = fit_linear(
                    design(space, [counted[i] for i in train], extra[train]), labels[train], c
                )
                for i in test:
                    out[i] = linear.logits(*space.sparse(counted[i]), extra[i])
        return gram_logits, full_logits

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


def _threshold(probabilities: Array, labels: npt.NDArray[np.int64]) -> float:
    """The least probability from which on the n-gram model alone was right often enough on held-out folds."""
    top = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    order = np.argsort(-top)
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.nonzero(share >= _SURE)[0]
    return float(max(0.6, top[order[good[-1]]])) if len(good) else 1.1
