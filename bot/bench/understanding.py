"""Ways to tell intents, side by side on one split of data/nlu: what each gets right, and what it costs.

The variants run here, one sentence after another; the shipped pipeline and a stock Rasa zh pipeline run in
the engine's environment, each in a process of its own.
"""

from __future__ import annotations

import datetime
import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from bot.bench.processes import finished
from bot.bench.stock import CONFIG
from bot.bench.talk import percentile
from bot.bench.understanding_table import Row, scored
from bot.engine_process import engine_environ, engine_python
from bot.understanding.embedding import Embedder, Vector
from bot.understanding.examples import Example
from bot.understanding.features import cue_values, grams, template
from bot.understanding.intents import IntentModel
from bot.understanding.kept_vectors import KeptVectors
from bot.understanding.linear import GramSpace, fit_linear, softmax, sparse_rows
from bot.understanding.reader import Reader
from bot.understanding.reading import Reading

SEED = 20261124
PARTS = 5
OURS = """\
recipe: default.v1
assistant_id: ours
language: zh
pipeline:
  - name: bot.engine.nlu.PeipaoUnderstanding
  - name: bot.engine.nlu.PeipaoIntentClassifier
    ranking: 10
"""
"""The shipped pipeline, on the very sentences of the others."""
Ranking = list[tuple[str, float]]
Tell = Callable[[str, Reading], Ranking]


def split(examples: Sequence[Example], part: int = 0) -> tuple[list[Example], list[Example]]:
    """(to learn from, held out): four fifths and one fifth, mixed with a fixed seed."""
    mixed = list(examples)
    random.Random(SEED).shuffle(mixed)
    return [one for at, one in enumerate(mixed) if at % PARTS != part], mixed[part::PARTS]


class CountingEmbedder(Embedder):
    """Counts the sentences that needed a vector."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.needed = 0

    def vector(self, text: str) -> Vector:
        """The raw unit vector (384,) of a sentence."""
        self.needed += 1
        return super().vector(text)


class Variants:
    """The variants that run in this process."""

    def __init__(self, train: list[Example], test: list[Example], reader: Reader, today: datetime.date):
        self._train, self._test, self._reader, self._today = train, test, reader, today
        self._folder = tempfile.TemporaryDirectory(prefix="peipao-bench-")
        # A cache of one: no sentence of the test is met twice unless a variant is about that.
        self._embedder = CountingEmbedder(1)
        self._path = Path(self._folder.name) / "intents"
        self._vectors = KeptVectors(Path(self._folder.name) / "vectors.npz", self._embedder)
        began = time.monotonic()
        self._vectors.vectors([text for text, _ in train])
        self.embedding_s = time.monotonic() - began

    def rows(self) -> Iterator[Row]:
        """A row as soon as it is measured; training includes the sentences' vectors where they are used."""
        yield self._fitted("n-grams alone", embed=False, distilled=False)
        yield self._with_words()
        yield self._fitted("n-grams, distilled vectors", embed=False)
        always, trained = self._fit(distilled=False)
        always.settings.sure = 1.1
        yield self._measured("embeddings on every message", always, trained)
        model, trained = self._fit()
        yield self._measured("cascade (shipped): embeddings in doubt", model, trained)
        model.save(self._path)
        cached = IntentModel.load(self._path, Embedder(len(self._test)))
        self._asked(cached.predict)
        yield self._measured("  the same sentences again (LRU cache)", cached, None)

    def threads(self, many: int = 2) -> tuple[float, float]:
        """Vectors a second with one thread and with ``many``."""
        texts = [text for text, _ in self._test[:200]]
        speeds = []
        for threads in (1, many):
            with ThreadPoolExecutor(threads) as pool:
                began = time.monotonic()
                list(pool.map(Embedder(size=1).vector, texts))
                speeds.append(len(texts) / (time.monotonic() - began))
        return speeds[0], speeds[1]

    def _fit(self, *, embed: bool = True, distilled: bool = True) -> tuple[IntentModel, float]:
        began = time.monotonic()
        model = IntentModel.fit(
            self._train,
            self._reader,
            embedder=self._embedder,
            embed=embed,
            distilled=distilled,
            source=self._vectors,
        )
        trained = time.monotonic() - began
        return model, trained + (self.embedding_s if embed or distilled else 0.0)

    def _fitted(self, name: str, *, embed: bool, distilled: bool = True) -> Row:
        model, trained = self._fit(embed=embed, distilled=distilled)
        return self._measured(name, model, trained)

    def _measured(self, name: str, model: IntentModel, trained: float | None) -> Row:
        model.save(self._path)
        size = sum(file.stat().st_size for file in self._path.parent.glob("intents.*")) / 2**20
        before = self._embedder.needed
        rankings, times = self._asked(model.predict)
        share = (self._embedder.needed - before) / len(self._test)
        return self._row(name, rankings, times, trained, size, share if trained else None)

    def _with_words(self) -> Row:
        """Words of jieba beside the n-grams, without vectors."""
        import jieba

        jieba.setLogLevel(60)
        jieba.initialize()
        began = time.monotonic()
        intents = sorted({intent for _, intent in self._train})
        labels = np.array([intents.index(intent) for _, intent in self._train], dtype=np.int64)
        readings = [self._reader.read(text, today=self._today) for text, _ in self._train]

        def counts(reading: Reading) -> Counter[str]:
            text = template(reading)
            return grams(text) + Counter(f"word {word}" for word in jieba.cut(text))

        def cues(reading: Reading) -> list[float]:
            return [0.5 * value for value in cue_values(reading)]

        counted = [counts(reading) for reading in readings]
        space = GramSpace.fit(counted)
        dense = np.array([cues(reading) for reading in readings], dtype=np.float32)
        linear = fit_linear(sparse_rows(space, counted), labels, 12.0, None, dense)
        trained = time.monotonic() - began

        def tell(text: str, reading: Reading) -> Ranking:
            shown = np.array(cues(reading), dtype=np.float32)
            chances = softmax(linear.logits(*space.sparse(counts(reading)), shown))
            return sorted(zip(intents, map(float, chances), strict=True), key=lambda one: -one[1])

        rankings, times = self._asked(tell)
        size = (linear.weights.nbytes + sum(len(gram.encode()) for gram in space.vocabulary)) / 2**20
        return self._row("n-grams and jieba's words", rankings, times, trained, size, 0.0)

    def _asked(self, tell: Tell) -> tuple[list[Ranking], list[float]]:
        """Rankings, and milliseconds of all of understanding: reading and intent."""
        rankings, times = [], []
        for text, _ in self._test:
            began = time.perf_counter()
            rankings.append(tell(text, self._reader.read(text, today=self._today)))
            times.append((time.perf_counter() - began) * 1000)
        return rankings, times

    def _row(
        self,
        name: str,
        rankings: list[Ranking],
        times: list[float],
        trained: float | None,
        size: float,
        share: float | None,
    ) -> Row:
        accuracy, auroc = scored([intent for _, intent in self._test], rankings)
        return Row(
            name=name,
            accuracy=accuracy,
            auroc=auroc,
            p50_ms=percentile(sorted(times), 0.5),
            p95_ms=percentile(sorted(times), 0.95),
            training_s=trained,
            size_mb=size,
            embedded=share,
        )


async def in_rasa(name: str, config: str, train: Sequence[Example], test: Sequence[Example]) -> Row:
    """Trains a Rasa NLU pipeline and asks it, each step in a fresh process of the engine's environment.

    Raises BenchError where one fails.
    """
    with tempfile.TemporaryDirectory(prefix="peipao-bench-") as place:
        folder = Path(place)
        (folder / "data").mkdir()
        (folder / "config.yml").write_text(config, "utf-8")
        examples = [{"text": text, "intent": intent} for text, intent in train]
        data = {"rasa_nlu_data": {"common_examples": examples}}
        (folder / "data" / "nlu.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
        (folder / "sentences.json").write_text(json.dumps([text for text, _ in test]), "utf-8")
        # A cache of its own: the training must be a first one.
        environ = engine_environ(PEIPAO_KEPT_VECTORS=str(folder / "vectors.npz"))
        for step in ("train", "ask"):
            command = [str(engine_python()), "-m", "bot.bench.understanding_rasa", step, place]
            what = f"{name}: {step}"
            await finished(command, cwd=folder, env=environ, log=folder / f"{step}.log", what=what)
        trained = json.loads((folder / "train.json").read_text("utf-8"))
        asked = json.loads((folder / "ask.json").read_text("utf-8"))
    accuracy, auroc = scored([intent for _, intent in test], asked["rankings"])
    times = sorted(asked["times_ms"])
    return Row(
        name=name,
        accuracy=accuracy,
        auroc=auroc,
        p50_ms=percentile(times, 0.5),
        p95_ms=percentile(times, 0.95),
        load_s=asked["load_s"],
        memory_mb=asked["memory_mb"],
        **trained,
    )


def stock_config(epochs: int) -> str:
    """The stock bot's pipeline without its policies."""
    return CONFIG.format(epochs=epochs).split("policies:")[0]
