"""WeChat Official Account (公众号): answers within the platform's request, or one message afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.channels.base import Finding, Installed, Place
from bot.channels.wechat.account import OfficialAccount
from bot.channels.wechat.channel import WechatChannel
from bot.channels.wechat.gate import Gate
from bot.channels.wechat.inbox import Inbox
from bot.channels.wechat.routes import PATH, router
from bot.channels.wechat.settings import wechat_settings
from bot.settings import PREFIX, Settings, SettingsError

_NAME = f"{PREFIX}WECHAT_"


def create(place: Place) -> Installed | None:
    own = wechat_settings(place.settings)
    if not own.app_id:
        return None
    account = OfficialAccount(own, place.database)
    inbox = Inbox(place.database, place.conversations, own.app_id, own.reply_s)

    @asynccontextmanager
    async def life() -> AsyncIterator[None]:
        try:
            yield
        finally:
            await account.close()

    routes = router(Gate(own.token, own.envelope), inbox, place.database)
    return Installed(WechatChannel(place.database, account), [routes], life)


def check(settings: Settings) -> list[Finding]:
    try:
        own = wechat_settings(settings)
    except SettingsError as error:
        return [Finding("fault", str(error))]
    if not own.app_id:
        return [Finding("off", f"未启用：没有设置 {_NAME}APP_ID")]
    found = []
    if not own.token:
        found.append(Finding("fault", f"没有设置 {_NAME}TOKEN：微信的请求一律拒绝；请填公众号后台的 Token"))
    if not own.app_secret:
        found.append(Finding("fault", f"没有设置 {_NAME}APP_SECRET：不能主动发消息，也建不了菜单"))
    if not own.aes_key:
        found.append(
            Finding(
                "warning",
                f"没有设置 {_NAME}AES_KEY：消息以明文收发；建议在后台选“安全模式”并填 EncodingAESKey",
            )
        )
    if not own.api_url.startswith("https://"):
        found.append(Finding("warning", f"{_NAME}API_URL 不是 https：密钥会明文传输"))
    return found or [Finding("ok", f"已设置；公众号后台的服务器地址填 https://您的域名{PATH}")]
