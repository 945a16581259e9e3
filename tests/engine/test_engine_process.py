"""The engine is started, watched, restarted and stopped; a small stand-in plays the engine."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from structlog.testing import capture_logs

from bot import engine_process
from bot.engine_process import EngineError, EngineProcess, address_file, restart_delay, running_engine
from bot.settings import Settings

FAKE = Path(__file__).with_name("fake_engine.py")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The stand-in's folder; write `mode` to make it misbehave."""
    (tmp_path / "mode").write_text("good")
    starter = tmp_path / "python"
    starter.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{FAKE}" "{tmp_path}" "$@"\n')
    starter.chmod(0o755)
    model = tmp_path / "model.tar.gz"
    model.touch()
    monkeypatch.setattr(engine_process, "engine_python", lambda: starter)
    monkeypatch.setattr(engine_process, "model_path", lambda: model)
    monkeypatch.setattr(engine_process, "FIRST_DELAY_S", 0.05)
    monkeypatch.setattr(engine_process, "HEARTBEAT_S", 0.1)
    monkeypatch.setattr(engine_process, "STOP_S", 0.3)
    return tmp_path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "var", engine_secret="s" * 32)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_it_is_ready_and_ends(folder, settings):
    async with EngineProcess(settings) as engine:
        await engine.wait_ready(20)
        pid = engine.pid
        assert engine.state == "ready"
        assert engine.seconds_to_ready is not None
        assert await running_engine(settings) == engine.url
    assert pid is not None
    assert not alive(pid)
    assert engine.state == "stopped"
    assert not address_file(settings).exists()
    assert await running_engine(settings) is None


async def test_a_killed_engine_comes_back(folder, settings):
    async with EngineProcess(settings) as engine:
        await engine.wait_ready(20)
        first = engine.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        await until(lambda: engine.starts == 2)
        await engine.wait_ready(20)
        assert engine.pid != first


async def test_an_engine_that_no_longer_answers_is_replaced(folder, settings):
    async with EngineProcess(settings) as engine:
        await engine.wait_ready(20)
        (folder / "deaf").touch()
        await until(lambda: engine.starts == 2)
        (folder / "deaf").unlink()
        await engine.wait_ready(20)


async def test_an_engine_that_will_not_end_is_killed(folder, settings):
    (folder / "mode").write_text("stubborn")
    async with EngineProcess(settings) as engine:
        await engine.wait_ready(20)
        pid = engine.pid
    assert pid is not None
    assert not alive(pid)


async def test_one_that_dies_at_once_is_tried_again_and_its_words_are_redacted(folder, settings):
    (folder / "mode").write_text("dies")
    with capture_logs() as logs:
        async with EngineProcess(settings) as engine:
            await until(lambda: engine.starts >= 3)
            with pytest.raises(EngineError, match="没有就绪"):
                await engine.wait_ready(0.01)
    told = json.dumps(logs, ensure_ascii=False)
    assert "no model for" in told
    assert "王" not in told
    assert "13812345678" not in told
    delays = [entry["restart_in_s"] for entry in logs if "restart_in_s" in entry]
    assert delays == sorted(delays)
    assert delays[0] < delays[-1]


async def test_what_is_no_json_is_logged_redacted(folder, settings):
    with capture_logs() as logs:
        async with EngineProcess(settings) as engine:
            await engine.wait_ready(20)
            await until(lambda: any("line" in entry for entry in logs))
    told = json.dumps(logs, ensure_ascii=False)
    assert "Traceback" in told
    assert "13812345678" not in told


async def test_the_engine_gets_its_secret_and_no_other_of_ours(folder, settings, monkeypatch):
    monkeypatch.setenv("PEIPAO_KEYS", "a key for personal data")
    monkeypatch.setenv("PEIPAO_DATABASE_URL", "postgresql://u:p@h/d")
    async with EngineProcess(settings) as engine:
        await engine.wait_ready(20)
    environ = json.loads((folder / "environ.json").read_text())
    assert environ["PEIPAO_ENGINE_SECRET"] == settings.engine_secret
    assert environ["PEIPAO_ACTION_URL"].startswith("http://127.0.0.1:")
    assert "PEIPAO_KEYS" not in environ
    assert "PEIPAO_DATABASE_URL" not in environ


async def test_what_is_missing_is_said_before_anything_starts(folder, settings, monkeypatch):
    with pytest.raises(EngineError, match="PEIPAO_ENGINE_SECRET"):
        await EngineProcess(msgspec.structs.replace(settings, engine_secret="")).start()
    monkeypatch.setattr(engine_process, "model_path", lambda: folder / "none")
    with pytest.raises(EngineError, match="make setup"):
        await EngineProcess(settings).start()


async def test_a_stale_address_is_not_believed(folder, settings):
    address_file(settings).parent.mkdir(parents=True)
    address_file(settings).write_text('{"url": "http://127.0.0.1:9", "pid": 1}')
    assert await running_engine(settings) is None
    address_file(settings).write_text("not json")
    assert await running_engine(settings) is None


def test_delays_double_and_stay_bounded():
    delays = [restart_delay(failures) for failures in range(1, 12)]
    assert delays[:4] == [0.5, 1.0, 2.0, 4.0]
    assert delays[-1] == engine_process.LONGEST_DELAY_S
