"""The Bot API as far as the channel uses it: a real server that keeps what it was asked and can refuse."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

TOKEN = "424242:fake-bot-token_of-the-tests"
ACCOUNT = "424242"
USERNAME = "peipao_test_bot"


class Refusal:
    """One answer that is not `ok`. `after` puts `retry_after` into it."""

    def __init__(self, status: int, words: str, after: int | None = None) -> None:
        self.status = status
        self.words = words
        self.after = after


class FakeBotApi:
    """`calls`: method and parameters in order. `refusals`: what the next `sendMessage` calls get (None: ok);
    after them `trouble` is asked.
    `shown`: the messages that stand in each chat."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.refusals: deque[Refusal | None] = deque()
        self.trouble: Callable[[], Refusal | None] = lambda: None
        self.shown: dict[int, list[dict[str, Any]]] = {}
        self.answered: dict[str, str] = {}
        self.webhook: dict[str, Any] | None = None
        self.url = ""
        self.unreachable = 0
        self._updates: list[dict[str, Any]] = []
        self._messages = 0
        self._changed = asyncio.Condition()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        raw, more = b"", True
        while more:
            part = await receive()
            raw += part.get("body", b"")
            more = part.get("more_body", False)
        given: dict[str, Any] = dict(parse_qsl(raw.decode()))
        prefix, _, method = scope["path"].rpartition("/")
        if prefix != f"/bot{TOKEN}":
            await _say(send, 401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
            return
        if self.unreachable:
            self.unreachable -= 1
            await _say(send, 502, {"ok": False, "error_code": 502, "description": "Bad Gateway"})
            return
        async with self._changed:
            self.calls.append((method, given))
            self._changed.notify_all()
        refusal = None
        if method == "sendMessage":
            refusal = self.refusals.popleft() if self.refusals else self.trouble()
        if refusal is not None:
            body = {"ok": False, "error_code": refusal.status, "description": refusal.words}
            if refusal.after is not None:
                body["parameters"] = {"retry_after": refusal.after}
            await _say(send, refusal.status, body)
            return
        result = await getattr(self, f"_{method}")(given)
        await _say(send, 200, {"ok": True, "result": result})

    async def _getMe(self, _given: dict[str, Any]) -> Any:
        return {"id": int(ACCOUNT), "is_bot": True, "first_name": "陪跑", "username": USERNAME}

    async def _setMyCommands(self, _given: dict[str, Any]) -> Any:
        return True

    async def _deleteWebhook(self, _given: dict[str, Any]) -> Any:
        self.webhook = None
        return True

    async def _setWebhook(self, given: dict[str, Any]) -> Any:
        self.webhook = given
        return True

    async def _getWebhookInfo(self, _given: dict[str, Any]) -> Any:
        hook = self.webhook or {}
        info = {"url": hook.get("url", ""), "has_custom_certificate": False, "pending_update_count": 0}
        if "last_error_message" in hook:
            info |= {"last_error_date": 1_790_000_000, "last_error_message": hook["last_error_message"]}
        return info

    async def _answerCallbackQuery(self, given: dict[str, Any]) -> Any:
        self.answered[given["callback_query_id"]] = given.get("text", "")
        return True

    async def _sendMessage(self, given: dict[str, Any]) -> Any:
        assert 0 < len(given["text"]) <= 4096
        self._messages += 1
        chat = int(given["chat_id"])
        keyboard = json.loads(given["reply_markup"])["inline_keyboard"] if "reply_markup" in given else []
        buttons = [button for row in keyboard for button in row]
        for button in buttons:
            assert 0 < len(button["callback_data"].encode()) <= 64
        message = {"text": given["text"], "buttons": buttons, "parse_mode": given.get("parse_mode")}
        async with self._changed:
            self.shown.setdefault(chat, []).append(message)
            self._changed.notify_all()
        private = {"id": chat, "type": "private"}
        return {"message_id": self._messages, "date": 1_790_000_000, "chat": private, "text": given["text"]}

    async def _getUpdates(self, given: dict[str, Any]) -> Any:
        offset = int(given.get("offset", 0))
        async with self._changed:
            # As the platform does: what a later offset asks past is forgotten.
            self._updates = [update for update in self._updates if update["update_id"] >= offset]
            await self._changed.wait_for(lambda: bool(self._updates))
            return list(self._updates)

    async def push(self, *updates: dict[str, Any]) -> None:
        """Updates for those who poll."""
        async with self._changed:
            self._updates += updates
            self._changed.notify_all()

    async def until_asked(self, method: str, times: int = 1) -> list[dict[str, Any]]:
        """The parameters of the calls of `method`, once there are so many."""

        def asked() -> list[dict[str, Any]]:
            return [given for name, given in self.calls if name == method]

        async with asyncio.timeout(20), self._changed:
            await self._changed.wait_for(lambda: len(asked()) >= times)
            return asked()

    async def until_shown(self, chat: int, count: int) -> list[dict[str, Any]]:
        """The messages in a chat, once there are so many."""
        async with asyncio.timeout(20), self._changed:
            await self._changed.wait_for(lambda: len(self.shown.get(chat, [])) >= count)
            return list(self.shown[chat])


async def _say(send: Any, status: int, body: Any) -> None:
    content = json.dumps(body).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
