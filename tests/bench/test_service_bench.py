"""What the bench computes and prints; the measuring itself is `make bench`."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from bot.bench.evaluation import Sentence, accuracy, held_out, likeliest
from bot.bench.processes import BenchError, Weight, cpu_seconds, finished, running, seconds_until, weigh
from bot.bench.result import Measured, table
from bot.bench.talk import SENTENCES, Timing, percentile, time_turns
from bot.conversation.settling import looks_unfinished


@pytest.mark.parametrize(
    ("values", "share", "wanted"),
    [([1.0], 0.95, 1.0), ([1.0, 2.0, 3.0, 4.0], 0.5, 2.0), ([float(n) for n in range(1, 101)], 0.95, 95.0)],
)
def test_percentiles_are_nearest_ranks(values, share, wanted):
    assert percentile(values, share) == wanted


def test_no_values_no_percentile():
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


async def test_every_conversation_says_everything_in_order():
    said: dict[int, list[str]] = {}

    async def begin(number: int):
        said[number] = []

        async def say(text: str) -> None:
            await asyncio.sleep(0)
            said[number].append(text)

        return say

    timing = await time_turns(begin, conversations=3, rounds=2)
    assert timing.turns == 6 * len(SENTENCES)
    assert said == {number: list(SENTENCES) for number in range(6)}


def measured(name: str, turns_per_s: float, ready_s: float) -> Measured:
    timings = [Timing(many, 10, turns_per_s, 5.0, 9.0) for many in (1, 32)]
    return Measured(name=name, ready_s=ready_s, timings=timings, processes=[Weight(name, 100.0)])


def test_ratios_say_how_many_times_better():
    lines = table(measured("ours", 60.0, 10.0), measured("stock", 20.0, 40.0))
    assert next(line for line in lines if "1 conversation: turns/s" in line).split()[-1] == "3.0×"
    assert next(line for line in lines if "start to first answer" in line).split()[-1] == "4.0×"
    assert sum("memory:" in line for line in lines) == 2


def test_alone_there_are_no_ratios():
    assert not any("×" in line for line in table(measured("ours", 60.0, 10.0), None))


def test_asking_back_is_no_intent():
    assert likeliest([("nlu_fallback", 0.3), ("inform", 0.3)]) == "inform"
    assert likeliest([]) == ""


async def test_any_of_a_sentence_s_intents_is_right(tmp_path):
    file = tmp_path / "held_out.jsonl"
    lines = [
        {"text": "a", "intents": ["x", "y"]},
        {"text": "b", "intents": ["z"], "facts": {}},
        {"text": "c"},
    ]
    file.write_text("\n".join(map(json.dumps, lines)))
    sentences = held_out(file)
    assert [sentence.text for sentence in sentences] == ["a", "b"]

    async def always(sentence: Sentence) -> str:
        return "y"

    share, times = await accuracy(sentences, always)
    assert share == 0.5
    assert len(times) == 2


async def test_a_process_that_dies_is_told_with_its_last_words(tmp_path: Path):
    log = tmp_path / "log"
    command = [sys.executable, "-c", "print('no such thing'); raise SystemExit(3)"]

    async def never() -> bool:
        return False

    async with running(command, cwd=tmp_path, env=os.environ, log=log) as pid:
        with pytest.raises(BenchError, match="no such thing"):
            await seconds_until(never, pid=pid, what="it", log=log, timeout_s=20)


async def test_processes_are_weighed_with_their_children(tmp_path: Path):
    # The child says when its own program runs: between fork and exec it weighs next to nothing.
    child = "import signal; open('up', 'w').close(); signal.pause()"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    async with running(
        [sys.executable, "-c", code], cwd=tmp_path, env=os.environ, log=tmp_path / "log"
    ) as pid:

        async def up() -> bool:
            return (tmp_path / "up").exists()

        await seconds_until(up, pid=pid, what="it", log=tmp_path / "log", timeout_s=20)
        weights = weigh(pid)
        assert len(weights) == 2
        assert all(weight.memory_mb > 1 for weight in weights)


async def test_a_command_must_end_well(tmp_path: Path):
    log = tmp_path / "log"
    good = [sys.executable, "-c", "pass"]
    bad = [sys.executable, "-c", "print('broken data'); raise SystemExit(2)"]
    endless = [sys.executable, "-c", "import signal; signal.pause()"]
    await finished(good, cwd=tmp_path, env=os.environ, log=log, what="it")
    with pytest.raises(BenchError, match=r"code 2:\nbroken data"):
        await finished(bad, cwd=tmp_path, env=os.environ, log=log, what="it")
    with pytest.raises(BenchError, match="not done"):
        await finished(endless, cwd=tmp_path, env=os.environ, log=log, what="it", timeout_s=0.2)


def test_no_line_of_the_bench_is_held_back_for_more():
    # The first two come before anything was asked.
    assert not any(looks_unfinished(line, asked=number > 1) for number, line in enumerate(SENTENCES))


async def test_cpu_time_counts_children_and_grows(tmp_path: Path):
    # It works until its group is ended.
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'while True: pass'])"
    log = tmp_path / "log"
    async with running([sys.executable, "-c", code], cwd=tmp_path, env=os.environ, log=log) as pid:

        async def half_a_second() -> bool:
            seen.append(cpu_seconds(pid))
            return seen[-1] >= 0.4

        seen: list[float] = []
        await seconds_until(half_a_second, pid=pid, what="it", log=log, timeout_s=60)
    assert seen == sorted(seen)


async def test_cpu_time_is_shared_among_the_turns():
    used = iter([10.0, 10.0 + len(SENTENCES) * 0.004])

    async def begin(number: int):
        async def say(text: str) -> None: ...

        return say

    timing = await time_turns(begin, conversations=1, rounds=1, cpu_s=lambda: next(used))
    assert timing.cpu_ms == pytest.approx(4.0)
    assert (await time_turns(begin, conversations=1, rounds=1)).cpu_ms is None
