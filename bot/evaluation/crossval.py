"""Folds over the training data: which intents are confused, as a table and as a picture."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

import yaml

from bot.catalog.load import load_catalog
from bot.clock import today
from bot.settings import ROOT
from bot.understanding import lexicon_of
from bot.understanding.embedding import shared_embedder
from bot.understanding.examples import Example
from bot.understanding.intents import IntentModel
from bot.understanding.kept_vectors import KeptVectors
from bot.understanding.learned import trained_reader

SEED = 20261124
WORST = 6
CELL = 22
"""Learned from in every fold, never counted: only the sentences of ``data/nlu`` are held out."""
VECTORS = ROOT / "models" / "vectors.npz"


def read_examples(folder: Path) -> list[Example]:
    """(text, intent) of every example in the Rasa files of a folder."""
    examples = []
    for file in sorted(folder.glob("*.yml")):
        for block in yaml.safe_load(file.read_text("utf-8"))["nlu"]:
            for line in block["examples"].splitlines():
                if line.startswith("- "):
                    examples.append((line[2:].strip(), block["intent"]))
    return examples


def report(folder: Path, catalog_dir: Path, folds: int, picture: Path) -> Iterator[str]:
    """Lines of the report, as they come; the picture is written at the end."""
    examples = read_examples(folder)
    random.Random(SEED).shuffle(examples)
    reader = trained_reader(lexicon_of(load_catalog(catalog_dir)))
    vectors = KeptVectors(VECTORS, shared_embedder())
    table: Counter[tuple[str, str]] = Counter()
    plain = 0
    for fold in range(folds):
        held_out = examples[fold::folds]
        rest = [example for place, example in enumerate(examples) if place % folds != fold]
        with_vectors = IntentModel.fit(rest, reader, source=vectors)
        without = IntentModel.fit(rest, reader, embed=False, distilled=False)
        for text, intent in held_out:
            reading = reader.read(text, today=today())
            table[intent, with_vectors.predict(text, reading)[0][0]] += 1
            plain += without.predict(text, reading)[0][0] == intent
        yield f"fold {fold + 1} of {folds} done"
    total = sum(table.values())
    right = sum(times for (wanted, read), times in table.items() if wanted == read)
    yield f"{total} examples, {folds} folds, seed {SEED}"
    yield f"intent right: {right / total:.1%}; without sentence vectors {plain / total:.1%}"
    sizes: Counter[str] = Counter()
    for (wanted, _), times in table.items():
        sizes[wanted] += times
    yield "worst intents:"
    for intent in sorted(sizes, key=lambda one: table[one, one] / sizes[one])[:WORST]:
        yield f"  {intent:<18}{table[intent, intent] / sizes[intent]:6.1%} of {sizes[intent]}"
    yield "confused (labelled → read):"
    for (wanted, read), times in table.most_common():
        if wanted != read and times >= 2:
            yield f"  {wanted:<18}→ {read:<18}{times}"
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_text(drawing(table, sorted(sizes)), "utf-8")
    yield f"picture: {picture}"


def drawing(table: Counter[tuple[str, str]], intents: list[str]) -> str:
    """The confusion table as an SVG: rows are labels, columns what was read, darker is more often."""
    left, top = 150, 150
    size = CELL * len(intents)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + size + 10}" height="{top + size + 10}" '
        'font-family="sans-serif" font-size="11">',
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    for place, intent in enumerate(intents):
        middle = place * CELL + CELL / 2 + 4
        parts.append(f'<text x="{left - 6}" y="{top + middle}" text-anchor="end">{escape(intent)}</text>')
        turned = f'transform="translate({left + middle},{top - 6}) rotate(-60)"'
        parts.append(f"<text {turned}>{escape(intent)}</text>")
    for row, wanted in enumerate(intents):
        whole = max(sum(table[wanted, read] for read in intents), 1)
        for column, read in enumerate(intents):
            share = table[wanted, read] / whole
            colour = "#1b7f4b" if wanted == read else "#b3261e"
            parts.append(
                f'<rect x="{left + column * CELL}" y="{top + row * CELL}" width="{CELL - 1}" '
                f'height="{CELL - 1}" fill="{colour}" fill-opacity="{min(1.0, share**0.5):.2f}">'
                f"<title>{escape(wanted)} → {escape(read)}: {table[wanted, read]}</title></rect>"
            )
    return "\n".join([*parts, "</svg>"])
