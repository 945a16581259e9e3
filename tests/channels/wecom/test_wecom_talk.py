"""A firm talks over 微信客服: the bell rings, messages are fetched, answers go into the session."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator

import msgspec
import pytest
from app_fakes import FakeEngine
from sqlalchemy import select
from weixin_fuzz import altered
from weixin_peer import CORP_ID, Peer, xml_of
from weixin_server import KFID, FakeWeCom
from weixin_stage import App, Start

from bot.cases import quotas
from bot.cases.clock import now
from bot.cases.models import Conversation, Door, Message, Outbox
from bot.channels.wecom import check
from bot.channels.wecom.routes import PATH
from bot.conversation.intake import new_session
from bot.conversation.wire import Inbound
from bot.settings import Settings

FIRM = "wmFirm"
PEER = Peer(secure=True, work=True)


@pytest.fixture
async def app(start: Start) -> AsyncIterator[App]:
    async with start() as running:
        yield running


def bell(**changes: str) -> str:
    elements = {
        "ToUserName": CORP_ID,
        "CreateTime": str(int(now().timestamp())),
        "MsgType": "event",
        "Event": "kf_msg_or_event",
        "Token": "bell-1",
        "OpenKfId": KFID,
    }
    return xml_of(**{**elements, **changes})


async def ring(app: App, **changes: str) -> tuple[int, str]:
    query, body = PEER.request(bell(**changes), now())
    answer = await app.client.post(PATH, params=query, content=body)
    return answer.status_code, answer.text


async def settled(app: App, wecom: FakeWeCom, inbound: int) -> None:
    """Returns when so many messages of people are stored, answered, and the answers sent."""
    query = select(Message).where(Message.author == "firm")
    async with asyncio.timeout(10):
        while True:
            async with app.services.database.read() as session:
                if len(list(await session.scalars(query))) >= inbound:
                    break
            await asyncio.sleep(0.01)
    await app.until_answered()
    await app.until_sent()


async def say(app: App, wecom: FakeWeCom, words: str, nth: int) -> list[str]:
    """What is sent in answer to the firm's `nth` message."""
    before = len(wecom.sent)
    wecom.wrote(FIRM, content=words)
    assert await ring(app) == (200, "success")
    await settled(app, wecom, nth)
    return [text for _, text in wecom.sent[before:]]


async def test_the_bell_brings_the_message_and_one_answer_goes_out(
    app: App, wecom: FakeWeCom, engine: FakeEngine
) -> None:
    sent = await say(app, wecom, "做芯片的，想贷300万", 1)
    assert len(sent) == 1
    assert sent[0].startswith("收到：做芯片的，想贷300万\n  1. 转专员\n\n【个人信息告知")
    assert wecom.states == {FIRM: 1}
    assert await say(app, wecom, "成立三年", 2) == ["收到：成立三年\n  1. 转专员"]
    assert [call["text"] for call in engine.calls] == ["做芯片的，想贷300万", "成立三年"]
    # One change of state for the whole session.
    assert wecom.count("/cgi-bin/kf/service_state/trans") == 1


async def test_the_session_stays_with_us_when_a_person_is_wanted(app: App, wecom: FakeWeCom) -> None:
    await say(app, wecom, "做芯片的", 1)
    assert (await say(app, wecom, "1", 2))[0].startswith("编号 KC")
    async with app.services.database.read() as session:
        conversation = (await session.scalars(select(Conversation))).one()
    assert conversation.mode == "waiting"
    assert wecom.states == {FIRM: 1}


async def test_three_bells_at_once_make_one_turn_and_one_answer(
    app: App, wecom: FakeWeCom, engine: FakeEngine
) -> None:
    wecom.wrote(FIRM, content="想贷300万")
    assert await asyncio.gather(*(ring(app) for _ in range(3))) == [(200, "success")] * 3
    await settled(app, wecom, 1)
    assert len(engine.calls) == 1
    assert len(wecom.sent) == 1


async def test_a_message_that_is_given_out_twice_is_one_turn(
    app: App, wecom: FakeWeCom, engine: FakeEngine
) -> None:
    wecom.wrote(FIRM, content="想贷300万")
    wecom.talk.append(dict(wecom.talk[0]))
    wecom.wrote(FIRM, content="成立三年")
    await ring(app)
    await settled(app, wecom, 2)
    assert [call["text"] for call in engine.calls] == ["想贷300万", "成立三年"]
    assert len(wecom.sent) == 2


async def test_what_came_while_we_were_away_is_answered_after_the_start(
    start: Start, wecom: FakeWeCom, engine: FakeEngine
) -> None:
    async with start() as app:
        await say(app, wecom, "想贷300万", 1)
    wecom.wrote(FIRM, content="成立三年")
    async with start() as app:
        # Nobody rings: the bell was lost with the process that heard it.
        await settled(app, wecom, 2)
    assert [call["text"] for call in engine.calls] == ["想贷300万", "成立三年"]
    assert len(wecom.sent) == 2


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("voice", {"media_id": "x"}, "打字"),
        ("location", {"name": "金凤城市中心"}, "金凤城市中心"),
        ("video", {"media_id": "x"}, "视频"),
        ("image", {"media_id": "x"}, "同意"),
    ],
)
async def test_other_kinds_get_their_line(
    app: App, wecom: FakeWeCom, engine: FakeEngine, kind: str, content: dict[str, str], words: str
) -> None:
    wecom.wrote(FIRM, kind, **content)
    await ring(app)
    await settled(app, wecom, 1)
    assert words in wecom.sent[0][1]
    assert engine.calls == []


async def test_who_opens_the_session_is_welcomed_once(app: App, wecom: FakeWeCom, engine: FakeEngine) -> None:
    wecom.entered(FIRM, welcome="welcome-1")
    await ring(app)
    await settled(app, wecom, 1)
    assert [call["payload"] for call in engine.calls] == [{"intent": "greet"}]
    assert [person for person, _ in wecom.sent] == [FIRM]
    assert wecom.count("/cgi-bin/kf/send_msg_on_event") == 1
    # Opened again within two days, the platform gives no welcome, and nothing may be sent.
    wecom.entered(FIRM)
    await ring(app)
    assert await say(app, wecom, "想贷300万", 2) == ["收到：想贷300万\n  1. 转专员"]


async def test_a_scanned_code_goes_on_with_the_kiosks_talk(
    app: App, wecom: FakeWeCom, engine: FakeEngine
) -> None:
    conversations = app.services.conversations
    kiosk = await conversations.open("kiosk", "k1", new_session())
    await conversations.receive(kiosk, Inbound("做芯片的，想贷300万"))
    code = await conversations.link_code(kiosk)
    address = await app.services.channels["wecom"].link(code, 600)
    assert address is not None
    assert address.endswith(f"scene_param={code}")
    wecom.entered(FIRM, scene=code, welcome="welcome-1")
    await ring(app)
    await settled(app, wecom, 2)
    assert wecom.sent[0][1].startswith("已接上您在自助机的对话")
    async with app.services.database.read() as session:
        door = (await session.scalars(select(Door).where(Door.channel == "wecom"))).one()
    assert door.conversation_id == kiosk.conversation_id


@pytest.mark.parametrize(
    ("path", "trouble", "status", "sent"),
    [
        ("/cgi-bin/kf/send_msg", 95001, "failed", 0),
        ("/cgi-bin/kf/send_msg", 95018, "failed", 0),
        ("/cgi-bin/kf/send_msg", -1, "sent", 1),
        ("/cgi-bin/kf/send_msg", 42001, "sent", 1),
        ("/cgi-bin/kf/send_msg", (502, b""), "unknown", 0),
        ("/cgi-bin/kf/service_state/get", (502, b""), "sent", 1),
    ],
)
async def test_troubles_never_send_twice(
    app: App, wecom: FakeWeCom, path: str, trouble: object, status: str, sent: int
) -> None:
    wecom.trouble(path, trouble)
    wecom.wrote(FIRM, content="想贷300万")
    await ring(app)
    await settled(app, wecom, 1)
    async with app.services.database.read() as session:
        assert set(await session.scalars(select(Outbox.status))) == {status}
    assert len(wecom.sent) == sent


async def test_a_session_that_somebody_took_is_shown_as_not_sent(app: App, wecom: FakeWeCom) -> None:
    wecom.wrote(FIRM, content="想贷300万")
    wecom.states[FIRM] = 3
    await ring(app)
    await settled(app, wecom, 1)
    async with app.services.database.read() as session:
        rows = list(await session.scalars(select(Outbox)))
        door = (await session.scalars(select(Door))).one()
        assert await quotas.left(session, door.id, now()) == 5
    assert {row.status for row in rows} == {"failed"}
    assert "客服人员" in str(rows[0].error)
    assert wecom.states == {FIRM: 3}


async def test_an_answer_takes_one_of_five(app: App, wecom: FakeWeCom) -> None:
    await say(app, wecom, "想贷300万", 1)
    async with app.services.database.read() as session:
        door = (await session.scalars(select(Door))).one()
        assert await quotas.left(session, door.id, now()) == 4


# ── The address ─────────────────────────────────────────────────────────────────────────────────────


async def test_the_platform_can_check_the_address(app: App) -> None:
    query = PEER.sealed_echo("5927782489442352469", now())
    answer = await app.client.get(PATH, params=query)
    assert (answer.status_code, answer.text) == (200, "5927782489442352469")
    refused = await app.client.get(PATH, params=query | {"msg_signature": "0" * 40})
    assert (refused.status_code, refused.text) == (403, "")


async def test_altered_bells_are_refused(app: App, wecom: FakeWeCom) -> None:
    rng = random.Random(random.randrange(2**32))
    request = PEER.request(bell(), now())
    for _ in range(300):
        query, body = altered(request, True, rng)
        answer = await app.client.post(PATH, params=query, content=body)
        assert answer.status_code == 403, (query, body)


@pytest.mark.parametrize("missing", ["WECOM_TOKEN", "WECOM_AES_KEY"])
async def test_without_its_secrets_the_address_is_closed(start: Start, missing: str) -> None:
    async with start(**{missing: ""}) as app:
        assert (await ring(app))[0] == 403
        query, body = Peer(secure=False, work=True).request(bell(), now())
        assert (await app.client.post(PATH, params=query, content=body)).status_code == 403


async def test_a_bell_of_another_account_is_not_ours(app: App, wecom: FakeWeCom) -> None:
    async with asyncio.timeout(10):
        # The look at the start.
        while not wecom.count("/cgi-bin/kf/sync_msg"):
            await asyncio.sleep(0.01)
    looked = wecom.count("/cgi-bin/kf/sync_msg")
    assert await ring(app, OpenKfId="wkOther") == (200, "success")
    assert await ring(app, Event="change_contact") == (200, "success")
    wecom.wrote(FIRM, content="想贷300万")
    await ring(app)
    await settled(app, wecom, 1)
    assert wecom.count("/cgi-bin/kf/sync_msg") == looked + 1


@pytest.mark.parametrize(
    ("more", "level", "words"),
    [
        ({"WECOM_CORP_ID": ""}, "off", "WECOM_CORP_ID"),
        ({"WECOM_TOKEN": ""}, "fault", "WECOM_TOKEN"),
        ({"WECOM_AES_KEY": ""}, "fault", "WECOM_AES_KEY"),
        ({"WECOM_AES_KEY": "short"}, "fault", "EncodingAESKey"),
        ({"WECOM_SECRET": ""}, "fault", "WECOM_SECRET"),
        ({"WECOM_OPEN_KFID": ""}, "fault", "WECOM_OPEN_KFID"),
        ({"WECOM_API_URL": "x"}, "fault", "WECOM_API_URL"),
        ({"WECOM_API_URL": "https://qyapi.weixin.qq.com"}, "ok", "/channels/wecom"),
    ],
)
def test_the_doctor_says_what_is_wrong(
    settings: Settings, more: dict[str, str], level: str, words: str
) -> None:
    found = check(msgspec.structs.replace(settings, more={**settings.more, **more}))
    assert any(finding.level == level and words in finding.words for finding in found), found
    assert "corp-secret" not in str(found)
