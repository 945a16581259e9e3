"""What the tests of 公众号 and 微信客服 stand on: a database and the platforms on real ports."""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import count
from pathlib import Path

import httpx
import msgspec
import pytest
import structlog
from app_fakes import SECRET, FakeDialogue, FakeEngine, served
from database_templates import KEY, SqliteTemplate
from sqlalchemy import func, select, text, update
from weixin_peer import ACCOUNT, AES_KEY, APP_ID, CORP_ID, TOKEN, Peer, xml_of
from weixin_server import KFID, FakeWeChat, FakeWeCom

from bot.cases.clock import now
from bot.cases.database import Database, metadata
from bot.cases.models import Message, Outbox
from bot.cases.sealing import load_sealer
from bot.channels.wechat.account import OfficialAccount
from bot.channels.wechat.routes import PATH
from bot.channels.wechat.settings import wechat_settings
from bot.channels.wecom.account import ServiceAccount
from bot.channels.wecom.settings import wecom_settings
from bot.logs import configure_logs
from bot.settings import Settings
from bot.web.app import assemble, make_services
from bot.web.services import Services

_NUMBERS = count(24_000_000_000)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers, root.level
    configure_logs(Settings(log_format="json"))
    yield
    root.handlers, root.level = before, level
    structlog.reset_defaults()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: SqliteTemplate) -> str:
    """The address of a migrated database without rows: what works with it runs once on each kind."""
    if request.param == "sqlite":
        return sqlite_template.copy(tmp_path)
    address: str = request.getfixturevalue("postgres_database")
    return address


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
def settings(tmp_path: Path, database_url: str, platform: FakeWeChat, wecom: FakeWeCom) -> Settings:
    return Settings(
        data_dir=tmp_path,
        database_url=database_url,
        engine_secret=SECRET,
        keys=base64.b64encode(KEY).decode(),
        engine_timeout_s=2.0,
        # Further lines are awaited elsewhere: here each message is its own turn.
        settle_ms={"wechat": 0, "wecom": 0},
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


async def raw(database: Database) -> str:
    """Everything in the database as it lies there, sealed fields as bytes."""
    async with database.read() as session:
        found = []
        for name in metadata.tables:
            # Without the model nothing is opened.
            found += [repr(tuple(row)) for row in await session.execute(text(f'SELECT * FROM "{name}"'))]
    return "\n".join(found)


class Firm:
    """A follower's WeChat, with the platform between it and the app at `url`."""

    def __init__(self, client: httpx.AsyncClient, platform: FakeWeChat, peer: Peer, person: str) -> None:
        self.client = client
        self.platform = platform
        self.peer = peer
        self.person = person

    def message(self, kind: str = "text", **elements: object) -> str:
        """What the platform will send, as XML; it opens the time for customer-service messages."""
        if kind != "event":
            elements |= {"MsgId": next(_NUMBERS)}
            self.platform.quotas.touched(self.person, "message")
        elif elements["Event"] in ("CLICK", "SCAN", "subscribe"):
            self.platform.quotas.touched(self.person, "event")
        return xml_of(
            ToUserName=ACCOUNT,
            FromUserName=self.person,
            CreateTime=int(now().timestamp()),
            MsgType=kind,
            **elements,
        )

    async def deliver(self, message: str) -> dict[str, str] | str:
        """Sends it; the elements of the answer, or the word `success`."""
        query, body = self.peer.request(message, now())
        response = await self.client.post(PATH, params=query, content=body)
        assert response.status_code == 200, response.text
        return "success" if response.text == "success" else self.peer.read(response.text)

    async def say(self, words: str) -> str:
        """The words of the answer that came with the request."""
        answer = await self.deliver(self.message(Content=words))
        assert not isinstance(answer, str), "the answer did not come in time"
        return answer["Content"]


class Dialogue(FakeDialogue):
    """Knows a menu's keys too."""

    def parse_payload(self, payload: str) -> dict[str, object]:
        if payload.startswith("intent:"):
            return {"intent": payload.removeprefix("intent:")}
        return super().parse_payload(payload)


class App(msgspec.Struct):
    """A running app."""

    services: Services
    client: httpx.AsyncClient

    async def until_sent(self) -> None:
        """Returns when the outbox has nothing left to send; what is put off is due at once."""
        query = select(func.count()).where(Outbox.status.in_(("queued", "sending")))
        due = update(Outbox).where(Outbox.status == "queued").values(next_try_at=now())
        async with asyncio.timeout(10):
            while True:
                async with self.services.database.write() as session:
                    await session.execute(due)
                await self.services.sender.send_due()
                async with self.services.database.read() as session:
                    if not await session.scalar(query):
                        return
                await asyncio.sleep(0.01)

    async def until_answered(self) -> None:
        """Returns when every message that was stored is answered."""
        query = select(func.count()).where(Message.status == "stored")
        async with asyncio.timeout(10):
            while True:
                async with self.services.database.read() as session:
                    if not await session.scalar(query):
                        return
                await asyncio.sleep(0.01)


Start = Callable[..., AbstractAsyncContextManager[App]]


@pytest.fixture
def start(settings: Settings, engine: FakeEngine) -> Start:
    """Starts an app; `more` changes settings of the channels, `settle_ms` how long further lines are awaited
    (by channel; empty for the service's own times)."""

    @asynccontextmanager
    async def run(settle_ms: dict[str, int] | None = None, **more: str) -> AsyncIterator[App]:
        changed = msgspec.structs.replace(settings, engine_url=engine.url, more={**settings.more, **more})
        if settle_ms is not None:
            changed = msgspec.structs.replace(changed, settle_ms=settle_ms)
        sealer = load_sealer(changed)
        services = make_services(changed, Dialogue(), sealer)
        app = assemble(services, sealer, [])
        async with (
            served(app, lifespan="on") as url,
            httpx.AsyncClient(base_url=url, trust_env=False, timeout=20) as client,
        ):
            yield App(services, client)

    return run
