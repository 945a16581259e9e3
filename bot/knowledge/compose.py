"""An answer in words: whole passages and their sources, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.catalog.cite import RETOLD
from bot.knowledge.passages import Passage

_AS_GOOD = 0.6
"""A second passage is told too where its score is at least this share of the first's."""


class Found(Protocol):
    """What :class:`bot.knowledge.retrieval.Hit` offers."""

    @property
    def text(self) -> str: ...

    @property
    def source(self) -> str: ...

    @property
    def score(self) -> float: ...

    @property
    def passage(self) -> Passage: ...


def compose(question: str, hits: Sequence[Found]) -> str:
    """The best passage with its source, and the second where it answers nearly as well; ``""`` without hits.

    Every word comes from the passages: the question only decides, through the hits, which of them are told.
    """
    told = [hit for hit in hits[:2] if hit.score >= _AS_GOOD * hits[0].score]
    return "\n".join(f"{hit.text}{_source(hit)}" for hit in told)


def _source(hit: Found) -> str:
    if not hit.source:
        return ""
    doubtful = hit.passage.sureness != "高" and RETOLD not in hit.source
    return f"〔{hit.source}{'，' + RETOLD if doubtful else ''}〕"
