"""The calls to the platform: one token for all, its refusals, and what certainly was not done."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import msgspec
import pytest
from sqlalchemy import select
from weixin_peer import APP_ID
from weixin_server import FakeWeChat
from weixin_stage import raw

from bot.cases.channel_models import ChannelToken
from bot.cases.clock import now
from bot.cases.database import Database
from bot.channels.base import TryLater
from bot.channels.wechat.account import OfficialAccount
from bot.channels.wechat.api import REST_S, Api, ApiError, Unclear
from bot.channels.wechat.menu import menu
from bot.channels.wechat.settings import wechat_settings
from bot.channels.wechat.tokens import TokenHolder
from bot.settings import Settings

TOKEN_PATH = "/cgi-bin/stable_token"
SEND_PATH = "/cgi-bin/message/custom/send"


def changed(settings: Settings, database: Database, **changes: str) -> OfficialAccount:
    return OfficialAccount(msgspec.structs.replace(wechat_settings(settings), **changes), database)


@pytest.fixture
def follower(platform: FakeWeChat) -> str:
    platform.quotas.touched("oPerson", "message")
    return "oPerson"


async def test_one_token_serves_all_calls_and_processes(
    account: OfficialAccount, settings: Settings, database: Database, platform: FakeWeChat, follower: str
) -> None:
    other = OfficialAccount(wechat_settings(settings), database)
    await asyncio.gather(*(account.send_text(follower, "一") for _ in range(3)))
    await other.send_text(follower, "二")
    await other.close()
    assert platform.count(TOKEN_PATH) == 1
    async with database.read() as session:
        rows = list(await session.scalars(select(ChannelToken)))
    assert [(row.name, row.value) for row in rows] == [(f"wechat:{APP_ID}", "token-1")]
    assert rows[0].expires_at - now() > timedelta(hours=1, minutes=55)


async def test_the_token_is_not_readable_in_the_database(
    account: OfficialAccount, database: Database, follower: str
) -> None:
    await account.send_text(follower, "一")
    stored = await raw(database)
    assert f"wechat:{APP_ID}" in stored
    assert "token-1" not in stored


async def test_a_refused_token_is_renewed_and_the_message_goes_out_once(
    account: OfficialAccount, platform: FakeWeChat, follower: str
) -> None:
    await account.send_text(follower, "一")
    # Another program took a token in the old way: ours is worth nothing now.
    platform.token_number += 1
    await account.send_text(follower, "二")
    assert [text for _, text in platform.sent] == ["一", "二"]
    assert platform.count(TOKEN_PATH) == 2


async def test_a_token_that_stays_refused_ends_after_one_repeat(
    account: OfficialAccount, platform: FakeWeChat, follower: str
) -> None:
    platform.refuses_tokens = True
    for _ in range(5):
        with pytest.raises(TryLater, match="一再被平台拒绝"):
            await account.send_text(follower, "一")
    assert platform.count(SEND_PATH) == 10
    # Forced renewals are counted by the platform: one in ten minutes is enough.
    forced = [body for path, body in platform.asked if path == TOKEN_PATH and body["force_refresh"]]
    assert len(forced) == 1
    assert platform.count(TOKEN_PATH) <= 1 + 5 + 1
    platform.refuses_tokens = False
    await account.send_text(follower, "二")
    assert [text for _, text in platform.sent] == ["二"]


async def test_two_holders_that_renew_at_once_agree(database: Database) -> None:
    made = 0

    async def fetch(_force: bool) -> tuple[str, int]:
        nonlocal made
        made += 1
        value = f"t{made}"
        await asyncio.sleep(0)
        return value, 7200

    one, two = (TokenHolder(database, "wechat:x", fetch) for _ in range(2))
    first = await one.current()
    assert (await two.current()).value == first.value == "t1"
    renewed = await asyncio.gather(one.renewed(first), two.renewed(first))
    kept = await one.current()
    assert {token.number for token in renewed} == {kept.number} == {2}
    assert {token.value for token in renewed} == {kept.value}
    assert (await two.renewed(first)).value == kept.value, "who comes late takes the new one"


async def test_a_token_near_its_end_is_replaced(database: Database) -> None:
    at, values = now(), iter(["old", "new"])

    async def fetch(_force: bool) -> tuple[str, int]:
        return next(values), 7200

    holder = TokenHolder(database, "wechat:x", fetch, clock=lambda: at)
    assert (await holder.current()).value == "old"
    at += timedelta(seconds=7200 - 301)
    assert (await holder.current()).value == "old"
    at += timedelta(seconds=2)
    assert (await holder.current()).value == "new"


@pytest.mark.parametrize("trouble", [-1, 45009, 45011, (429, {})])
async def test_busy_means_later(
    account: OfficialAccount, platform: FakeWeChat, follower: str, trouble: object
) -> None:
    platform.trouble(SEND_PATH, trouble)
    with pytest.raises(TryLater):
        await account.send_text(follower, "一")
    assert platform.sent == []


@pytest.mark.parametrize("trouble", ["drop", (502, b"<html>bad gateway"), (200, b"not json"), (500, {})])
async def test_what_is_not_known_is_not_called_refused(
    account: OfficialAccount, platform: FakeWeChat, follower: str, trouble: object
) -> None:
    platform.trouble(SEND_PATH, trouble)
    with pytest.raises(Unclear) as raised:
        await account.send_text(follower, "一")
    assert "token" not in str(raised.value)


async def test_a_platform_that_cannot_be_reached_got_nothing(settings: Settings, database: Database) -> None:

    gone = changed(settings, database, api_url="http://127.0.0.1:9")
    with pytest.raises(TryLater, match="连不上平台"):
        await gone.send_text("oPerson", "一")
    await gone.close()


async def test_a_platform_that_is_silent_is_left_alone_for_a_while(
    settings: Settings, database: Database, platform: FakeWeChat, follower: str
) -> None:
    at = 100.0
    account = changed(settings, database, api_url="http://127.0.0.1:9")
    account.api = Api(account._http, account.api._tokens, clock=lambda: at)
    with pytest.raises(TryLater, match="连不上平台"):
        await account.send_text(follower, "一")
    # Now it could be reached again, but is not asked before its rest is over.
    account._http.base_url = httpx.URL(platform.url)
    with pytest.raises(TryLater, match="暂时连不上") as later:
        await account.send_text(follower, "一")
    assert later.value.after_s == REST_S
    assert platform.asked == []
    at += REST_S
    await account.send_text(follower, "一")
    assert platform.sent == [(follower, "一")]
    await account.close()


async def test_a_wrong_secret_is_named(settings: Settings, database: Database) -> None:

    wrong = changed(settings, database, app_secret="wrong")
    with pytest.raises(TryLater, match="AppSecret 不对"):
        await wrong.send_text("oPerson", "一")
    await wrong.close()


async def test_words_go_out_as_they_are(
    account: OfficialAccount, platform: FakeWeChat, follower: str
) -> None:
    words = '引号" 反斜杠\\ ]]> <a> 换行\n与😀'
    await account.send_text(follower, words)
    assert platform.sent == [(follower, words)]


async def test_the_menu_is_made(account: OfficialAccount, platform: FakeWeChat) -> None:
    await account.create_menu(menu())
    assert platform.menus == [menu()]
    platform.trouble("/cgi-bin/menu", 40018)
    with pytest.raises(ApiError, match="40018"):
        await account.create_menu(menu())


async def test_a_code_for_scanning_ends_after_its_time(
    account: OfficialAccount, platform: FakeWeChat
) -> None:
    assert await account.scene_address("Ab12", 600) == "http://weixin.qq.com/q/Ab12"
    assert platform.codes[0]["expire_seconds"] == 600
    assert platform.codes[0]["action_name"] == "QR_STR_SCENE"
