"""The app's process killed while Telegram delivers and refuses: nothing is lost and nothing comes twice."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from app_fakes import FakeEngine
from fake_bot_api import FakeBotApi, Refusal
from sqlalchemy import func, select, update
from telegram_person import WEBHOOK_SECRET, message

from bot.cases.clock import now
from bot.cases.database import Database
from bot.cases.models import Message, Outbox
from bot.cases.sealing import load_sealer
from bot.channels.telegram.routes import HEADER
from bot.channels.telegram.running import PATH
from bot.settings import Settings

pytestmark = [pytest.mark.slow, pytest.mark.asyncio]
ROOT = Path(__file__).resolve().parents[3]
PROCESS = ROOT / "tests" / "app" / "app_process.py"
PEOPLE, EACH = 12, 5


class Process:
    """The app as a process of its own on a fixed port."""

    def __init__(self, settings: Settings) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        own = {
            "PORT": self.url.rsplit(":", 1)[1],
            "DATA_DIR": str(settings.data_dir),
            "DATABASE_URL": settings.database_url,
            "ENGINE_URL": settings.engine_url,
            "ENGINE_SECRET": settings.engine_secret,
            "ENGINE_TIMEOUT_S": "30",
            "KEYS": settings.keys,
            "LOG_LEVEL": "ERROR",
            "SETTLE_MS": "telegram=0",
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
async def process(settings: Settings) -> AsyncIterator[Process]:
    running = Process(settings)
    yield running
    await running.kill()


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    opened = Database(settings.database, load_sealer(settings))
    yield opened
    await opened.close()


async def stored(database: Database, count: int) -> None:
    """Returns when so many messages of firms are stored."""
    async with asyncio.timeout(60):
        while True:
            async with database.read() as session:
                query = select(func.count()).where(Message.author == "firm")
                if (await session.scalar(query) or 0) >= count:
                    return
            await asyncio.sleep(0.01)


async def delivered(database: Database) -> list[str]:
    """The status of every row of the outbox, when nothing is on its way any more; what is put off is due."""
    due = update(Outbox).where(Outbox.status == "queued", Outbox.attempts > 0).values(next_try_at=now())
    async with asyncio.timeout(120):
        while True:
            async with database.write() as session:
                await session.execute(due)
            async with database.read() as session:
                open_messages = await session.scalar(select(func.count()).where(Message.status == "stored"))
                statuses = list(await session.scalars(select(Outbox.status).order_by(Outbox.id)))
            if not open_messages and not {"queued", "sending"} & set(statuses):
                return statuses
            await asyncio.sleep(0.2)


async def test_many_talks_over_a_platform_that_often_fails_and_three_kills(
    process: Process, api: FakeBotApi, engine: FakeEngine, database: Database
) -> None:
    dice = random.Random(random.randrange(2**32))
    troubles = (Refusal(500, "Internal Server Error"), Refusal(429, "Too Many Requests", after=1))
    api.trouble = lambda: dice.choice(troubles) if dice.random() < 0.2 else None
    words = {9_000 + number: [f"第{number}家第{nth}句" for nth in range(EACH)] for number in range(PEOPLE)}

    async def talk(chat: int) -> None:
        async with httpx.AsyncClient(base_url=process.url, trust_env=False, timeout=20) as client:
            for line in words[chat]:
                update_of = message(chat, text=line)
                # The platform delivers until it hears that the update is taken, and some twice.
                while True:
                    try:
                        answer = await client.post(PATH, json=update_of, headers={HEADER: WEBHOOK_SECRET})
                    except httpx.TransportError:
                        await asyncio.sleep(0.05)
                        continue
                    if answer.status_code == 200 and dice.random() < 0.8:
                        break

    await process.start()
    talks = [asyncio.create_task(talk(chat)) for chat in words]
    for kill in range(3):
        await stored(database, 10 + 15 * kill)
        await process.kill()
        await process.start()
    await asyncio.gather(*talks)
    statuses = await delivered(database)
    assert set(statuses) <= {"sent", "unknown"}
    answers = 0
    for chat, lines in words.items():
        shown = [one["text"] for one in api.shown.get(chat, []) if one["text"].startswith("收到：")]
        said = [text.removeprefix("收到：") for text in shown]
        assert max(Counter(said).values(), default=0) <= 1, said
        # In order, also where one had to be tried again.
        assert said == [line for line in lines if line in said]
        answers += len(said)
    # What a killed process was just handing over is shown as not known; nothing else is missing.
    assert PEOPLE * EACH - answers <= statuses.count("unknown")
    async with database.read() as session:
        heard = [
            one["text"] for one in await session.scalars(select(Message.body).where(Message.author == "firm"))
        ]
    assert sorted(heard) == sorted(line for lines in words.values() for line in lines)
