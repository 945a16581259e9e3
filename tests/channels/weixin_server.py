"""A small WeChat on a real port: tokens, customer-service messages with their quota, menu, codes, files."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import msgspec

from bot.cases.clock import now

# (allowed, how long) by what the person did.
ALLOWED = {"message": (5, timedelta(hours=48)), "event": (3, timedelta(minutes=1))}
Answer = tuple[int, dict[str, Any] | bytes]


class Server:
    """What both platforms have: a token, scripted troubles, a log of what was asked.

    `troubles` are answered first, one a request: a number is an error code, `drop` closes the connection
    after the request was read, (status, body) is answered as it stands.
    """

    def __init__(self) -> None:
        self.clock: Callable[[], datetime] = now
        self.url = ""
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.troubles: deque[Any] = deque()
        # Only requests to a path that begins so meet a trouble.
        self.troubled = ""
        self.token_number = 1
        # Whatever token is shown, it is refused.
        self.refuses_tokens = False
        self.routes: dict[str, Callable[[dict[str, Any]], Answer]] = {}

    @property
    def token(self) -> str:
        return f"token-{self.token_number}"

    def count(self, path: str) -> int:
        return sum(asked == path for asked, _ in self.asked)

    def trouble(self, path: str, *troubles: Any) -> None:
        """The next requests to `path` meet these."""
        self.troubled = path
        self.troubles.extend(troubles)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        raw, more = b"", True
        while more:
            part = await receive()
            raw += part.get("body", b"")
            more = part.get("more_body", False)
        query = {name: values[0] for name, values in parse_qs(scope["query_string"].decode()).items()}
        body = msgspec.json.decode(raw) if raw else {}
        path = scope["path"]
        self.asked.append((path, body))
        if self.troubles and path.startswith(self.troubled):
            trouble = self.troubles.popleft()
            if trouble == "drop":
                # Left without an answer, the connection is closed.
                raise ConnectionResetError
            answer = trouble if isinstance(trouble, tuple) else failed(trouble)
        else:
            answer = self._answer(path, query, body)
        await _reply(send, *answer)

    def _answer(self, path: str, query: dict[str, str], body: dict[str, Any]) -> Answer:
        open_routes = ("/cgi-bin/stable_token", "/cgi-bin/gettoken")
        if path not in open_routes and (self.refuses_tokens or query.get("access_token") != self.token):
            return failed(40001)
        route = self.routes.get(path)
        return route({**query, **body}) if route is not None else (404, b"not found")


class Quotas:
    """The platform's own count of what may be sent to whom."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._windows: dict[tuple[str, str], tuple[datetime, int]] = {}

    def touched(self, person: str, by: str) -> None:
        self._windows[person, by] = (self._clock() + ALLOWED[by][1], ALLOWED[by][0])

    def take(self, person: str) -> str:
        """`ok`, `over` (no window is open) or `spent`."""
        windows = [
            (by, *self._windows[person, by]) for by in ("event", "message") if (person, by) in self._windows
        ]
        is_open = [(by, until, left) for by, until, left in windows if until > self._clock()]
        if not is_open:
            return "over"
        for by, until, left in is_open:
            if left:
                self._windows[person, by] = (until, left - 1)
                return "ok"
        return "spent"


class FakeWeChat(Server):
    """An Official Account's platform. `sent`: (person, text) of what was delivered."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []
        self.quotas = Quotas(lambda: self.clock())
        self.left: set[str] = set()
        self.menus: list[dict[str, Any]] = []
        self.codes: list[dict[str, Any]] = []
        self.files: dict[str, tuple[bytes, str]] = {}
        self.routes = {
            "/cgi-bin/stable_token": self._token,
            "/cgi-bin/message/custom/send": self._send,
            "/cgi-bin/menu/create": self._menu,
            "/cgi-bin/qrcode/create": self._code,
        }

    def _token(self, body: dict[str, Any]) -> Answer:
        if body["secret"] != "app-secret":
            return failed(40125)
        if body["force_refresh"]:
            self.token_number += 1
        return 200, {"access_token": self.token, "expires_in": 7200}

    def _send(self, body: dict[str, Any]) -> Answer:
        person, text = body["touser"], body["text"]["content"]
        if person in self.left:
            return failed(43004)
        if len(text.encode()) > 2048:
            return failed(45002)
        taken = self.quotas.take(person)
        if taken != "ok":
            return failed(45015 if taken == "over" else 45047)
        self.sent.append((person, text))
        return 200, {"errcode": 0, "errmsg": "ok"}

    def _menu(self, body: dict[str, Any]) -> Answer:
        self.menus.append({name: value for name, value in body.items() if name != "access_token"})
        return 200, {"errcode": 0, "errmsg": "ok"}

    def _code(self, body: dict[str, Any]) -> Answer:
        self.codes.append(body)
        scene = body["action_info"]["scene"]["scene_str"]
        return 200, {
            "ticket": "t",
            "expire_seconds": body["expire_seconds"],
            "url": f"http://weixin.qq.com/q/{scene}",
        }


def failed(code: int) -> Answer:
    return 200, {"errcode": code, "errmsg": f"error {code}"}


async def _reply(send: Callable[[Any], Awaitable[None]], status: int, body: dict[str, Any] | bytes) -> None:
    content = body if isinstance(body, bytes) else msgspec.json.encode(body)
    kind = b"application/octet-stream" if isinstance(body, bytes) else b"application/json; charset=utf-8"
    headers = [(b"content-type", kind), (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
