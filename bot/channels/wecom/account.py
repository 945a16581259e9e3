"""What we ask of 企业微信's interfaces for one 微信客服 account."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import msgspec

from bot.cases.database import Database
from bot.channels.base import Fetched, NotSent, TryLater
from bot.channels.wechat.api import Api, ApiError, TooSlow, Unclear, Unreachable, ask, make_client
from bot.channels.wechat.tokens import TokenHolder
from bot.channels.wecom.settings import WecomSettings

# Session states: who receives the person's messages. We may write in the first two.
UNTOUCHED, BY_PROGRAM = 0, 1
_STATES = {2: "排队等人工接待", 3: "由企业微信的客服人员接待", 4: "已结束"}
COUNT_OVER = frozenset({95001})
STATE_WRONG = 95018
_REFUSALS = {
    40003: "企业微信不认识这位用户",
    95000: "客服账号（open_kfid）不对",
    95001: "微信客服允许的条数已经用完，等对方再来一条消息后才能继续发",
    95002: "对方超过48小时没有来信，微信客服不允许再发",
    95018: "会话不在智能助手接待状态，消息发不出去",
}
_SETUP = {
    40001: "Secret 不对",
    40013: "企业 ID 不对",
    40091: "Secret 不对",
    60020: "本机的出口 IP 不在企业可信 IP 里",
}


class Page(msgspec.Struct, frozen=True):
    """One page of fetched messages, as the platform wrote them."""

    messages: list[dict[str, Any]]
    cursor: str
    more: bool


class ServiceAccount:
    """The interfaces of one account, with one HTTP client and one shared token."""

    def __init__(self, settings: WecomSettings, database: Database) -> None:
        self.corp_id = settings.corp_id
        self.open_kfid = settings.open_kfid
        self._secret = settings.secret
        self._http = make_client(settings.api_url)
        self.api = Api(self._http, TokenHolder(database, f"wecom:{self.corp_id}", self.fetch_token))

    async def fetch_token(self, _force: bool) -> tuple[str, int]:
        """The token; the platform gives the same one as long as it lives, and cannot be forced.

        Raises:
            TryLater: no token now; the reason is for the operator.
        """
        query = {"corpid": self.corp_id, "corpsecret": self._secret}
        try:
            answer = await ask(self._http, "GET", "/cgi-bin/gettoken", query)
            return str(answer["access_token"]), int(answer["expires_in"])
        except ApiError as error:
            raise TryLater(f"取不到接口凭证：{_SETUP.get(error.code, error.code)}", 60.0) from None
        except TooSlow:
            raise Unreachable("接口凭证迟迟取不到") from None
        except (Unclear, KeyError, ValueError):
            raise TryLater("取不到接口凭证", 30.0) from None

    async def fetch(self, cursor: str, bell: str) -> Page:
        """The messages after `cursor`.

        Args:
            bell: the callback's word; without one the platform answers only now and then.
        """
        body: dict[str, Any] = {"open_kfid": self.open_kfid, "limit": 1000, "voice_format": 0}
        if cursor:
            body["cursor"] = cursor
        if bell:
            body["token"] = bell
        answer = await self.api.call("/cgi-bin/kf/sync_msg", body)
        messages = [item for item in answer.get("msg_list") or [] if isinstance(item, dict)]
        return Page(messages, str(answer.get("next_cursor") or ""), bool(answer.get("has_more")))

    async def keep_with_us(self, person: str) -> None:
        """Sees that the session is in a state in which we may write, and puts a new one into state 1.

        Raises:
            NotSent: the session was given to somebody in 企业微信, or is over. What `Api.call` raises.
        """
        whose = {"open_kfid": self.open_kfid, "external_userid": person}
        answer = await self.api.call("/cgi-bin/kf/service_state/get", whose)
        state = int(answer.get("service_state", UNTOUCHED))
        if state == BY_PROGRAM:
            return
        if state != UNTOUCHED:
            raise NotSent(f"会话在企业微信里{_STATES.get(state, f'处于状态{state}')}，消息发不出去")
        await self.api.call("/cgi-bin/kf/service_state/trans", {**whose, "service_state": BY_PROGRAM})

    async def send_text(self, person: str, text: str) -> str | None:
        """One message into an open session; the platform's id of it. Raises what `Api.call` does."""
        body = {"touser": person, "open_kfid": self.open_kfid, "msgtype": "text", "text": {"content": text}}
        return _id(await self.api.call("/cgi-bin/kf/send_msg", body))

    async def send_welcome(self, code: str, text: str) -> str | None:
        """One message to somebody who opened the session and has not written; `code` serves once."""
        body = {"code": code, "msgtype": "text", "text": {"content": text}}
        return _id(await self.api.call("/cgi-bin/kf/send_msg_on_event", body))

    async def scene_address(self, scene: str) -> str:
        """What a QR code has to hold so that scanning it leads here with the parameter `scene`."""
        body = {"open_kfid": self.open_kfid, "scene": "link"}
        answer = await self.api.call("/cgi-bin/kf/add_contact_way", body)
        return f"{answer['url']}&scene_param={quote(scene, safe='')}"

    async def media(self, media_id: str) -> Fetched:
        """A file that a person sent."""
        return await self.api.media("/cgi-bin/media/get", media_id)

    async def close(self) -> None:
        await self.api.close()


def refusal(error: ApiError) -> NotSent:
    """The platform's refusal to deliver, in words for the officer."""
    return NotSent(_REFUSALS.get(error.code, f"微信客服拒绝发送（{error.code}）"))


def _id(answer: dict[str, Any]) -> str | None:
    given = answer.get("msgid")
    return str(given)[:160] if given else None
