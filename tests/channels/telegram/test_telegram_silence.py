"""A platform that cannot be reached does not keep the one sender from the other channels."""

from __future__ import annotations

import msgspec
import pytest
from fake_bot_api import TOKEN, FakeBotApi

from bot.channels.base import Parcel, TryLater
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.client import make_client
from bot.channels.telegram.settings import TelegramSettings
from bot.conversation.wire import Reply


async def test_it_is_left_alone_for_a_while(api: FakeBotApi) -> None:
    time = 100.0
    own = TelegramSettings(token=TOKEN, api_url="http://127.0.0.1:9")
    silent, connections = make_client(own)
    client, more = make_client(msgspec.structs.replace(own, api_url=api.url))
    channel = TelegramChannel(silent, clock=lambda: time)
    parcel = Parcel("1", "telegram", "", "777", Reply("你好"), "bot", 1, text="你好")
    with pytest.raises(TryLater, match="连不上 Telegram"):
        await channel.send(parcel)
    # It is back at once, and still is not asked before the rest is over.
    channel._client = client
    time = 109.9
    with pytest.raises(TryLater, match="暂时连不上"):
        await channel.send(parcel)
    assert api.calls == []
    time = 110.0
    assert await channel.send(parcel) == "1"
    for one in connections + more:
        await one.shutdown()
