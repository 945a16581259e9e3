"""The app's process killed while WeChat waits: the answer comes after the start, once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from app_fakes import FakeEngine
from database_templates import SqliteTemplate
from weixin_peer import Peer
from weixin_process import Process, delivered, stored
from weixin_server import FakeWeChat
from weixin_stage import Firm

from bot.cases.database import Database
from bot.settings import Settings

pytestmark = pytest.mark.slow


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
