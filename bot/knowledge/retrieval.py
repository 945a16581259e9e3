"""From a policy question to the passages that answer it, best first; none where nothing answers."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import msgspec
import numpy as np
import numpy.typing as npt

from bot.catalog.cite import cite
from bot.catalog.model import Source
from bot.knowledge.compose import compose
from bot.knowledge.features import FEATURES, Floats, Ints, Matrix, PassageSet, gate_features, unit
from bot.knowledge.fitting import fit_choice, fit_gate
from bot.knowledge.passages import Base, Passage, read_base
from bot.knowledge.wording import Worded, Wording

_FORMAT = 2
"""Part of the cache's name: raise it when what is embedded or stored changes."""
ANSWERS = 0.45
"""Least probability, inside and outside weighing the same, that a question is answered at all."""
_FEWEST_HAN = 2
"""A question of fewer Chinese characters that names no subject asks nothing (「abc」, 「15」)."""
_HAN = re.compile("[\u3400-\u9fff]")
_NEAREST = FEATURES.index("nearest")
_NEARLY_THE_SAME, _SAME_WORDS = 0.85, 20.0
"""A question this near to a stored one is that question. The fit cannot learn it: there each stored question
is compared with all but itself."""
_HOPELESS = 1e-4
"""Passages this many times less likely than the best are not listed."""


class EmbeddingModel(Protocol):
    """What :class:`bot.understanding.embedding.Embedder` offers."""

    def vector(self, text: str) -> Matrix: ...

    def vectors(self, texts: Sequence[str]) -> Matrix: ...


class Hit(msgspec.Struct, frozen=True):
    """A passage found. ``score`` lies between 0 and 1 and falls along the list; ``source`` is as shown."""

    id: str
    text: str
    source: str
    score: float
    passage: Passage


class Knowledge:
    """The knowledge base, embedded and fitted. Answering changes nothing: any thread may ask."""

    def __init__(
        self, base: Base, embedder: EmbeddingModel, sources: Mapping[str, Source], vectors: Matrix
    ) -> None:
        self.base = base
        self.passages = base.passages
        self._embedder = embedder
        self._sources = sources
        self._wording = Wording(base.topics)
        questions, owner = _questions(base)
        worded = [self._wording.word(text) for text in questions]
        self._texts = [self._wording.word(passage.text) for passage in base.passages]
        self._outside = [self._wording.word(text) for text in base.not_ours]
        asked, told = len(questions), len(base.passages)
        self._mean = np.asarray(vectors[:asked].mean(axis=0), dtype=np.float32)
        centred = unit(vectors, self._mean)
        self._outside_vectors = centred[asked + told :]
        self._set = PassageSet(
            base.passages, worded, owner, self._texts, centred[:asked], centred[asked : asked + told]
        )
        self._fit(worded, owner, centred[:asked])

    @classmethod
    def load(
        cls,
        folder: Path,
        embedder: EmbeddingModel,
        *,
        sources: Mapping[str, Source] | None = None,
        products: Collection[str] | None = None,
        cache: Path | None = None,
    ) -> Knowledge:
        """Read the folder; vectors are taken from, or left in, the folder ``cache``.

        Without ``sources`` a hit's source is empty.

        Raises:
            CatalogError: something in the folder is broken.
        """
        base = read_base(folder, sources, products)
        return cls(base, embedder, sources or {}, _vectors(base, embedder, cache))

    def answer(self, question: str, k: int = 3) -> list[Hit]:
        """The ``k`` best passages, best first; empty where nothing answers the question."""
        if not question.strip() or not self.passages:
            return []
        worded = self._wording.word(question)
        if not worded.topics and len(_HAN.findall(worded.plain)) < _FEWEST_HAN:
            return []
        vector = unit(self._embedder.vector(worded.plain)[None, :], self._mean)
        features = self._set.features([worded], vector)
        scores = self._scores(features)
        scores[0, [not _allowed(passage, question) for passage in self.passages]] = -np.inf
        near = (vector @ self._outside_vectors.T).max(axis=1)
        gate = gate_features([worded], features, scores, near, self.passages, self._texts)
        answered = float(_sigmoid(gate @ self._gate[:-1] + self._gate[-1])[0])
        if answered < ANSWERS:
            return []
        order = np.argsort(-scores[0], kind="stable")[:k]
        relative = np.exp(scores[0, order] - scores[0, order[0]])
        return [
            self._hit(int(one), round(answered * float(share), 4))
            for one, share in zip(order, relative, strict=True)
            if share > _HOPELESS
        ]

    def compose(self, question: str, hits: Sequence[Hit]) -> str:
        """The hits as one answer with its source."""
        return compose(question, hits)

    def cite(self, passage: Passage) -> str:
        """The passage's sources as people read them."""
        return "；".join(cite(self._sources[one]) for one in passage.sources if one in self._sources)

    def _scores(self, features: Floats) -> Floats:
        same = np.maximum(0, features[:, :, _NEAREST] - _NEARLY_THE_SAME)
        return np.asarray(features @ self._weights + _SAME_WORDS * same)

    def _hit(self, index: int, score: float) -> Hit:
        passage = self.passages[index]
        return Hit(passage.id, passage.text, self.cite(passage), score, passage)

    def _fit(self, worded: Sequence[Worded], owner: Ints, vectors: Matrix) -> None:
        rows = _phrasings(self.base)
        asked = [worded[row] for row in rows]
        features = self._set.features(asked, vectors[rows], rows)
        self._weights = fit_choice(features, owner[rows])
        near = (vectors[rows] @ self._outside_vectors.T).max(axis=1)
        inside = gate_features(asked, features, self._scores(features), near, self.passages, self._texts)
        features = self._set.features(self._outside, self._outside_vectors)
        each_other = self._outside_vectors @ self._outside_vectors.T
        np.fill_diagonal(each_other, -1.0)
        outside = gate_features(
            self._outside,
            features,
            self._scores(features),
            each_other.max(axis=1),
            self.passages,
            self._texts,
        )
        self._gate = fit_gate(inside, outside)


def _allowed(passage: Passage, question: str) -> bool:
    return not passage.only_if or any(word in question for word in passage.only_if)


def _questions(base: Base) -> tuple[list[str], Ints]:
    questions: list[str] = []
    owner: list[int] = []
    for index, passage in enumerate(base.passages):
        for text in (*passage.phrasings, passage.title):
            questions.append(text)
            owner.append(index)
    return questions, np.array(owner, dtype=np.intp)


def _phrasings(base: Base) -> Ints:
    """Numbers of the questions that are phrasings, not titles."""
    numbers: list[int] = []
    at = 0
    for passage in base.passages:
        numbers += range(at, at + len(passage.phrasings))
        at += len(passage.phrasings) + 1
    return np.array(numbers, dtype=np.intp)


def _sigmoid(value: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-value)))


def _vectors(base: Base, embedder: EmbeddingModel, cache: Path | None) -> Matrix:
    """Vectors of questions, passages and what is not ours, in this order."""
    path = cache / f"knowledge-{_FORMAT}-{base.version}.npy" if cache else None
    wording = Wording(base.topics)
    texts = [*_questions(base)[0], *(passage.text for passage in base.passages), *base.not_ours]
    if path and path.is_file():
        try:
            known: npt.NDArray[np.float32] = np.load(path, allow_pickle=False)
            if known.shape[0] == len(texts):
                return known
        except (OSError, ValueError):
            pass  # a torn file is made again
    made = embedder.vectors([wording.word(text).plain for text in texts])
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Several processes may start at once: each writes its own file, the last rename wins.
        torn = path.with_suffix(f".{os.getpid()}.tmp")
        with torn.open("wb") as file:
            np.save(file, made, allow_pickle=False)
        os.replace(torn, path)
    return made
