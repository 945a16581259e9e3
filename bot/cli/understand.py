"""`peipao understand`: what the engine reads out of sentences."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import click
import httpx
import msgspec

from bot.cli import jsonl
from bot.cli.failures import plain_failures
from bot.engine_process import EngineError, some_engine
from bot.settings import load_settings

PARSE = "/webhooks/gateway/parse"


def _flat(text: str, parsed: dict[str, Any]) -> dict[str, Any]:
    """The contract's answer out of the engine's."""
    reading = parsed["reading"]
    # Unsure, the dialogue asks back; the contract's answer is the likeliest intent all the same.
    intent, confidence = next(iter(parsed["intent_ranking"]), (parsed["intent"], parsed["confidence"]))
    return {
        "text": text,
        "intent": intent,
        "confidence": round(confidence, 4),
        "facts": reading["facts"],
        "bounds": reading["bounds"],
        "more_facts": reading["more_facts"],
        "products": reading["products"],
        "aspect": reading["aspect"],
    }


def parse(client: httpx.Client, text: str, asked: str | None = None) -> dict[str, Any]:
    """One sentence understood by the engine. Raises LineError where the engine refuses it."""
    answer = client.post(PARSE, content=msgspec.json.encode({"text": text, "asked": asked}))
    if answer.status_code == 400:
        raise jsonl.LineError(answer.json()["error"])
    answer.raise_for_status()
    return _flat(text, answer.json())


async def _answer_lines() -> int:
    async with some_engine(load_settings(), say=lambda line: click.echo(line, err=True)) as (url, secret):
        headers = {"Authorization": f"Bearer {secret}"}
        with httpx.Client(base_url=url, headers=headers, timeout=30, trust_env=False) as client:

            def handle(line: dict[str, Any]) -> dict[str, Any]:
                text = jsonl.field(line, "text", str)
                return parse(client, text, jsonl.field(line, "asked", str, required=False))

            # Standard input blocks: a thread of its own, so that the engine stays watched.
            return await asyncio.to_thread(jsonl.run, handle)


@click.command()
@click.option("--jsonl", "lines", is_flag=True, required=True, help="JSON objects in, one a line; JSON out.")
def understand(lines: bool) -> None:
    """Read intent, facts, products and aspect out of sentences.

    Reads {"text": …, "asked"?: fact} and answers {"text", "intent", "confidence", "facts", "bounds",
    "more_facts", "products", "aspect"}. Uses the running engine, or starts and stops its own (about 10 s).
    A line that cannot be read is answered with {"error": …}; the exit code is then 1.

    Example: echo '{"text": "想贷300万周转"}' | peipao understand --jsonl
    """
    with plain_failures():
        try:
            failed = asyncio.run(_answer_lines())
        except (EngineError, httpx.HTTPError) as error:
            raise click.ClickException(f"引擎用不了：{error}") from None
    sys.exit(1 if failed else 0)
