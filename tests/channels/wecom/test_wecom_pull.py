"""Messages of 微信客服 are fetched once each, whatever rings, repeats or dies."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from weixin_server import KFID, FakeWeCom

from bot.cases.clock import now
from bot.cases.database import Database
from bot.channels.base import NotSent, TryLater
from bot.channels.wechat.api import ApiError
from bot.channels.wecom.account import ServiceAccount
from bot.channels.wecom.incoming import Incoming, understand
from bot.channels.wecom.pull import Puller


class Shelf:
    """Stores what is taken; `breaks_at` is the number of a message at which it dies once."""

    def __init__(self, breaks_at: int = 0) -> None:
        self.kept: list[Incoming] = []
        self.breaks_at = breaks_at

    async def take(self, incoming: Incoming) -> None:
        if len(self.kept) + 1 == self.breaks_at:
            self.breaks_at = 0
            raise ConnectionError
        self.kept.append(incoming)

    @property
    def texts(self) -> list[str]:
        return [incoming.text for incoming in self.kept]


async def test_all_pages_are_fetched_in_order_and_once(
    service_account: ServiceAccount, database: Database, wecom: FakeWeCom
) -> None:
    wecom.page = 3
    for number in range(8):
        wecom.wrote("wmPerson", content=str(number))
    shelf = Shelf()
    assert await Puller(database, service_account, shelf.take).pull("bell") == 8
    assert shelf.texts == [str(number) for number in range(8)]
    # Another process goes on where this one was.
    wecom.wrote("wmPerson", content="8")
    assert await Puller(database, service_account, shelf.take).pull("bell") == 1
    assert shelf.texts[-1] == "8"
    syncs = [body for path, body in wecom.asked if path == "/cgi-bin/kf/sync_msg"]
    assert [body.get("cursor", "") for body in syncs] == ["", "3", "6", "8"]
    assert all(body["token"] == "bell" and body["open_kfid"] == KFID for body in syncs)


async def test_what_was_fetched_and_not_stored_is_fetched_again(
    service_account: ServiceAccount, database: Database, wecom: FakeWeCom
) -> None:
    wecom.page = 2
    for number in range(5):
        wecom.wrote("wmPerson", content=str(number))
    shelf = Shelf(breaks_at=4)
    puller = Puller(database, service_account, shelf.take)
    with pytest.raises(ConnectionError):
        await puller.pull()
    await puller.pull()
    assert sorted(set(shelf.texts)) == ["0", "1", "2", "3", "4"]


async def test_two_bells_at_once_fetch_each_message_once(
    service_account: ServiceAccount, database: Database, wecom: FakeWeCom
) -> None:
    wecom.wrote("wmPerson", content="一")
    shelf = Shelf()
    puller = Puller(database, service_account, shelf.take)
    counts = await asyncio.gather(*(puller.pull("bell") for _ in range(3)))
    assert sorted(counts) == [0, 0, 1]
    assert shelf.texts == ["一"]


async def test_old_talk_of_a_new_account_is_left_alone(
    service_account: ServiceAccount, database: Database, wecom: FakeWeCom
) -> None:
    wecom.clock = lambda: now() - timedelta(days=2)
    wecom.wrote("wmPerson", content="前天的话")
    wecom.clock = now
    wecom.wrote("wmPerson", content="刚才的话")
    shelf = Shelf()
    await Puller(database, service_account, shelf.take).pull()
    assert shelf.texts == ["刚才的话"]


async def test_a_page_that_does_not_move_on_ends(
    service_account: ServiceAccount, database: Database, wecom: FakeWeCom
) -> None:
    stuck = {"errcode": 0, "next_cursor": "", "has_more": 1, "msg_list": []}
    wecom.trouble("/cgi-bin/kf/sync_msg", (200, stuck), (200, stuck))
    assert await Puller(database, service_account, Shelf().take).pull() == 0
    assert wecom.count("/cgi-bin/kf/sync_msg") == 1


async def test_a_bell_is_heard_and_trouble_does_not_end_the_listening(
    service_account: ServiceAccount, database: Database, wecom: FakeWeCom
) -> None:
    texts: list[str] = []

    async def take(incoming: Incoming) -> None:
        texts.append(incoming.text)

    puller = Puller(database, service_account, take)
    wecom.trouble("/cgi-bin/kf/sync_msg", (502, b"bad gateway"))
    listening = asyncio.create_task(puller.run())
    wecom.wrote("wmPerson", content="一")
    for word in ("一", "二"):
        if word == "二":
            wecom.wrote("wmPerson", content="二")
        async with asyncio.timeout(10):
            while word not in texts:
                puller.ring("bell")
                await asyncio.sleep(0.01)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    assert texts == ["一", "二"]


async def test_sessions_are_kept_in_state_1(service_account: ServiceAccount, wecom: FakeWeCom) -> None:
    wecom.wrote("wmPerson", content="一")
    await service_account.keep_with_us("wmPerson")
    assert wecom.states == {"wmPerson": 1}
    await service_account.keep_with_us("wmPerson")
    assert wecom.count("/cgi-bin/kf/service_state/trans") == 1
    assert await service_account.send_text("wmPerson", "答") == "out-1"


@pytest.mark.parametrize(("state", "words"), [(2, "排队"), (3, "客服人员"), (4, "已结束")])
async def test_a_session_that_is_not_ours_is_left_alone(
    service_account: ServiceAccount, wecom: FakeWeCom, state: int, words: str
) -> None:
    wecom.states["wmPerson"] = state
    with pytest.raises(NotSent, match=words):
        await service_account.keep_with_us("wmPerson")
    assert wecom.states == {"wmPerson": state}
    with pytest.raises(ApiError, match="95018"):
        await service_account.send_text("wmPerson", "答")


async def test_a_token_that_stays_refused_ends(service_account: ServiceAccount, wecom: FakeWeCom) -> None:
    wecom.refuses_tokens = True
    with pytest.raises(TryLater, match="一再被平台拒绝"):
        await service_account.fetch("", "")
    assert wecom.count("/cgi-bin/kf/sync_msg") == 2
    assert wecom.count("/cgi-bin/gettoken") <= 3


async def test_an_address_for_a_code_carries_its_parameter(service_account: ServiceAccount) -> None:
    assert (await service_account.scene_address("a/b&c")).endswith("&scene_param=a%2Fb%26c")


def written(kind: str, origin: int = 3, **content: object) -> dict[str, object]:
    return {
        "msgid": "m1",
        "open_kfid": KFID,
        "external_userid": "wmPerson",
        "send_time": 1764000000,
        "origin": origin,
        "msgtype": kind,
        kind: content,
    }


@pytest.mark.parametrize(
    ("message", "kind", "text"),
    [
        (written("text", content="想贷300万"), "text", "想贷300万"),
        (written("voice", media_id="x"), "voice", ""),
        (written("image", media_id="x"), "image", ""),
        (written("file", media_id="x"), "file", ""),
        (written("location", name="金凤城市中心", address="重庆市高新区"), "location", "金凤城市中心"),
        (written("video", media_id="x"), "unsupported", "视频"),
        (written("something_new"), "unsupported", ""),
    ],
)
def test_kinds_are_told_apart(message: dict[str, object], kind: str, text: str) -> None:
    read = understand(message, KFID)
    assert read is not None
    assert (read.kind, read.text, read.key, read.sent) == (kind, text, "m1", 1764000000)


@pytest.mark.parametrize(
    "message",
    [
        written("text", origin=5, content="客服人员自己写的"),
        written("text", content="x") | {"open_kfid": "wkOther"},
        written("text", content="x") | {"msgid": ""},
        written("text", content="x") | {"external_userid": None},
        {},
        {"msgid": 1, "msgtype": []},
        written("event", origin=4, event_type="enter_session", open_kfid="wkOther", external_userid="wm"),
    ],
)
def test_what_is_not_a_persons_is_left_alone(message: dict[str, object]) -> None:
    assert understand(message, KFID) is None
