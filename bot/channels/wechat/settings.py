"""The settings of the Official Account: `PEIPAO_WECHAT_…`."""

from __future__ import annotations

from urllib.parse import urlsplit

import msgspec

from bot.channels.wechat.crypto import Envelope
from bot.settings import PREFIX, Settings, SettingsError, own_settings

# The platform waits five seconds for its answer.
_LONGEST_REPLY_S = 4.5


class WechatSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Off without an app id; closed to everybody without a token.

    `aes_key`: the console's EncodingAESKey; given, only secure mode is accepted. `reply_s`: how long the
    platform's request may wait for its answer.
    """

    app_id: str = ""
    app_secret: str = ""
    token: str = ""
    aes_key: str = ""
    api_url: str = "https://api.weixin.qq.com"
    reply_s: float = 4.0

    @property
    def envelope(self) -> Envelope | None:
        return Envelope(self.aes_key, self.app_id) if self.aes_key else None


def wechat_settings(settings: Settings) -> WechatSettings:
    """The account's settings.

    Raises:
        SettingsError: a value cannot be used.
    """
    own = own_settings(WechatSettings, settings, "wechat")
    if not 0 < own.reply_s <= _LONGEST_REPLY_S:
        raise SettingsError(
            f"{PREFIX}WECHAT_REPLY_S：应大于 0、不超过 {_LONGEST_REPLY_S} 秒（平台最多等 5 秒）。"
        )
    check_address(f"{PREFIX}WECHAT_API_URL", own.api_url)
    check_key(f"{PREFIX}WECHAT_AES_KEY", own.aes_key)
    return own


def check_address(variable: str, url: str) -> None:
    """Raises `SettingsError` unless `url` is an address of the web."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise SettingsError(f"{variable}：应以 http:// 或 https:// 开头。")


def check_key(variable: str, aes_key: str) -> None:
    """Raises `SettingsError` for an EncodingAESKey of another form; an empty one is none."""
    try:
        if aes_key:
            Envelope(aes_key, "")
    except ValueError as error:
        raise SettingsError(f"{variable}：{error}。") from None
