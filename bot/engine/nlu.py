"""Rasa's graph components around `bot.understanding`: what a sentence says, and what it wants."""

from __future__ import annotations

import datetime
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.catalog.load import load_catalog
from bot.engine.training import ROOT, phase, training_vectors
from bot.understanding.intents import IntentModel
from bot.understanding.learned import trained_reader
from bot.understanding.lexicon import lexicon_of
from bot.understanding.reader import Reader
from bot.understanding.reading import Mention, Reading

FALLBACK_INTENT = "nlu_fallback"
#: The Reading itself, for the component behind in the pipeline; not part of Rasa's output.
READING_OBJECT = "peipao_reading"
SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))


@lru_cache(maxsize=1)
def shared_reader() -> Reader:
    """The reader of this process, on the catalog of the working folder (or PEIPAO_CATALOG_DIR)."""
    folder = Path(os.environ.get("PEIPAO_CATALOG_DIR") or ROOT / "catalog")
    with phase("读句子的规则与权重"):
        return trained_reader(lexicon_of(load_catalog(folder)))


def read_message(message: Message) -> Reading:
    """What the message says. The person's own text and the asked fact travel in the metadata."""
    metadata = message.get("metadata") or {}
    text = metadata.get("text")
    today = metadata.get("today")
    return shared_reader().read(
        text if isinstance(text, str) else message.get(TEXT) or "",
        asked=metadata.get("asked"),
        today=datetime.date.fromisoformat(today) if today else datetime.datetime.now(SHANGHAI).date(),
    )


def fact_entity(mention: Mention) -> dict[str, Any]:
    """A stated fact as one of Rasa's entities; start and end are places in the person's own text."""
    return {
        "entity": "fact",
        "role": mention.fact,
        "value": mention.value,
        "start": mention.start,
        "end": mention.end,
        "extractor": "PeipaoUnderstanding",
    }


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class PeipaoUnderstanding(GraphComponent, EntityExtractorMixin):
    """Reads facts, products and aspect out of a sentence, from its characters."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PeipaoUnderstanding:
        """A component; the catalog is read here, so that a broken one stops the start."""
        shared_reader()
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets `entities` and `reading` of every message."""
        for message in messages:
            reading = read_message(message)
            message.set(ENTITIES, [fact_entity(mention) for mention in reading.mentions], add_to_output=True)
            # The whole Reading goes to the action, which need not read the sentence again.
            message.set("reading", msgspec.to_builtins(reading), add_to_output=True)
            message.set(READING_OBJECT, reading)
        return messages


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class PeipaoIntentClassifier(IntentClassifier, GraphComponent):
    """What a sentence wants. Unsure or torn between two, it says `nlu_fallback` and keeps the ranking."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`threshold`: least probability of the first intent; `margin`: least lead over the second."""
        return {"threshold": 0.4, "margin": 0.08, "ranking": 5}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None,
    ) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PeipaoIntentClassifier:
        """An untrained classifier."""
        return cls(config, model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> PeipaoIntentClassifier:
        """The trained classifier out of the model archive."""
        with model_storage.read_from(resource) as folder:
            model = IntentModel.load(Path(folder) / "intents")
        return cls(config, model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from the examples of data/nlu and keeps the weights in the model."""
        examples = [
            (example.get(TEXT), example.get(INTENT))
            for example in training_data.intent_examples
            if example.get(TEXT) and example.get(INTENT)
        ]
        with phase("等待句向量"):
            training_vectors().vectors([text for text, _ in examples])
        with phase("意图分类器"):
            self._model = IntentModel.fit(examples, shared_reader(), source=training_vectors())
        with self._storage.write_to(self._resource) as folder:
            self._model.save(Path(folder) / "intents")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets `intent` and `intent_ranking` of every message."""
        assert self._model is not None
        for message in messages:
            reading = message.get(READING_OBJECT) or read_message(message)
            asked = (message.get("metadata") or {}).get("asked")
            ranked = [(str(name), float(p)) for name, p in self._model.predict(reading.text, reading, asked)]
            message.set(INTENT, self._decided(ranked), add_to_output=True)
            message.set(
                INTENT_RANKING_KEY,
                [{"name": name, "confidence": p} for name, p in ranked[: self._config["ranking"]]],
                add_to_output=True,
            )
        return messages

    def _decided(self, ranked: list[tuple[str, float]]) -> dict[str, Any]:
        name, first = ranked[0]
        second = ranked[1][1] if len(ranked) > 1 else 0.0
        if first < self._config["threshold"] or first - second < self._config["margin"]:
            return {"name": FALLBACK_INTENT, "confidence": first}
        return {"name": name, "confidence": first}
