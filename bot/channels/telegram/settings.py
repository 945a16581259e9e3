"""The settings of the Telegram bot: `PEIPAO_TELEGRAM_…`."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import msgspec

from bot.settings import PREFIX, Settings, SettingsError, own_settings

_TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{10,80}")
# What the platform allows as a webhook's secret.
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class TelegramSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Off without a token. With `public_url` (where the platform reaches this service, https) updates come to
    the webhook, which is closed to everybody without `secret`; without it they are fetched."""

    token: str = ""
    secret: str = ""
    public_url: str = ""
    api_url: str = "https://api.telegram.org"
    # Of an HTTP or SOCKS proxy, where the platform is reached only through one.
    proxy: str = ""

    @property
    def account(self) -> str:
        """The bot's number, which is the first part of its token."""
        return self.token.partition(":")[0]


def telegram_settings(settings: Settings) -> TelegramSettings:
    """The bot's settings.

    Raises:
        SettingsError: a value cannot be used; secret ones are not repeated.
    """
    own = own_settings(TelegramSettings, settings, "telegram")
    name = f"{PREFIX}TELEGRAM_"
    if own.token and not _TOKEN.fullmatch(own.token):
        raise SettingsError(f"{name}TOKEN：应是 BotFather 给的“数字:字母”形式。")
    if own.secret and not _SECRET.fullmatch(own.secret):
        raise SettingsError(f"{name}SECRET：只能用字母、数字、下划线和短横线，最多 256 个字符。")
    for field, url in (("API_URL", own.api_url), ("PUBLIC_URL", own.public_url)):
        if url and urlsplit(url).scheme not in ("http", "https"):
            raise SettingsError(f"{name}{field}：应以 http:// 或 https:// 开头。")
    return own
