"""A conversation with the pure dialogue, on the real catalog, the intents given."""

from __future__ import annotations

import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.catalog.load import load_catalog
from bot.decision.judge import Decider
from bot.dialogue.respond import direct, engine_down, respond
from bot.dialogue.turn import Services
from bot.understanding import lexicon_of
from bot.understanding.learned import trained_reader

TODAY = datetime.date(2026, 11, 24)
ROOT = Path(__file__).parent.parent.parent
STORY = "我们是做芯片的,成立三年,6项发明专利,去年营收1500万,没抵押,想贷300万周转"


class Silent:
    """A knowledge base in which nothing is found."""

    def answer(self, question: str, k: int = 3) -> list[Any]:
        return []

    def compose(self, question: str, hits: Any) -> str:
        return ""


@lru_cache(maxsize=1)
def services() -> Services:
    catalog = load_catalog(ROOT / "catalog")
    return Services(Decider(catalog), trained_reader(lexicon_of(catalog)), Silent())


class Talk:
    """Keeps the state between turns, as the app does."""

    def __init__(self, context: dict[str, Any] | None = None) -> None:
        self.state: dict[str, Any] = {}
        self.context = context or {}
        self.effects: list[dict[str, Any]] = []
        self.replies: list[dict[str, Any]] = []

    def say(self, intent: str, text: str, **more: Any) -> str:
        return self._keep(
            respond(
                services(), intent, text=text, state=self.state, today=TODAY, context=self.context, **more
            )
        )

    def press(self, key: str) -> str:
        return self._keep(direct(services(), key, state=self.state, today=TODAY, context=self.context))

    def lose_engine(self, text: str) -> str:
        return self._keep(engine_down(services(), text=text, state=self.state, today=TODAY))

    def _keep(self, output: dict[str, Any]) -> str:
        self.state, self.effects, self.replies = output["state"], output["effects"], output["replies"]
        return "\n".join(reply["text"] for reply in self.replies)

    @property
    def buttons(self) -> list[str]:
        return [button["payload"] for reply in self.replies for button in reply.get("buttons", [])]

    def verdict(self, product: str) -> str:
        return next(item["verdict"] for item in self.state["ranking"] if item["product"] == product)
