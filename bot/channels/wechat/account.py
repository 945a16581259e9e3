"""What we ask of WeChat's interfaces for an Official Account."""

from __future__ import annotations

from typing import Any

from bot.cases.database import Database
from bot.channels.base import Fetched, NotSent, TryLater
from bot.channels.wechat.api import Api, ApiError, TooSlow, Unclear, Unreachable, ask, make_client
from bot.channels.wechat.settings import WechatSettings
from bot.channels.wechat.tokens import TokenHolder

# The platform's limit for a text, in bytes.
MAX_TEXT_BYTES = 2048
# Nothing may be sent any more: too long ago, or no longer a follower.
WINDOW_OVER = frozenset({45015, 43004})
COUNT_OVER = 45047
_REFUSALS = {
    40003: "微信不认识这位用户",
    43004: "对方没有关注公众号（或已取消关注）",
    45002: "内容超过微信的长度限制",
    45015: "对方超过48小时没有来信（或已取消关注），微信不允许再发",
    45047: "微信允许的条数已经用完，等对方再来一条消息后才能继续发",
    48001: "公众号没有客服消息的接口权限",
}
_SETUP = {
    40013: "AppID 不对",
    40125: "AppSecret 不对",
    40001: "AppSecret 不对",
    40164: "本机的出口 IP 不在公众号后台的 IP 白名单里",
    40243: "AppSecret 已被冻结",
}


class OfficialAccount:
    """The interfaces of one account, with one HTTP client and one shared token."""

    def __init__(self, settings: WechatSettings, database: Database) -> None:
        self.app_id = settings.app_id
        self._secret = settings.app_secret
        self._http = make_client(settings.api_url)
        self.api = Api(self._http, TokenHolder(database, f"wechat:{self.app_id}", self.fetch_token))

    async def fetch_token(self, force: bool) -> tuple[str, int]:
        """A stable token: other programs with the same account keep theirs.

        Raises:
            TryLater: no token now; the reason is for the operator.
        """
        body = {
            "grant_type": "client_credential",
            "appid": self.app_id,
            "secret": self._secret,
            "force_refresh": force,
        }
        try:
            answer = await ask(self._http, "POST", "/cgi-bin/stable_token", {}, body)
            return str(answer["access_token"]), int(answer["expires_in"])
        except ApiError as error:
            raise TryLater(f"取不到接口凭证：{_SETUP.get(error.code, error.code)}", 60.0) from None
        except TooSlow:
            raise Unreachable("接口凭证迟迟取不到") from None
        except (Unclear, KeyError, ValueError):
            # Fetching once more does no harm.
            raise TryLater("取不到接口凭证", 30.0) from None

    async def send_text(self, person: str, text: str) -> None:
        """One customer-service message. Raises what `Api.call` does."""
        body = {"touser": person, "msgtype": "text", "text": {"content": text}}
        await self.api.call("/cgi-bin/message/custom/send", body)

    async def create_menu(self, menu: dict[str, Any]) -> None:
        """Replaces the account's menu.

        Raises:
            ApiError: the platform refuses it. TryLater, Unclear.
        """
        await self.api.call("/cgi-bin/menu/create", menu)

    async def scene_address(self, scene: str, lasts_s: int) -> str:
        """What a QR code has to hold so that scanning it leads here with the parameter `scene`."""
        body = {
            "expire_seconds": lasts_s,
            "action_name": "QR_STR_SCENE",
            "action_info": {"scene": {"scene_str": scene}},
        }
        answer = await self.api.call("/cgi-bin/qrcode/create", body)
        return str(answer["url"])

    async def media(self, media_id: str) -> Fetched:
        """A file that a person sent."""
        return await self.api.media("/cgi-bin/media/get", media_id)

    async def close(self) -> None:
        await self.api.close()


def refusal(error: ApiError) -> NotSent:
    """The platform's refusal to deliver, in words for the officer."""
    return NotSent(_REFUSALS.get(error.code, f"微信拒绝发送（{error.code}）"))
