"""One script at four doors: kiosk, WeChat, 微信客服 and Telegram end with the same facts and verdicts.

The real dialogue on the real catalog; only the engine's choice of an intent is written down here.
"""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import AsyncIterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import httpx
import msgspec
import pytest
from app_fakes import FakeEngine, served
from database_templates import SqliteTemplate
from fake_bot_api import TOKEN, FakeBotApi
from sqlalchemy import select
from telegram_person import Bot, press
from weixin_peer import CORP_ID, Peer, xml_of
from weixin_server import KFID, FakeWeChat, FakeWeCom
from weixin_stage import App, Firm

from bot.cases.clock import now
from bot.cases.models import Conversation, Door, Message
from bot.cases.sealing import load_sealer
from bot.channels.wecom.routes import PATH as WECOM_PATH
from bot.conversation.live import LiveDialogue, load_dialogue
from bot.dialogue.respond import respond
from bot.dialogue.turn import Current, Services
from bot.settings import ROOT, Settings
from bot.web.app import assemble, make_services

STORY = "我们是做芯片的,成立三年,6项发明专利,去年营收1500万,没抵押,想贷300万周转"
CHECK = "科企梯度贷我们能申请吗"
# What the engine makes of each sentence.
INTENTS = {STORY: "seek_funding", CHECK: "check_eligibility"}
IN_THE_REGISTER = "set:is_cq_tech_enterprise:true"
WEBHOOK_SECRET = "webhook-secret"


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: SqliteTemplate) -> str:
    """One kind of database only: nothing here depends on it."""
    return sqlite_template.copy(tmp_path)


@lru_cache(maxsize=1)
def real() -> Services:
    return load_dialogue(ROOT / "catalog", cache=ROOT / "models" / "knowledge")


def think(body: dict[str, Any]) -> dict[str, Any]:
    """What the engine does, with the intents above."""
    return respond(
        real(),
        (body["payload"] or {}).get("intent") or INTENTS[body["text"]],
        text=body["text"],
        state=body["state"],
        today=datetime.date.fromisoformat(body["today"]),
        payload=body["payload"],
        context=body["context"],
    )


@pytest.fixture
async def bot_api() -> AsyncIterator[FakeBotApi]:
    fake = FakeBotApi()
    async with served(fake) as url:
        fake.url = url
        yield fake


@pytest.fixture
async def app(settings: Settings, engine: FakeEngine, bot_api: FakeBotApi) -> AsyncIterator[App]:
    telegram = {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_URL": bot_api.url,
        "TELEGRAM_SECRET": WEBHOOK_SECRET,
        "TELEGRAM_PUBLIC_URL": "https://peipao.example",
    }
    engine.think = think
    changed = msgspec.structs.replace(
        settings,
        engine_url=engine.url,
        settle_ms={"wechat": 0, "wecom": 0, "telegram": 0, "kiosk": 0},
        more=settings.more | telegram,
    )
    sealer = load_sealer(changed)
    services = make_services(changed, LiveDialogue(Current(real())), sealer)
    async with (
        served(assemble(services, sealer, []), lifespan="on") as url,
        httpx.AsyncClient(base_url=url, trust_env=False, timeout=30) as client,
    ):
        yield App(services, client)


class Way(Protocol):
    """A person at one door."""

    async def say(self, words: str) -> None: ...

    async def choose(self, key: str) -> None:
        """Takes the choice that stands for `key`, as the door offers it."""


async def settled(app: App) -> None:
    await app.until_answered()
    await app.until_sent()


async def label_of(app: App, channel: str, key: str) -> str:
    """The number before the choice `key` in the door's last answer."""
    async with app.services.database.read() as session:
        query = select(Message).where(Message.channel == channel, Message.author == "bot")
        messages = list(await session.scalars(query.order_by(Message.id)))
    last = [message for message in messages if message.reply_to == messages[-1].reply_to]
    buttons = [button for message in last for button in message.body.get("buttons", [])]
    return str([button["payload"] for button in buttons].index(key) + 1)


class AtKiosk:
    def __init__(self, app: App) -> None:
        self._app = app
        self._session: str | None = None

    async def _post(self, body: dict[str, Any]) -> None:
        headers = {"X-Peipao-Channel": "kiosk", "X-Peipao-Kiosk": "k1"}
        body = {"session": self._session, **body}
        answer = await self._app.client.post("/api/v1/chat", json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        self._session = answer.json()["session"]

    async def say(self, words: str) -> None:
        await self._post({"text": words})

    async def choose(self, key: str) -> None:
        await self._post({"payload": key})


class OverWechat:
    def __init__(self, app: App, platform: FakeWeChat) -> None:
        self._app = app
        self._firm = Firm(app.client, platform, Peer(secure=True), "oFirm")

    async def say(self, words: str) -> None:
        await self._firm.deliver(self._firm.message(Content=words))
        await settled(self._app)

    async def choose(self, key: str) -> None:
        await self.say(await label_of(self._app, "wechat", key))


class OverWecom:
    def __init__(self, app: App, platform: FakeWeCom) -> None:
        self._app = app
        self._platform = platform
        self._said = 0

    async def say(self, words: str) -> None:
        self._platform.wrote("wmFirm", content=words)
        self._said += 1
        bell = xml_of(
            ToUserName=CORP_ID,
            CreateTime=int(now().timestamp()),
            MsgType="event",
            Event="kf_msg_or_event",
            Token="bell",
            OpenKfId=KFID,
        )
        query, body = Peer(secure=True, work=True).request(bell, now())
        assert (await self._app.client.post(WECOM_PATH, params=query, content=body)).status_code == 200
        mine = select(Message).where(Message.channel == "wecom", Message.author == "firm")
        async with asyncio.timeout(20):
            while True:
                async with self._app.services.database.read() as session:
                    if len(list(await session.scalars(mine))) == self._said:
                        break
                await asyncio.sleep(0.01)
        await settled(self._app)

    async def choose(self, key: str) -> None:
        await self.say(await label_of(self._app, "wecom", key))


class OverTelegram:
    def __init__(self, app: App, api: FakeBotApi) -> None:
        self._app = app
        self._api = api
        self._bot = Bot(app.services, app.client, api, WEBHOOK_SECRET)

    async def say(self, words: str) -> None:
        await self._bot.say(words)
        await settled(self._app)

    async def choose(self, key: str) -> None:
        place = int(await label_of(self._app, "telegram", key)) - 1
        (chat,) = self._api.shown
        offered = [button for message in self._api.shown[chat] for button in message["buttons"]]
        title = await self._title(place)
        await self._bot.deliver(press(next(b for b in reversed(offered) if b["text"] == title), chat))
        await settled(self._app)

    async def _title(self, place: int) -> str:
        async with self._app.services.database.read() as session:
            query = select(Message).where(Message.channel == "telegram", Message.author == "bot")
            messages = list(await session.scalars(query.order_by(Message.id)))
        last = [message for message in messages if message.reply_to == messages[-1].reply_to]
        return [str(b["title"]) for message in last for b in message.body.get("buttons", [])][place]


async def script(way: Way) -> None:
    """A need, a product asked about, and one choice."""
    await way.say(STORY)
    await way.say(CHECK)
    await way.choose(IN_THE_REGISTER)


async def outcome(app: App, channel: str) -> tuple[dict[str, Any], list[dict[str, Any]], list[str]]:
    """Facts, ranking with verdicts, and all that the bot said."""
    async with app.services.database.read() as session:
        door = (await session.scalars(select(Door).where(Door.channel == channel))).one()
        conversation = await session.get_one(Conversation, door.conversation_id)
        query = select(Message).where(Message.door_id == door.id, Message.author == "bot")
        said = [message.body["text"] for message in await session.scalars(query.order_by(Message.id))]
    return conversation.state["facts"], conversation.state["ranking"], said


def answers(said: list[str]) -> list[str]:
    return [text for text in said if "个人信息告知" not in text]


async def test_four_doors_one_verdict(
    app: App, platform: FakeWeChat, wecom: FakeWeCom, bot_api: FakeBotApi
) -> None:
    ways: dict[str, Way] = {
        "kiosk": AtKiosk(app),
        "wechat": OverWechat(app, platform),
        "wecom": OverWecom(app, wecom),
        "telegram": OverTelegram(app, bot_api),
    }
    for way in ways.values():
        await script(way)
    outcomes = {channel: await outcome(app, channel) for channel in ways}
    facts, ranking, said = outcomes["kiosk"]
    assert facts["is_cq_tech_enterprise"] is True
    assert facts["revenue_wan"] == 1500
    verdicts = {one["product"]: one["verdict"] for one in ranking}
    assert verdicts["tiered_loan"] == "meets_published"
    assert any("满足已公布条件" in text for text in said)
    for channel, (own_facts, own_ranking, own_said) in outcomes.items():
        assert own_facts == facts, channel
        assert own_ranking == ranking, channel
        # The notice differs where the talk leaves the country; what is answered does not.
        assert [text for text in own_said if "告知" not in text] == [t for t in said if "告知" not in t], (
            channel
        )
