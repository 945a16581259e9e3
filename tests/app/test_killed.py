"""The app's process killed with SIGKILL while it works: nothing is lost, nothing is said twice."""

from __future__ import annotations

import asyncio
import base64
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from app_fakes import SECRET, FakeEngine
from app_harness import Client

pytestmark = pytest.mark.slow
HERE = Path(__file__).parent
ROOT = HERE.parents[1]


class App:
    """A process on a fixed port; `start` and `kill` as often as a test likes."""

    def __init__(self, engine: FakeEngine, database_url: str, data_dir: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PEIPAO_")},
            "PYTHONPATH": f"{ROOT}:{HERE}",
            "PEIPAO_PORT": str(self.port),
            "PEIPAO_DATA_DIR": str(data_dir),
            "PEIPAO_DATABASE_URL": database_url,
            "PEIPAO_ENGINE_URL": engine.url,
            "PEIPAO_ENGINE_SECRET": SECRET,
            "PEIPAO_ENGINE_TIMEOUT_S": "30",
            "PEIPAO_KEYS": base64.b64encode(b"k" * 32).decode(),
            "PEIPAO_LOG_LEVEL": "WARNING",
        }
        self.process: asyncio.subprocess.Process | None = None

    async def start(self, client: Client) -> None:
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, str(HERE / "app_process.py"), env=self.environment, cwd=ROOT
        )
        while True:
            assert self.process.returncode is None, "the app ended at its start"
            try:
                if (await client.get("/healthz")).status_code == 200:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.05)

    async def end(self, how: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        return await self.process.wait()


@pytest.fixture
async def app(engine: FakeEngine, database_url: str, tmp_path: Path) -> AsyncIterator[App]:
    running = App(engine, database_url, tmp_path)
    yield running
    if running.process is not None and running.process.returncode is None:
        await running.end(signal.SIGKILL)


@asynccontextmanager
async def firm(app: App) -> AsyncIterator[Client]:
    async with Client(base_url=f"http://127.0.0.1:{app.port}", trust_env=False, timeout=60) as client:
        yield client


async def test_killed_while_the_engine_thinks(app: App, engine: FakeEngine) -> None:
    async with firm(app) as client:
        await app.start(client)
        session = (await client.say(None, "你好"))["session"]
        engine.gate.clear()
        engine.arrived.clear()
        sent = asyncio.create_task(client.say(session, "想贷300万", message_id="m1"))
        await engine.arrived.wait()
        await app.end(signal.SIGKILL)
        with pytest.raises(httpx.TransportError):
            await sent
        engine.gate.set()
        await app.start(client)
        # The page sends again what got no answer; whether the start-up or this came first does not matter.
        answer = await client.say(session, "想贷300万", message_id="m1")
        assert answer["replies"][0]["text"] == "收到：想贷300万"
        assert answer["state"]["facts"] == {"turns": 2}
        shown = (await client.get("/api/v1/chat", headers={"X-Peipao-Session": session})).json()
        lines = [line for line in shown["messages"] if (line.get("card") or {}).get("kind") != "notice"]
        assert [(line["author"], line["text"]) for line in lines] == [
            ("firm", "你好"),
            ("bot", "收到：你好"),
            ("firm", "想贷300万"),
            ("bot", "收到：想贷300万"),
        ]


async def test_killed_with_a_case_in_the_making_gives_one_case(app: App, engine: FakeEngine) -> None:
    async with firm(app) as client:
        await app.start(client)
        session = (await client.say(None, "你好"))["session"]
        engine.gate.clear()
        engine.arrived.clear()
        sent = asyncio.create_task(client.say(session, payload="human", message_id="h1"))
        await engine.arrived.wait()
        await app.end(signal.SIGKILL)
        await asyncio.gather(sent, return_exceptions=True)
        engine.gate.set()
        await app.start(client)
        answers = await asyncio.gather(
            *(client.say(session, payload="human", message_id="h1") for _ in range(3))
        )
        assert {answer["state"]["case"]["number"][-5:] for answer in answers} == {"-0001"}
