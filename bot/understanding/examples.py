"""Sentences that the intent model learns from, besides those that Rasa hands over."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from bot.understanding.labelled import read_sentences

Example = tuple[str, str]
_LINE = re.compile(r"^\s*- (?!intent:)(.+?)\s*$", re.MULTILINE)


def told_examples(folder: Path, *, without: Iterable[str] = ()) -> list[Example]:
    """(text, intent) of the sentences labelled for their facts (``data/facts``).

    Left out are answers to a question, which mean nothing alone, sentences in ``without``, and repeats.

    Raises:
        ValueError: a line cannot be read; file and line are named.
    """
    seen = set(without)
    out = []
    for sentence, _ in read_sentences(folder):
        if sentence.asked is None and sentence.intents and sentence.text not in seen:
            seen.add(sentence.text)
            out.append((sentence.text, sentence.intents[0]))
    return out


def example_lines(folder: Path) -> list[str]:
    """The listed sentences of a folder of Rasa's training files, found without reading them as YAML.

    Good enough to embed them ahead of Rasa's own reading.
    """
    return [line for path in sorted(folder.glob("*.yml")) for line in _LINE.findall(path.read_text("utf-8"))]
