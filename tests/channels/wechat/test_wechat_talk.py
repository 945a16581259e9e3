"""A firm talks over WeChat: every kind of message, in time and late, once whatever is repeated."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from app_fakes import FakeEngine
from sqlalchemy import select
from weixin_peer import Peer
from weixin_server import FakeWeChat
from weixin_stage import App, Firm, Start

from bot.cases import quotas
from bot.cases.clock import now
from bot.cases.models import Door, Message, Outbox
from bot.conversation.intake import new_session
from bot.conversation.wire import Inbound


@pytest.fixture
async def app(start: Start) -> AsyncIterator[App]:
    async with start() as running:
        yield running


@pytest.fixture(params=["secure", "plain"])
async def firm(request: pytest.FixtureRequest, start: Start, platform: FakeWeChat) -> AsyncIterator[Firm]:
    """A follower of an account in each mode."""
    secure = request.param == "secure"
    async with start(**({} if secure else {"WECHAT_AES_KEY": ""})) as running:
        yield Firm(running.client, platform, Peer(secure=secure), "oFirm")


@pytest.fixture
def follower(app: App, platform: FakeWeChat) -> Firm:
    return Firm(app.client, platform, Peer(secure=True), "oFirm")


async def rows(app: App) -> list[tuple[str, str | None]]:
    async with app.services.database.read() as session:
        found = await session.execute(select(Outbox.status, Outbox.platform_id).order_by(Outbox.id))
        return [(status, platform_id) for status, platform_id in found]


async def test_words_are_answered_within_the_request(firm: Firm, platform: FakeWeChat) -> None:
    answer = await firm.deliver(firm.message(Content="做芯片的，想贷300万"))
    assert isinstance(answer, dict)
    assert answer["ToUserName"] == "oFirm"
    assert answer["MsgType"] == "text"
    assert answer["Content"].startswith("收到：做芯片的，想贷300万")
    assert platform.sent == []


async def test_choices_are_numbered_and_the_number_is_understood(firm: Firm) -> None:
    shown = (await firm.say("想贷300万")).splitlines()
    assert shown[:2] == ["收到：想贷300万", "  1. 转专员"]
    assert (await firm.say("1")).startswith("编号 KC")


async def test_the_privacy_notice_comes_once(firm: Firm) -> None:
    assert "个人信息告知" in await firm.say("想贷300万")
    assert "个人信息告知" not in await firm.say("做芯片的")


async def test_words_that_look_like_xml_come_back_as_they_are(firm: Firm) -> None:
    words = "]]></Content><MsgType><![CDATA[news]]></MsgType>&lt;b&gt;"
    assert (await firm.say(words)).startswith(f"收到：{words}")


@pytest.mark.parametrize(
    ("kind", "elements", "heard"),
    [
        ("voice", {"MediaId": "m", "Format": "amr", "Recognition": "想贷三百万"}, "想贷三百万"),
        ("event", {"Event": "CLICK", "EventKey": "human"}, None),
    ],
)
async def test_other_kinds_are_understood(
    app: App, follower: Firm, engine: FakeEngine, kind: str, elements: dict[str, Any], heard: str | None
) -> None:
    answer = await follower.deliver(follower.message(kind, **elements))
    assert isinstance(answer, dict)
    if heard is None:
        assert answer["Content"].startswith("编号 KC")
    else:
        assert any(heard in text for text in engine.heard)


@pytest.mark.parametrize(
    ("kind", "elements"),
    [
        ("voice", {"MediaId": "m", "Format": "amr", "Recognition": ""}),
        ("video", {"MediaId": "m"}),
        ("location", {"Location_X": "29.5", "Location_Y": "106.3", "Label": "金凤镇"}),
        ("link", {"Title": "t", "Url": "https://example.com"}),
        ("something_new", {}),
    ],
)
async def test_what_cannot_be_read_gets_a_friendly_line(
    app: App, follower: Firm, engine: FakeEngine, kind: str, elements: dict[str, Any]
) -> None:
    answer = await follower.deliver(follower.message(kind, **elements))
    assert isinstance(answer, dict)
    assert "文字" in answer["Content"] or "打字" in answer["Content"]
    assert engine.calls == []


async def test_a_new_follower_is_greeted(app: App, follower: Firm, engine: FakeEngine) -> None:
    answer = await follower.deliver(follower.message("event", Event="subscribe", EventKey=""))
    assert isinstance(answer, dict)
    assert [call["payload"] for call in engine.calls] == [{"intent": "greet"}]


async def test_who_leaves_gets_no_answer_and_nothing_is_sent_after(
    app: App, follower: Firm, platform: FakeWeChat
) -> None:
    await follower.say("想贷300万")
    left = await follower.deliver(follower.message("event", Event="unsubscribe", EventKey=""))
    assert left == "success"
    async with app.services.database.read() as session:
        door = (await session.scalars(select(Door))).one()
        assert await quotas.left(session, door.id, now()) == 0
    assert platform.sent == []


async def test_opened_pages_and_reported_places_are_taken_silently(app: App, follower: Firm) -> None:
    for event in ("VIEW", "LOCATION", "TEMPLATESENDJOBFINISH"):
        assert await follower.deliver(follower.message("event", Event=event, EventKey="k")) == "success"
    async with app.services.database.read() as session:
        assert list(await session.scalars(select(Message))) == []


async def test_a_late_answer_goes_out_as_exactly_one_message(
    start: Start, platform: FakeWeChat, engine: FakeEngine
) -> None:
    async with start(WECHAT_REPLY_S="0.05") as app:
        firm = Firm(app.client, platform, Peer(secure=True), "oFirm")
        engine.think = lambda body: {
            "replies": [
                {"text": "第一段"},
                {"text": "第二段", "buttons": [{"title": "好", "payload": "human"}]},
            ],
            "state": {},
            "effects": [],
        }
        engine.gate.clear()
        assert await firm.deliver(firm.message(Content="想贷300万")) == "success"
        engine.gate.set()
        await app.until_answered()
        await app.until_sent()
        # Two bubbles and the privacy notice.
        assert [person for person, _ in platform.sent] == ["oFirm"]
        assert platform.sent[0][1].startswith("第一段\n\n第二段\n  1. 好\n\n【个人信息告知")
        assert await rows(app) == [("sent", None)] * 3


def waiting(app: App) -> int:
    """How many requests wait for an answer."""
    waiters = app.services.conversations._waiters
    return sum(len(futures) for one in waiters._futures.values() for futures in one.values())


async def test_three_requests_at_once_make_one_turn_and_one_answer(
    app: App, follower: Firm, platform: FakeWeChat, engine: FakeEngine
) -> None:
    engine.gate.clear()
    message = follower.message(Content="想贷300万")
    requests = [asyncio.create_task(follower.deliver(message)) for _ in range(3)]
    async with asyncio.timeout(10):
        # All three wait: the answer cannot come before the gate opens.
        while waiting(app) < 3 or not engine.calls:
            await asyncio.sleep(0.01)
    engine.gate.set()
    answers = await asyncio.gather(*requests)
    assert sorted(type(answer).__name__ for answer in answers) == ["dict", "str", "str"]
    assert len(engine.calls) == 1
    await app.until_sent()
    assert platform.sent == []
    assert set(await rows(app)) == {("sent", "passive")}


@pytest.mark.parametrize("event", [{"Event": "CLICK", "EventKey": "human"}, {"Event": "subscribe"}])
async def test_events_are_recognised_without_a_number(
    app: App, follower: Firm, event: dict[str, str]
) -> None:
    message = follower.message("event", **event)
    await asyncio.gather(*(follower.deliver(message) for _ in range(3)))
    async with app.services.database.read() as session:
        inbound = list(await session.scalars(select(Message).where(Message.author == "firm")))
        outbound = list(await session.scalars(select(Message).where(Message.author != "firm")))
    assert len(inbound) == 1
    assert {message.reply_to for message in outbound} == {inbound[0].id}
    assert "oFirm" not in str(inbound[0].platform_id)


async def test_a_repeat_after_the_answer_gets_it_again_and_nothing_else_happens(
    app: App, follower: Firm, platform: FakeWeChat, engine: FakeEngine
) -> None:
    message = follower.message(Content="想贷300万")
    first = await follower.deliver(message)
    again = await follower.deliver(message)
    assert isinstance(first, dict)
    assert isinstance(again, dict)
    assert first["Content"] == again["Content"]
    assert len(engine.calls) == 1
    await app.until_sent()
    assert platform.sent == []


async def test_a_long_answer_goes_out_whole_in_pieces(
    app: App, follower: Firm, platform: FakeWeChat, engine: FakeEngine
) -> None:
    await follower.say("您好")
    whole = "".join(f"第{number}句说明材料和条件。" for number in range(150))
    engine.think = lambda body: {"replies": [{"text": whole}], "state": {}, "effects": []}
    assert await follower.deliver(follower.message(Content="对比")) == "success"
    await app.until_sent()
    assert len(platform.sent) > 1
    assert "".join(text for _, text in platform.sent) == whole
    assert all(len(text.encode()) <= 2048 for _, text in platform.sent)


async def test_lines_in_a_row_are_answered_together_within_the_last_request(
    start: Start, platform: FakeWeChat, engine: FakeEngine
) -> None:
    async with start(settle_ms={}) as app:
        firm = Firm(app.client, platform, Peer(secure=True), "oFirm")
        first = asyncio.create_task(firm.deliver(firm.message(Content="我们是做芯片的")))
        async with asyncio.timeout(10):
            while waiting(app) < 1:
                await asyncio.sleep(0.01)
        last = await firm.deliver(firm.message(Content="想贷300万"))
        assert await first == "success"
        assert isinstance(last, dict)
        assert "收到：我们是做芯片的\n想贷300万" in last["Content"]
        assert len(engine.calls) == 1
        await app.until_sent()
        assert platform.sent == []


async def test_a_picture_is_kept_for_the_case_after_consent(
    app: App, follower: Firm, platform: FakeWeChat
) -> None:
    platform.files["pic-1"] = (b"\xff\xd8\xff\xe0" + b"\0" * 200, "image/jpeg", "")
    picture = {"PicUrl": "http://127.0.0.1/x", "MediaId": "pic-1"}
    asked = await follower.deliver(follower.message("image", **picture))
    assert isinstance(asked, dict)
    assert "同意" in asked["Content"]
    assert platform.count("/cgi-bin/media/get") == 0
    assert "已同意" in await follower.say("同意")
    taken = await follower.deliver(follower.message("image", **picture))
    assert isinstance(taken, dict)
    assert platform.count("/cgi-bin/media/get") == 1


# ── Taking a kiosk's talk along ─────────────────────────────────────────────────────────────────────


async def kiosk_talk(app: App) -> tuple[str, str]:
    """A talk at a kiosk, and the code by which it can be taken along: (conversation, code)."""
    conversations = app.services.conversations
    door = await conversations.open("kiosk", "k1", new_session())
    await conversations.receive(door, Inbound("做芯片的，想贷300万"))
    return door.conversation_id, await conversations.link_code(door)


async def conversation_of(app: App, person: str) -> str:
    async with app.services.database.read() as session:
        doors = await session.scalars(select(Door).where(Door.channel == "wechat"))
        return next(door.conversation_id for door in doors if door.address == person)


@pytest.mark.parametrize("event", ["subscribe", "SCAN"])
async def test_a_scanned_code_goes_on_with_the_kiosks_talk(
    app: App, follower: Firm, engine: FakeEngine, event: str
) -> None:
    conversation, code = await kiosk_talk(app)
    if event == "SCAN":
        await follower.say("您好")
    key = f"qrscene_{code}" if event == "subscribe" else code
    answer = await follower.deliver(follower.message("event", Event=event, EventKey=key, Ticket="t"))
    assert isinstance(answer, dict)
    assert answer["Content"].startswith("已接上您在自助机的对话")
    assert await conversation_of(app, "oFirm") == conversation
    await follower.say("成立三年")
    # What was said at the kiosk belongs to the talk now.
    assert engine.calls[-1]["state"]["heard"][0] == "做芯片的，想贷300万"


async def test_a_scan_repeated_by_the_platform_links_once(app: App, follower: Firm) -> None:
    conversation, code = await kiosk_talk(app)
    message = follower.message("event", Event="subscribe", EventKey=f"qrscene_{code}")
    answers = await asyncio.gather(*(follower.deliver(message) for _ in range(3)))
    words = {answer["Content"] for answer in answers if isinstance(answer, dict)}
    assert len(words) == 1
    assert words.pop().startswith("已接上")
    assert await conversation_of(app, "oFirm") == conversation


async def test_a_code_serves_one_follower_only(app: App, follower: Firm, platform: FakeWeChat) -> None:
    conversation, code = await kiosk_talk(app)
    scan = {"Event": "SCAN", "EventKey": code}
    await follower.deliver(follower.message("event", **scan))
    other = Firm(app.client, platform, Peer(secure=True), "oOther")
    answer = await other.deliver(other.message("event", **scan))
    assert isinstance(answer, dict)
    assert "接续码不对" in answer["Content"]
    assert await conversation_of(app, "oOther") != conversation


async def test_a_posters_code_is_a_greeting(app: App, follower: Firm, engine: FakeEngine) -> None:
    await follower.deliver(follower.message("event", Event="subscribe", EventKey="qrscene_poster-3"))
    assert [call["payload"] for call in engine.calls] == [{"intent": "greet"}]


async def test_the_kiosk_gets_an_address_for_its_code(app: App, platform: FakeWeChat) -> None:
    channel = app.services.channels["wechat"]
    assert await channel.link("2345ABCD", 600) == "http://weixin.qq.com/q/2345ABCD"
    platform.trouble("/cgi-bin/qrcode", 48001)
    assert await channel.link("2345ABCD", 600) is None


async def test_an_answer_without_words_is_no_empty_message(
    app: App, follower: Firm, platform: FakeWeChat, engine: FakeEngine
) -> None:
    await follower.say("您好")
    engine.think = lambda body: {"replies": [{"text": " "}], "state": {}, "effects": []}
    assert await follower.deliver(follower.message(Content="嗯")) == "success"
    await app.until_sent()
    assert platform.sent == []
