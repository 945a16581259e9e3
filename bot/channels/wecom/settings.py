"""The settings of 微信客服: `PEIPAO_WECOM_…`."""

from __future__ import annotations

import msgspec

from bot.channels.wechat.crypto import Envelope
from bot.channels.wechat.settings import check_address, check_key
from bot.settings import PREFIX, Settings, own_settings


class WecomSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Off without a corp id; closed to everybody without token or key.

    `secret`: the one of 微信客服 itself. `open_kfid`: the customer-service account, `wk…`.
    """

    corp_id: str = ""
    secret: str = ""
    token: str = ""
    aes_key: str = ""
    open_kfid: str = ""
    api_url: str = "https://qyapi.weixin.qq.com"

    @property
    def envelope(self) -> Envelope | None:
        return Envelope(self.aes_key, self.corp_id) if self.aes_key else None


def wecom_settings(settings: Settings) -> WecomSettings:
    """The account's settings.

    Raises:
        SettingsError: a value cannot be used.
    """
    own = own_settings(WecomSettings, settings, "wecom")
    check_address(f"{PREFIX}WECOM_API_URL", own.api_url)
    check_key(f"{PREFIX}WECOM_AES_KEY", own.aes_key)
    return own
