"""Character n-gram TF-IDF: how much of a question's wording stands in a passage."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]
_DROPPED = re.compile(r"[\s,。，.?!？！、；;:：“”\"'()（）《》〔〕·—-]")
_SIZES = (1, 2, 3)


def grams(text: str) -> Counter[str]:
    """Counts of runs of one to three characters, punctuation dropped."""
    bare = _DROPPED.sub("", text)
    return Counter(bare[i : i + size] for size in _SIZES for i in range(len(bare) - size + 1))


class Lexical:
    """TF-IDF vectors of the passages; ``weights_from`` are the texts that say how rare a gram is."""

    def __init__(self, documents: Sequence[str], weights_from: Sequence[str]) -> None:
        frequency = Counter(gram for text in (*documents, *weights_from) for gram in grams(text))
        total = len(documents) + len(weights_from)
        self._column = {gram: index for index, gram in enumerate(frequency)}
        self._idf = np.array(
            [math.log((1 + total) / (1 + count)) + 1 for count in frequency.values()], dtype=np.float32
        )
        self._documents = self._vectors(documents)

    def _vectors(self, texts: Sequence[str]) -> Matrix:
        made = np.zeros((len(texts), len(self._column)), dtype=np.float32)
        for row, text in enumerate(texts):
            for gram, count in grams(text).items():
                column = self._column.get(gram)
                if column is not None:
                    made[row, column] = (1 + math.log(count)) * self._idf[column]
        lengths = np.linalg.norm(made, axis=1, keepdims=True)
        return np.asarray(made / np.where(lengths > 0, lengths, 1), dtype=np.float32)

    def similarity(self, texts: Sequence[str]) -> Matrix:
        """Cosine of each text with each document, (texts, documents)."""
        return np.asarray(self._vectors(texts) @ self._documents.T, dtype=np.float32)
