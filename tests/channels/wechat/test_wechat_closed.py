"""The address over HTTP: open to the platform, closed to everybody else."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec
import pytest
from app_fakes import FakeEngine
from database_templates import SqliteTemplate
from sqlalchemy import select
from weixin_fuzz import altered
from weixin_peer import Peer
from weixin_server import FakeWeChat
from weixin_stage import Firm, Start, raw

from bot.cases.clock import now
from bot.cases.models import Door, Message
from bot.channels.wechat import check
from bot.channels.wechat.routes import PATH
from bot.settings import Settings

SAMPLE = 300


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: SqliteTemplate) -> str:
    """One kind of database only: nothing here depends on it."""
    return sqlite_template.copy(tmp_path)


@pytest.mark.parametrize("secure", [False, True])
async def test_the_platform_can_check_the_address(start: Start, secure: bool) -> None:
    async with start(**({} if secure else {"WECHAT_AES_KEY": ""})) as app:
        query = Peer(secure=secure).plain_query(now(), echostr="4375120948345356249")
        answer = await app.client.get(PATH, params=query)
        assert (answer.status_code, answer.text) == (200, "4375120948345356249")
        assert "set-cookie" not in answer.headers
        refused = await app.client.get(PATH, params=query | {"signature": "0" * 40})
        assert (refused.status_code, refused.text) == (403, "")


@pytest.mark.parametrize("secure", [False, True])
async def test_altered_requests_are_refused_over_http(
    start: Start, platform: FakeWeChat, engine: FakeEngine, secure: bool
) -> None:
    rng = random.Random(random.randrange(2**32))
    peer = Peer(secure=secure)
    async with start(**({} if secure else {"WECHAT_AES_KEY": ""})) as app:
        firm = Firm(app.client, platform, peer, "oFirm")
        request = peer.request(firm.message(Content="想贷300万"), now())
        first = await app.client.post(PATH, params=request[0], content=request[1])
        assert first.status_code == 200
        assert first.text != "success"
        for _ in range(SAMPLE):
            query, body = altered(request, secure, rng)
            answer = await app.client.post(PATH, params=query, content=body)
            assert (answer.status_code, answer.text) == (403, ""), (query, body)
        async with app.services.database.read() as session:
            inbound = list(await session.scalars(select(Message).where(Message.author == "firm")))
        assert len(inbound) == 1
        assert len(engine.calls) == 1


async def test_without_a_token_the_address_is_closed(start: Start, platform: FakeWeChat) -> None:
    async with start(WECHAT_TOKEN="") as app:
        for token in ("", "test-token"):
            peer = Peer(secure=True, token=token)
            query, body = peer.request(Firm(app.client, platform, peer, "oFirm").message(Content="x"), now())
            assert (await app.client.post(PATH, params=query, content=body)).status_code == 403
            query = peer.plain_query(now(), echostr="123")
            assert (await app.client.get(PATH, params=query)).status_code == 403


async def test_without_an_app_id_there_is_no_address(start: Start) -> None:
    async with start(WECHAT_APP_ID="") as app:
        assert (await app.client.post(PATH, content=b"<xml/>")).status_code == 404


async def test_bodies_are_capped(start: Start) -> None:
    async with start() as app:
        query = Peer(secure=True).plain_query(now())
        answer = await app.client.post(PATH, params=query, content=b"<xml>" + b"x" * 70_000)
        assert answer.status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE x [<!ENTITY a "b">]><xml><Encrypt>&a;</Encrypt></xml>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1/"><xml><Encrypt>a</Encrypt></xml>',
        b"not xml",
        b"\xff\xfe",
        b"",
    ],
)
async def test_what_is_no_message_is_refused(start: Start, body: bytes) -> None:
    async with start() as app:
        query = Peer(secure=True).plain_query(now()) | {"msg_signature": "0" * 40}
        assert (await app.client.post(PATH, params=query, content=body)).status_code == 403


async def test_the_persons_id_is_not_readable_in_the_database(start: Start, platform: FakeWeChat) -> None:
    person = "oPerson0123456789abcdefABCDEF"
    async with start() as app:
        firm = Firm(app.client, platform, Peer(secure=True), person)
        await firm.deliver(firm.message("event", Event="CLICK", EventKey="intent:greet"))
        await firm.say("想贷300万")
        async with app.services.database.read() as session:
            assert (await session.scalars(select(Door))).one().address == person
        stored = await raw(app.services.database)
    assert "wechat" in stored
    assert person not in stored
    assert "万" not in stored


@pytest.mark.parametrize(
    ("more", "level", "words"),
    [
        ({"WECHAT_APP_ID": ""}, "off", "WECHAT_APP_ID"),
        ({"WECHAT_TOKEN": ""}, "fault", "WECHAT_TOKEN"),
        ({"WECHAT_APP_SECRET": ""}, "fault", "WECHAT_APP_SECRET"),
        ({"WECHAT_AES_KEY": ""}, "warning", "WECHAT_AES_KEY"),
        ({"WECHAT_AES_KEY": "short"}, "fault", "EncodingAESKey"),
        ({"WECHAT_API_URL": "file:///x"}, "fault", "WECHAT_API_URL"),
        ({"WECHAT_REPLY_S": "9"}, "fault", "WECHAT_REPLY_S"),
        ({"WECHAT_REPLY_S": "soon"}, "fault", "WECHAT_REPLY_S"),
        ({"WECHAT_API_URL": "https://api.weixin.qq.com"}, "ok", "/channels/wechat"),
    ],
)
def test_the_doctor_says_what_is_wrong(
    settings: Settings, more: dict[str, str], level: str, words: str
) -> None:

    found = check(msgspec.structs.replace(settings, more={**settings.more, **more}))
    assert any(finding.level == level and words in finding.words for finding in found), found
    assert "app-secret" not in str(found)
