"""微信客服 of 企业微信: its callback is a bell; messages are fetched, and answered in session state 1.

Who answers is decided here, as on every channel: the session stays with the program while an officer writes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.channels.base import Finding, Installed, Place
from bot.channels.wechat.gate import Gate
from bot.channels.wecom.account import ServiceAccount
from bot.channels.wecom.channel import WecomChannel
from bot.channels.wecom.inbox import Inbox
from bot.channels.wecom.pull import Puller
from bot.channels.wecom.routes import PATH, router
from bot.channels.wecom.settings import wecom_settings
from bot.settings import PREFIX, Settings, SettingsError

_NAME = f"{PREFIX}WECOM_"


def create(place: Place) -> Installed | None:
    own = wecom_settings(place.settings)
    if not own.corp_id:
        return None
    account = ServiceAccount(own, place.database)
    puller = Puller(place.database, account, Inbox(place.database, place.conversations, own.open_kfid).take)

    @asynccontextmanager
    async def life() -> AsyncIterator[None]:
        listening = asyncio.create_task(puller.run())
        try:
            yield
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            await account.close()

    routes = router(Gate(own.token, own.envelope, only_sealed=True), puller, own.open_kfid)
    return Installed(WecomChannel(place.database, account), [routes], life)


def check(settings: Settings) -> list[Finding]:
    try:
        own = wecom_settings(settings)
    except SettingsError as error:
        return [Finding("fault", str(error))]
    if not own.corp_id:
        return [Finding("off", f"未启用：没有设置 {_NAME}CORP_ID")]
    needed = {
        "TOKEN": (own.token, "回调请求一律拒绝；请填后台的 Token"),
        "AES_KEY": (own.aes_key, "回调请求一律拒绝；请填后台的 EncodingAESKey"),
        "SECRET": (own.secret, "收不了也发不了消息；请填微信客服的 Secret"),
        "OPEN_KFID": (own.open_kfid, "不知道是哪个客服账号；请填它的 ID（wk 开头）"),
    }
    found = [
        Finding("fault", f"没有设置 {_NAME}{name}：{words}")
        for name, (value, words) in needed.items()
        if not value
    ]
    if not own.api_url.startswith("https://"):
        found.append(Finding("warning", f"{_NAME}API_URL 不是 https：密钥会明文传输"))
    return found or [Finding("ok", f"已设置；微信客服后台的回调地址填 https://您的域名{PATH}")]
