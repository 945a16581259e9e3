"""What WeChat lets us send: counted as it counts, shown to the officer, and never sent twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from app_fakes import FakeEngine
from sqlalchemy import select
from weixin_peer import APP_ID, Peer
from weixin_server import FakeWeChat
from weixin_stage import App, Firm, Start

from bot.cases import quotas
from bot.cases.case_models import Officer
from bot.cases.clock import now
from bot.cases.database import Database
from bot.cases.models import Conversation, Door, Message, Outbox
from bot.cases.officers import add_officer
from bot.channels.base import NotSent, Parcel, TryLater
from bot.channels.wechat.account import OfficialAccount
from bot.channels.wechat.api import Unclear
from bot.channels.wechat.channel import WechatChannel
from bot.conversation.handling import claim, write
from bot.conversation.intake import open_door
from bot.conversation.wire import Reply

FIRM = "oFirm"


class Clock:
    """A clock that is moved by hand, for us and for the platform."""

    def __init__(self) -> None:
        self.at = now()

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock(platform: FakeWeChat) -> Clock:
    moved = Clock()
    platform.clock = moved
    return moved


@pytest.fixture
async def door(database: Database) -> int:
    return (await open_door(database, "wechat", APP_ID, FIRM, keep_address=True)).id


@pytest.fixture
def channel(database: Database, account: OfficialAccount, clock: Clock) -> WechatChannel:
    return WechatChannel(database, account, clock)


async def did(database: Database, platform: FakeWeChat, door: int, by: str, clock: Clock) -> None:
    """The firm writes (`message`) or presses the menu (`event`), here and at the platform."""
    platform.quotas.touched(FIRM, by)
    allowed, lasts = (5, 48 * 3600.0) if by == "message" else (3, 60.0)
    async with database.write() as session:
        await quotas.grant(session, door, by, allowed, lasts, clock())


def parcel(text: str, *, confirmed: tuple[str, ...] = ()) -> Parcel:
    reply = Reply(text)
    return Parcel("1", "wechat", APP_ID, FIRM, reply, "officer", 1, text=text, confirmed=confirmed)


async def left(database: Database, door: int, clock: Clock) -> int:
    async with database.read() as session:
        return await quotas.left(session, door, clock())


async def test_five_for_a_message_within_two_days(
    database: Database, platform: FakeWeChat, channel: WechatChannel, door: int, clock: Clock
) -> None:
    await did(database, platform, door, "message", clock)
    for number in range(5):
        assert await left(database, door, clock) == 5 - number
        await channel.send(parcel(f"第{number}条"))
    with pytest.raises(NotSent, match="不允许再发"):
        await channel.send(parcel("第六条"))
    assert len(platform.sent) == 5
    # The sixth was not even asked for.
    assert platform.count("/cgi-bin/message/custom/send") == 5

    clock.at += timedelta(hours=1)
    await did(database, platform, door, "message", clock)
    assert await left(database, door, clock) == 5
    clock.at += timedelta(hours=47, minutes=59)
    await channel.send(parcel("还来得及"))
    clock.at += timedelta(minutes=1)
    assert await left(database, door, clock) == 0
    with pytest.raises(NotSent):
        await channel.send(parcel("太晚了"))
    assert [text for _, text in platform.sent][-1] == "还来得及"


async def test_three_within_a_minute_of_the_menu(
    database: Database, platform: FakeWeChat, channel: WechatChannel, door: int, clock: Clock
) -> None:
    await did(database, platform, door, "event", clock)
    for number in range(3):
        await channel.send(parcel(f"第{number}条"))
    with pytest.raises(NotSent):
        await channel.send(parcel("第四条"))
    clock.at += timedelta(seconds=10)
    await did(database, platform, door, "event", clock)
    clock.at += timedelta(seconds=61)
    with pytest.raises(NotSent):
        await channel.send(parcel("一分钟以后"))
    assert len(platform.sent) == 3


async def test_both_allowances_add_up_and_the_short_one_goes_first(
    database: Database, platform: FakeWeChat, channel: WechatChannel, door: int, clock: Clock
) -> None:
    await did(database, platform, door, "message", clock)
    await did(database, platform, door, "event", clock)
    assert await left(database, door, clock) == 8
    await channel.send(parcel("一"))
    clock.at += timedelta(minutes=2)
    assert await left(database, door, clock) == 5


async def test_what_comes_late_does_not_renew_the_allowance(
    database: Database, platform: FakeWeChat, channel: WechatChannel, door: int, clock: Clock
) -> None:
    await did(database, platform, door, "message", clock)
    await channel.send(parcel("一"))
    clock.at -= timedelta(seconds=1)
    await did(database, platform, door, "message", clock)
    assert await left(database, door, clock) == 4


@pytest.mark.parametrize(
    ("code", "words", "remaining"),
    [(45047, "条数已经用完", 0), (45015, "48小时", 0), (43004, "没有关注", 0), (48001, "接口权限", 5)],
)
async def test_the_platforms_count_wins_over_ours(
    database: Database,
    platform: FakeWeChat,
    channel: WechatChannel,
    door: int,
    clock: Clock,
    code: int,
    words: str,
    remaining: int,
) -> None:
    await did(database, platform, door, "message", clock)
    platform.trouble("/cgi-bin/message", code)
    with pytest.raises(NotSent, match=words):
        await channel.send(parcel("一"))
    assert await left(database, door, clock) == remaining


async def test_what_was_not_delivered_is_not_counted(
    database: Database, platform: FakeWeChat, channel: WechatChannel, door: int, clock: Clock
) -> None:
    await did(database, platform, door, "message", clock)
    platform.trouble("/cgi-bin/message", -1)
    with pytest.raises(TryLater):
        await channel.send(parcel("一"))
    assert await left(database, door, clock) == 5
    platform.trouble("/cgi-bin/message", (502, b""))
    with pytest.raises(Unclear):
        await channel.send(parcel("一"))
    assert await left(database, door, clock) == 4, "it may have been delivered"


async def test_a_long_message_goes_on_where_it_was_stopped(
    database: Database, platform: FakeWeChat, channel: WechatChannel, door: int, clock: Clock
) -> None:
    await did(database, platform, door, "message", clock)
    whole = "".join(f"第{number}句说明材料和条件。" for number in range(150))
    ok = (200, {"errcode": 0})
    platform.trouble("/cgi-bin/message", ok, -1)
    with pytest.raises(TryLater) as stopped:
        await channel.send(parcel(whole))
    assert stopped.value.confirmed == ("1",)
    await channel.send(parcel(whole, confirmed=stopped.value.confirmed))
    rest = "".join(text for _, text in platform.sent)
    assert whole.endswith(rest)
    assert 0 < len(rest.encode()) <= len(whole.encode()) - 1000


async def test_nobody_is_written_to_who_never_wrote(
    channel: WechatChannel, platform: FakeWeChat, door: int
) -> None:
    with pytest.raises(NotSent):
        await channel.send(parcel("您好"))
    assert platform.asked == []


# ── With the whole app: what becomes of the rows ──


@pytest.fixture
async def app(start: Start) -> AsyncIterator[App]:
    async with start(WECHAT_REPLY_S="0.05") as running:
        yield running


async def late_answer(app: App, platform: FakeWeChat, engine: FakeEngine) -> None:
    engine.gate.clear()
    firm = Firm(app.client, platform, Peer(secure=True), FIRM)
    assert await firm.deliver(firm.message(Content="想贷300万")) == "success"
    engine.gate.set()
    await app.until_answered()


async def outcome(app: App) -> list[tuple[str, str | None]]:
    async with app.services.database.read() as session:
        found = await session.execute(select(Outbox.status, Outbox.error).order_by(Outbox.id))
        return [(status, error) for status, error in found]


async def test_a_repeat_does_not_renew_the_allowance(
    app: App, platform: FakeWeChat, engine: FakeEngine
) -> None:
    firm = Firm(app.client, platform, Peer(secure=True), FIRM)
    engine.gate.clear()
    message = firm.message(Content="想贷300万")
    assert await firm.deliver(message) == "success"
    engine.gate.set()
    await app.until_answered()
    await app.until_sent()
    assert len(platform.sent) == 1
    assert await firm.deliver(message) == "success"
    async with app.services.database.read() as session:
        door = (await session.scalars(select(Door))).one()
        assert await quotas.left(session, door.id, now()) == 4
    assert len(platform.sent) == 1


async def test_a_busy_platform_gets_it_later_and_once(
    app: App, platform: FakeWeChat, engine: FakeEngine
) -> None:
    platform.trouble("/cgi-bin/message", (429, {}))
    await late_answer(app, platform, engine)
    await app.until_sent()
    assert len(platform.sent) == 1
    assert platform.count("/cgi-bin/message/custom/send") == 2
    assert {status for status, _ in await outcome(app)} == {"sent"}


async def test_what_may_have_arrived_is_not_sent_again(
    app: App, platform: FakeWeChat, engine: FakeEngine
) -> None:
    platform.trouble("/cgi-bin/message", (502, b""))
    await late_answer(app, platform, engine)
    await app.until_sent()
    assert set(await outcome(app)) == {("unknown", "不确定对方是否收到")}
    assert platform.count("/cgi-bin/message/custom/send") == 1


async def test_a_refused_one_is_shown_as_not_sent(app: App, platform: FakeWeChat, engine: FakeEngine) -> None:
    platform.trouble("/cgi-bin/message", 45047)
    await late_answer(app, platform, engine)
    await app.until_sent()
    status, error = (await outcome(app))[0]
    assert status == "failed"
    assert error is not None
    assert "条数已经用完" in error
    async with app.services.database.read() as session:
        door = (await session.scalars(select(Door))).one()
        assert await quotas.left(session, door.id, now()) == 0


async def officers_words(app: App, number: str, officer: Officer, words: str) -> str:
    """An officer writes; what became of it."""
    async with app.services.database.read() as session:
        version = (await session.scalars(select(Conversation.version))).one()
    async with app.services.database.write() as session:
        await write(session, number, officer, version, words)
    await app.until_sent()
    async with app.services.database.read() as session:
        query = select(Outbox.status).join(Message, Message.id == Outbox.message_id)
        own = query.where(Message.officer_id == officer.id).order_by(Outbox.id.desc()).limit(1)
        return (await session.scalars(own)).one()


async def test_an_officer_has_five_and_the_rest_is_shown_as_not_sent(
    start: Start, platform: FakeWeChat
) -> None:
    async with start() as app:
        firm = Firm(app.client, platform, Peer(secure=True), FIRM)
        await firm.say("做芯片的，想贷300万")
        number = (await firm.say("1"))[3:20].split("，")[0]
        async with app.services.database.write() as session:
            officer = await add_officer(session, "wang", "correct horse", title="王专员")
        async with app.services.database.write() as session:
            await claim(session, number, officer)
        await app.until_sent()
        # That somebody has taken over is a message too.
        told = len(platform.sent)
        outcomes = [await officers_words(app, number, officer, f"第{n}句") for n in range(6 - told)]
        assert outcomes == ["sent"] * (5 - told) + ["failed"]
        assert len(platform.sent) == 5
        # While a person answers, the bot is silent: the platform hears that the message arrived.
        assert await firm.deliver(firm.message(Content="好的")) == "success"
        assert await officers_words(app, number, officer, "又能写了") == "sent"
        assert platform.sent[-1] == (FIRM, "又能写了")
