"""What speaks for a passage: nearness of meaning and wording, same subject, same facet, same numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bot.knowledge.lexical import Lexical
from bot.knowledge.passages import Passage
from bot.knowledge.wording import FACETS, Worded

Matrix = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

FEATURES = (
    "nearest", "nearest3", "meaning", "wording", "subject", "other_subject", "facets", "facet_overlap",
    "numbers", "silent",
)  # fmt: skip
"""Names of the last axis of :meth:`PassageSet.features`."""
_UNPUBLISHED = [
    index for index, (name, _) in enumerate(FACETS)
    if name in ("rate", "fee", "term", "materials", "time", "contact", "conditions", "amount")
]  # fmt: skip
_SMOOTHING = 2.0


def unit(vectors: Matrix, mean: Matrix) -> Matrix:
    """Centred vectors of length one: raw ones all lie in the same direction."""
    moved = vectors - mean
    lengths = np.linalg.norm(moved, axis=-1, keepdims=True)
    return np.asarray(moved / np.where(lengths > 0, lengths, 1), dtype=np.float32)


class PassageSet:
    """All passages with their phrasings, ready to be compared with questions.

    ``questions`` are each passage's phrasings and then its title; ``owner`` says whose each is.
    """

    def __init__(
        self,
        passages: Sequence[Passage],
        questions: Sequence[Worded],
        owner: Ints,
        texts: Sequence[Worded],
        question_vectors: Matrix,
        text_vectors: Matrix,
    ) -> None:
        count = len(passages)
        self.passages = passages
        self.owner = owner
        self._question_vectors = question_vectors
        self._text_vectors = text_vectors
        self._slots = _slots(owner, count)
        self._lexical = Lexical([text.plain for text in texts], [question.plain for question in questions])
        titles = [max(index for index in range(len(owner)) if owner[index] == one) for one in range(count)]
        self._topics = [
            questions[title].topics
            | {"relending" if one == "tech_relending" else one for one in passage.products}
            for passage, title in zip(passages, titles, strict=True)
        ]
        self._numbers = [text.numbers for text in texts]
        self._silent = np.array([passage.silent for passage in passages], dtype=np.float64)
        self._text_facets = np.array([text.facets for text in texts], dtype=np.float64).reshape(
            count, len(FACETS)
        )
        self._facets = np.array([question.facets for question in questions], dtype=np.float64)
        self._facet_counts = np.zeros((count, len(FACETS)))
        np.add.at(self._facet_counts, owner, self._facets)
        self._sizes = np.bincount(owner, minlength=count).astype(np.float64)
        self._prior = np.clip(self._facets.mean(axis=0), 1e-3, 1 - 1e-3)

    def features(self, asked: Sequence[Worded], vectors: Matrix, rows: Ints | None = None) -> Floats:
        """Shape (questions, passages, FEATURES).

        ``rows`` are given where the questions are the passages' own (their numbers): each is then compared
        with all but itself, which tells how well an unseen question would do.
        """
        near = vectors @ self._question_vectors.T
        if rows is not None:
            near[np.arange(len(rows)), rows] = -1.0
        padded = np.concatenate([near, np.full((len(near), 1), -1.0, dtype=np.float32)], axis=1)
        each = np.sort(padded[:, self._slots], axis=2)
        facets = np.array([question.facets for question in asked], dtype=np.float64).reshape(
            len(asked), len(FACETS)
        )
        subject, other = self._subjects(asked)
        lengths = np.maximum(np.linalg.norm(facets, axis=1, keepdims=True), 1)
        text_facets = self._text_facets / np.maximum(
            np.linalg.norm(self._text_facets, axis=1, keepdims=True), 1
        )
        unpublished = (facets[:, _UNPUBLISHED] @ self._text_facets[:, _UNPUBLISHED].T > 0) * self._silent
        parts = [
            each[:, :, -1],
            each[:, :, -3:].mean(axis=2),
            vectors @ self._text_vectors.T,
            self._lexical.similarity([question.plain for question in asked]),
            subject,
            other,
            self._facet_likelihood(facets, rows),
            (facets @ text_facets.T) / lengths,
            self._shared_numbers(asked),
            unpublished,
        ]
        return np.stack([np.asarray(part, dtype=np.float64) for part in parts], axis=2)

    def _subjects(self, asked: Sequence[Worded]) -> tuple[Floats, Floats]:
        same = np.zeros((len(asked), len(self.passages)))
        other = np.zeros_like(same)
        for row, question in enumerate(asked):
            if not question.topics:
                continue
            for column, topics in enumerate(self._topics):
                if question.topics & topics:
                    same[row, column] = 1.0
                else:
                    other[row, column] = 1.0 if topics else 0.5
        return same, other

    def _facet_likelihood(self, facets: Floats, rows: Ints | None) -> Floats:
        """Log ratio of the question's facets among a passage's phrasings to that among all."""
        made = np.zeros((len(facets), len(self.passages)))
        for row, asked in enumerate(facets):
            counts, sizes = self._facet_counts, self._sizes
            if rows is not None:
                own = self.owner[rows[row]]
                counts, sizes = counts.copy(), sizes.copy()
                counts[own] -= self._facets[rows[row]]
                sizes[own] -= 1
            chance = (counts + _SMOOTHING * self._prior) / (sizes[:, None] + _SMOOTHING)
            ratio = np.where(
                asked > 0, np.log(chance / self._prior), np.log((1 - chance) / (1 - self._prior))
            )
            made[row] = ratio.sum(axis=1)
        return made

    def _shared_numbers(self, asked: Sequence[Worded]) -> Floats:
        return np.array(
            [
                [len(one.numbers & known) / max(1, len(one.numbers)) for known in self._numbers]
                for one in asked
            ]
        ).reshape(len(asked), len(self.passages))


def _slots(owner: Ints, count: int) -> Ints:
    """Numbers of each passage's questions, padded with one past the last."""
    of = [[index for index in range(len(owner)) if owner[index] == one] for one in range(count)]
    width = max(3, *(len(numbers) for numbers in of)) if of else 3
    return np.array([numbers + [len(owner)] * (width - len(numbers)) for numbers in of], dtype=np.intp)


# What decides whether anything answers at all.
GATE_FEATURES = ("nearest", "nearest_not_ours", "wording", "subject", "other_place")


def gate_features(
    asked: Sequence[Worded],
    features: Floats,
    scores: Floats,
    not_ours: Floats,
    passages: Sequence[Passage],
    texts: Sequence[Worded],
) -> Floats:
    """Shape (questions, GATE_FEATURES), of each question and its best passage.

    ``not_ours`` are the questions' greatest similarities with questions that are not ours.
    """
    best = scores.argmax(axis=1)
    rows = np.arange(len(asked))
    top = features[rows, best]
    elsewhere = [
        float(bool(question.places - texts[one].places) and not passages[one].only_if)
        for question, one in zip(asked, best, strict=True)
    ]
    column = {name: index for index, name in enumerate(FEATURES)}
    return np.stack(
        [
            features[:, :, column["nearest"]].max(axis=1),
            not_ours,
            top[:, column["wording"]],
            np.array([float(bool(question.topics)) for question in asked]),
            np.array(elsewhere),
        ],
        axis=1,
    )
