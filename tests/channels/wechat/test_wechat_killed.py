"""The app's process killed while WeChat waits: the answer comes after the start, once."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from app_fakes import FakeEngine
from database_templates import SqliteTemplate
from sqlalchemy import func, select, update
from weixin_peer import Peer
from weixin_server import FakeWeChat, FakeWeCom
from weixin_stage import Firm

from bot.cases.clock import now
from bot.cases.database import Database
from bot.cases.models import Message, Outbox
from bot.settings import Settings

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[3]
PROCESS = ROOT / "tests" / "app" / "app_process.py"


class Process:
    """The app as a process of its own on a fixed port."""

    def __init__(self, settings: Settings, engine: FakeEngine) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        own = {
            "PORT": self.url.rsplit(":", 1)[1],
            "DATA_DIR": str(settings.data_dir),
            "DATABASE_URL": settings.database_url,
            "ENGINE_URL": engine.url,
            "ENGINE_SECRET": settings.engine_secret,
            "ENGINE_TIMEOUT_S": "30",
            "KEYS": settings.keys,
            "LOG_LEVEL": "ERROR",
            "SETTLE_MS": "wechat=0,wecom=0",
            **settings.more,
        }
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PEIPAO_")},
            "PYTHONPATH": f"{ROOT}:{PROCESS.parent}",
            **{f"PEIPAO_{name}": value for name, value in own.items()},
        }
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, str(PROCESS), env=self._environment, cwd=ROOT
        )
        async with httpx.AsyncClient(base_url=self.url, trust_env=False) as client, asyncio.timeout(60):
            while True:
                assert self._process.returncode is None, "the app ended at its start"
                try:
                    if (await client.get("/healthz")).status_code == 200:
                        return
                except httpx.TransportError:
                    await asyncio.sleep(0.05)

    async def kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
            await self._process.wait()


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: SqliteTemplate) -> str:
    """One kind of database only: what is killed here is the process, not the server."""
    return sqlite_template.copy(tmp_path)


@pytest.fixture
async def process(settings: Settings, engine: FakeEngine) -> AsyncIterator[Process]:
    running = Process(settings, engine)
    yield running
    await running.kill()


@asynccontextmanager
async def follower(process: Process, platform: FakeWeChat, person: str = "oFirm") -> AsyncIterator[Firm]:
    async with httpx.AsyncClient(base_url=process.url, trust_env=False, timeout=20) as client:
        yield Firm(client, platform, Peer(secure=True), person)


async def stored(database: Database, count: int) -> None:
    """Returns when so many messages of firms are stored."""
    async with asyncio.timeout(20):
        while True:
            async with database.read() as session:
                query = select(func.count()).where(Message.author == "firm")
                if (await session.scalar(query) or 0) >= count:
                    return
            await asyncio.sleep(0.01)


async def delivered(database: Database) -> list[str]:
    """The status of every row of the outbox, when nothing is on its way any more; what is put off is due."""
    due = update(Outbox).where(Outbox.status == "queued", Outbox.attempts > 0).values(next_try_at=now())
    async with asyncio.timeout(60):
        while True:
            async with database.write() as session:
                await session.execute(due)
            async with database.read() as session:
                open_messages = await session.scalar(select(func.count()).where(Message.status == "stored"))
                statuses = list(await session.scalars(select(Outbox.status).order_by(Outbox.id)))
            if not open_messages and not {"queued", "sending"} & set(statuses):
                return statuses
            await asyncio.sleep(0.2)


async def test_killed_before_the_answer(
    process: Process, platform: FakeWeChat, engine: FakeEngine, database: Database
) -> None:
    await process.start()
    engine.gate.clear()
    async with follower(process, platform) as firm:
        message = firm.message(Content="想贷300万")
        request = asyncio.create_task(firm.deliver(message))
        await stored(database, 1)
        await process.kill()
        with pytest.raises(httpx.TransportError):
            await request
        engine.gate.set()
        await process.start()
        # The platform has had no answer and asks again; or it gave up already.
        again = await firm.deliver(message)
    assert set(await delivered(database)) == {"sent"}
    # Either the repeated request carried it, or one customer-service message: never both.
    assert isinstance(again, dict) + len(platform.sent) == 1


async def test_killed_before_the_answer_and_never_asked_again(
    process: Process, platform: FakeWeChat, engine: FakeEngine, database: Database
) -> None:
    await process.start()
    engine.gate.clear()
    async with follower(process, platform) as firm:
        request = asyncio.create_task(firm.deliver(firm.message(Content="想贷300万")))
        await stored(database, 1)
        await process.kill()
        await asyncio.gather(request, return_exceptions=True)
    engine.gate.set()
    await process.start()
    assert set(await delivered(database)) == {"sent"}
    assert [person for person, _ in platform.sent] == ["oFirm"]


async def test_many_talks_over_a_platform_that_often_fails_and_three_kills(
    process: Process,
    platform: FakeWeChat,
    wecom: FakeWeCom,
    engine: FakeEngine,
    database: Database,
) -> None:
    rng = random.Random(random.randrange(2**32))
    platform.fails = wecom.fails = lambda path: "send" in path and rng.random() < 0.2
    # Not more than may be answered without hearing from the person again.
    people, each = 12, 5
    words = {f"o{number}": [f"第{number}家第{nth}句" for nth in range(each)] for number in range(people)}
    passive: list[tuple[str, str]] = []

    async def talk(person: str) -> None:
        async with follower(process, platform, person) as firm:
            for line in words[person]:
                message = firm.message(Content=line)
                # The platform delivers until it hears something.
                while True:
                    try:
                        answer = await firm.deliver(message)
                    except httpx.TransportError:
                        await asyncio.sleep(0.05)
                        continue
                    if isinstance(answer, dict):
                        passive.append((person, answer["Content"]))
                    break

    await process.start()
    talks = [asyncio.create_task(talk(person)) for person in words]
    for number in range(people):
        for nth in range(each):
            wecom.wrote(f"wm{number}", content=f"第{number}位第{nth}句")
    for kill in range(3):
        await stored(database, 10 + 30 * kill)
        await process.kill()
        await process.start()
    await asyncio.gather(*talks)
    await stored(database, 2 * people * each)
    statuses = await delivered(database)
    assert set(statuses) <= {"sent", "unknown"}
    said = passive + platform.sent + wecom.sent
    texts = [text for _, text in said]
    for person, lines in words.items():
        own = [text for whom, text in said if whom == person]
        for line in lines:
            assert sum(text.startswith(f"收到：{line}\n") for text in own) <= 1, line
    # What a killed process was just handing over is shown as not known; nothing else is missing.
    missing = 2 * people * each - len([text for text in texts if text.startswith("收到：")])
    assert missing <= statuses.count("unknown")
    async with database.read() as session:
        inbound = await session.scalars(select(Message.body).where(Message.author == "firm"))
        heard = sorted(body["text"] for body in inbound)
    wrote = [line for lines in words.values() for line in lines]
    wrote += [f"第{number}位第{nth}句" for number in range(people) for nth in range(each)]
    assert heard == sorted(wrote)
