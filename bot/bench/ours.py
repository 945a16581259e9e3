"""Measures this service: `peipao serve` as people run it, on the embedded database, with the settle times as
they are: none of the bench's lines looks unfinished, so none is held back."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import msgspec

from bot.bench.evaluation import Sentence, accuracy, likeliest
from bot.bench.processes import BenchError, cpu_seconds, running, seconds_until, weigh
from bot.bench.result import Measured
from bot.bench.talk import Say, percentile, time_turns
from bot.engine_process import free_port, running_engine
from bot.settings import ROOT, Settings, with_engine_secret


async def _answers(client: httpx.AsyncClient, path: str) -> bool:
    try:
        return (await client.get(path)).status_code == 200
    except httpx.HTTPError:
        return False


async def measure(
    folder: Path, *, loads: list[tuple[int, int]], sentences: list[Sentence]
) -> tuple[Measured, float]:
    """Starts the service in `folder`, talks to it and ends it.

    `loads` are pairs of conversations at once and rounds. Returns the numbers, and the seconds after which
    the app answered while its engine was still loading.
    """
    port = free_port()
    log = folder / "serve.log"
    environ = {
        **os.environ,
        "PEIPAO_PORT": str(port),
        "PEIPAO_DATA_DIR": str(folder),
        "PEIPAO_RATE_PER_MINUTE": "0",
        "PEIPAO_LOG_LEVEL": "WARNING",
    }
    command = [str(Path(sys.executable).with_name("peipao")), "serve"]
    async with (
        running(command, cwd=ROOT, env=environ, log=log) as pid,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client,
    ):
        began = time.monotonic()
        await seconds_until(lambda: _answers(client, "/healthz"), pid=pid, what="the app", log=log)
        app_s = time.monotonic() - began
        await seconds_until(lambda: _answers(client, "/readyz"), pid=pid, what="the engine", log=log)
        measured = Measured(name="peipao", ready_s=time.monotonic() - began)

        async def begin(number: int) -> Say:
            session: str | None = None

            async def say(text: str) -> None:
                nonlocal session
                answer = await client.post("/api/v1/chat", json={"session": session, "text": text})
                if answer.status_code != 200:
                    raise BenchError(f"the app answered {answer.status_code}: {answer.text[:200]}")
                body = answer.json()
                session = body["session"]
                if not body["replies"]:
                    raise BenchError(f"no reply to {text}")

            return say

        await time_turns(begin, conversations=2, rounds=1)
        for conversations, rounds in loads:
            timing = await time_turns(
                begin, conversations=conversations, rounds=rounds, cpu_s=lambda: cpu_seconds(pid)
            )
            measured.timings.append(timing)
        measured.processes = weigh(pid)
        if sentences:
            await _measure_parse(measured, folder, sentences)
    return measured, app_s


async def _measure_parse(measured: Measured, folder: Path, sentences: list[Sentence]) -> None:
    settings = with_engine_secret(Settings(data_dir=folder))
    url = await running_engine(settings)
    if url is None:
        raise BenchError("the engine cannot be found")
    headers = {"Authorization": f"Bearer {settings.engine_secret}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=60, trust_env=False) as client:

        async def intent_of(sentence: Sentence) -> str:
            body: dict[str, Any] = {"text": sentence.text, "asked": sentence.asked}
            answer = await client.post("/webhooks/gateway/parse", content=msgspec.json.encode(body))
            answer.raise_for_status()
            return likeliest(answer.json()["intent_ranking"])

        measured.intent_accuracy, times = await accuracy(sentences, intent_of)
    measured.parse_p50_ms = percentile(times, 0.5)
    measured.parse_p95_ms = percentile(times, 0.95)
