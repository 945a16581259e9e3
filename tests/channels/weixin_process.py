"""The app as a process of its own, to be killed, and what its database says afterwards."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

import httpx
from app_fakes import FakeEngine
from sqlalchemy import func, select, update

from bot.cases.clock import now
from bot.cases.database import Database
from bot.cases.models import Message, Outbox
from bot.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
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
            "SETTLE_MS": "wechat=0,wecom=0,telegram=0,kiosk=0",
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


async def stored(database: Database, count: int) -> None:
    """Returns when so many messages of firms are stored."""
    async with asyncio.timeout(120):
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
