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
from weixin_peer import AES_KEY, APP_ID, CORP_ID, TOKEN
from weixin_server import KFID, FakeWeChat, FakeWeCom

from bot.cases.database import Database
from bot.cases.migrate import upgrade
from bot.cases.sealing import Sealer, load_sealer
from bot.channels.wechat.account import OfficialAccount
from bot.channels.wechat.settings import wechat_settings
from bot.channels.wecom.account import ServiceAccount
from bot.channels.wecom.settings import wecom_settings
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
async def wecom() -> AsyncIterator[FakeWeCom]:
    fake = FakeWeCom()
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
def settings(tmp_path: Path, migrated_file: Path, platform: FakeWeChat, wecom: FakeWeCom) -> Settings:
    copy = shutil.copy(migrated_file, tmp_path / "peipao.sqlite3")
    return Settings(
        data_dir=tmp_path,
        database_url=f"sqlite:///{copy}",
        engine_secret=SECRET,
        keys=base64.b64encode(KEY).decode(),
        engine_timeout_s=2.0,
        more={
            "WECHAT_APP_ID": APP_ID,
            "WECHAT_APP_SECRET": "app-secret",
            "WECHAT_TOKEN": TOKEN,
            "WECHAT_AES_KEY": AES_KEY,
            "WECHAT_API_URL": platform.url,
            "WECOM_CORP_ID": CORP_ID,
            "WECOM_SECRET": "corp-secret",
            "WECOM_TOKEN": TOKEN,
            "WECOM_AES_KEY": AES_KEY,
            "WECOM_OPEN_KFID": KFID,
            "WECOM_API_URL": wecom.url,
        },
    )


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    opened = Database(settings.database, load_sealer(settings))
    yield opened
    await opened.close()


@pytest.fixture
async def account(settings: Settings, database: Database) -> AsyncIterator[OfficialAccount]:
    made = OfficialAccount(wechat_settings(settings), database)
    yield made
    await made.close()


@pytest.fixture
async def service_account(settings: Settings, database: Database) -> AsyncIterator[ServiceAccount]:
    made = ServiceAccount(wecom_settings(settings), database)
    yield made
    await made.close()
