"""What the tests of 公众号 and 微信客服 stand on: a database and the platforms on real ports."""

from __future__ import annotations

import asyncio
import base64
import logging
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from app_fakes import SECRET, FakeEngine, served
from weixin_peer import AES_KEY, APP_ID, TOKEN
from weixin_server import FakeWeChat

from bot.cases.database import Database
from bot.cases.migrate import upgrade
from bot.cases.sealing import Sealer, load_sealer
from bot.channels.wechat.account import OfficialAccount
from bot.logs import configure_logs
from bot.settings import Settings

KEY = b"k" * 32


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers, root.level
    configure_logs(Settings(log_format="json"))
    yield
    root.handlers, root.level = before, level
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database of the newest form without any rows, to be copied."""
    file = tmp_path_factory.mktemp("template") / "peipao.sqlite3"

    async def make() -> None:
        database = Database(f"sqlite+aiosqlite:///{file}", Sealer([KEY]))
        await upgrade(database)
        await database.close()

    asyncio.run(make())
    return file


@pytest.fixture
async def platform() -> AsyncIterator[FakeWeChat]:
    fake = FakeWeChat()
    async with served(fake) as url:
        fake.url = url
        yield fake


@pytest.fixture
async def engine() -> AsyncIterator[FakeEngine]:
    fake = FakeEngine()
    async with served(fake) as url:
        fake.url = url
        yield fake
        fake.gate.set()


@pytest.fixture
def settings(tmp_path: Path, migrated_file: Path, platform: FakeWeChat) -> Settings:
    copy = shutil.copy(migrated_file, tmp_path / "peipao.sqlite3")
    return Settings(
        data_dir=tmp_path,
        database_url=f"sqlite:///{copy}",
        engine_secret=SECRET,
        keys=base64.b64encode(KEY).decode(),
        engine_timeout_s=2.0,
        wechat_app_id=APP_ID,
        wechat_app_secret="app-secret",
        wechat_token=TOKEN,
        wechat_aes_key=AES_KEY,
        wechat_api_url=platform.url,
    )


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    opened = Database(settings.database, load_sealer(settings))
    yield opened
    await opened.close()


@pytest.fixture
async def account(settings: Settings, database: Database) -> AsyncIterator[OfficialAccount]:
    made = OfficialAccount(settings, database)
    yield made
    await made.close()
