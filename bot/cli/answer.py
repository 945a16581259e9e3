"""`peipao answer`: the passages that answer a policy question, given as JSON lines."""

from __future__ import annotations

from typing import Any

import click

from bot.catalog.load import load_catalog
from bot.cli import jsonl
from bot.knowledge import load_knowledge
from bot.settings import load_settings


@click.command()
@click.option("--jsonl", "as_jsonl", is_flag=True, required=True, help="JSON objects, one a line.")
def answer(as_jsonl: bool) -> None:
    """Answer policy questions: reads {"question"}, answers {"question","passages"}, best passage first."""
    settings = load_settings()
    knowledge = load_knowledge(
        settings.catalog_dir, load_catalog(settings.catalog_dir), cache=settings.models_dir / "knowledge"
    )

    def handle(line: dict[str, Any]) -> dict[str, Any]:
        question = jsonl.field(line, "question", str)
        return {
            "question": question,
            "passages": [
                {"id": hit.id, "text": hit.text, "source": hit.source, "score": hit.score}
                for hit in knowledge.answer(question)
            ],
        }

    raise SystemExit(1 if jsonl.run(handle) else 0)
