"""One Rasa NLU pipeline trained, loaded and asked in a process of its own; runs in the engine's environment.

`python -m bot.bench.understanding_rasa train|ask FOLDER`: the folder holds config.yml, data/nlu.json and
sentences.json; the outcome is written to train.json or ask.json. Both bots are measured by this same code.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import sys
import time
from pathlib import Path


def _environment() -> None:
    # Without telemetry, debug logging and a search for jax, for both bots alike.
    os.environ.update(
        RASA_TELEMETRY_ENABLED="false",
        LOG_LEVEL="WARNING",
        TF_CPP_MIN_LOG_LEVEL="3",
        CUDA_VISIBLE_DEVICES="-1",
        RASA_MAX_CACHE_SIZE="0",
        SQLALCHEMY_SILENCE_UBER_WARNING="1",
    )
    from bot.engine import patches

    patches.skip_unused_imports()


def resident_mb() -> float:
    """Resident memory of this process."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def train(folder: Path) -> dict[str, float]:
    """Seconds of a training, Rasa's import included."""
    began = time.monotonic()
    from rasa.model_training import train_nlu

    with contextlib.redirect_stdout(io.StringIO()):
        made = train_nlu(
            config=str(folder / "config.yml"),
            nlu_data=str(folder / "data"),
            output=str(folder / "models"),
            fixed_model_name="model",
        )
    if not made:
        raise RuntimeError("Rasa made no model")
    size = (folder / "models" / "model.tar.gz").stat().st_size
    return {"training_s": time.monotonic() - began, "size_mb": size / 2**20}


async def ask(folder: Path) -> dict[str, object]:
    """Seconds of loading, memory, and ranking and milliseconds of each sentence."""
    sentences: list[str] = json.loads((folder / "sentences.json").read_text("utf-8"))
    began = time.monotonic()
    from rasa.core.agent import Agent

    agent = Agent.load(str(folder / "models" / "model.tar.gz"))
    await agent.parse_message("你好")
    load_s = time.monotonic() - began
    rankings, times = [], []
    for sentence in sentences:
        start = time.perf_counter()
        parsed = await agent.parse_message(sentence)
        times.append((time.perf_counter() - start) * 1000)
        rankings.append([(one["name"], one["confidence"]) for one in parsed["intent_ranking"]])
    return {"load_s": load_s, "memory_mb": resident_mb(), "rankings": rankings, "times_ms": times}


def main(what: str, place: str) -> None:
    """Runs one step and writes its outcome into the folder."""
    _environment()
    folder = Path(place)
    outcome = train(folder) if what == "train" else asyncio.run(ask(folder))
    (folder / f"{what}.json").write_text(json.dumps(outcome), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:3])
