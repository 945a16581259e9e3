"""A small WeChat on a real port: tokens, customer-service messages with their quota, menu, codes, files."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote

import msgspec

from bot.cases.clock import now

# (allowed, how long) by what the person did.
ALLOWED = {"message": (5, timedelta(hours=48)), "event": (3, timedelta(minutes=1))}
# The one 微信客服 account.
KFID = "wkTest-1"
# Bytes: (content, media type, name).
Answer = tuple[int, Any]


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
        # Whether this request to a path is refused as «busy».
        self.fails: Callable[[str], bool] = lambda _path: False
        self.token_number = 1
        # Whatever token is shown, it is refused.
        self.refuses_tokens = False
        self.routes: dict[str, Callable[[dict[str, Any]], Answer]] = {}
        # What people sent, by its id: (content, media type, name).
        self.files: dict[str, tuple[bytes, str, str]] = {}

    @property
    def token(self) -> str:
        return f"token-{self.token_number}"

    def count(self, path: str) -> int:
        return sum(asked == path for asked, _ in self.asked)

    def trouble(self, path: str, *troubles: Any) -> None:
        """The next requests to `path` meet these."""
        self.troubled = path
        self.troubles.extend(troubles)

    def _media(self, body: dict[str, Any]) -> Answer:
        found = self.files.get(body["media_id"])
        return (200, found) if found else failed(40007)

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
        if self.fails(path):
            # Busy: certainly not done.
            answer = failed(-1)
        elif self.troubles and path.startswith(self.troubled):
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
        self.routes = {
            "/cgi-bin/stable_token": self._token,
            "/cgi-bin/message/custom/send": self._send,
            "/cgi-bin/menu/create": self._menu,
            "/cgi-bin/qrcode/create": self._code,
            "/cgi-bin/media/get": self._media,
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


async def _reply(send: Callable[[Any], Awaitable[None]], status: int, body: Any) -> None:
    if isinstance(body, tuple):
        content, kind, name = body
    elif isinstance(body, bytes):
        content, kind, name = body, "text/html", ""
    else:
        content, kind, name = msgspec.json.encode(body), "application/json; charset=utf-8", ""
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(content)).encode())]
    if name:
        shown = f"attachment; filename*=utf-8''{quote(name)}"
        headers.append((b"content-disposition", shown.encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


class FakeWeCom(Server):
    """微信客服's platform. `sent`: (person, text); `talk`: all messages that can be fetched, by account."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []
        self.quotas = Quotas(lambda: self.clock())
        self.talk: list[dict[str, Any]] = []
        self.states: dict[str, int] = {}
        self.welcomes: dict[str, str] = {}
        self.page = 1000
        self.routes = {
            "/cgi-bin/gettoken": self._token,
            "/cgi-bin/kf/sync_msg": self._sync,
            "/cgi-bin/kf/send_msg": self._send,
            "/cgi-bin/kf/send_msg_on_event": self._welcome,
            "/cgi-bin/kf/service_state/get": self._state,
            "/cgi-bin/kf/service_state/trans": self._trans,
            "/cgi-bin/kf/add_contact_way": self._way,
            "/cgi-bin/media/get": self._media,
        }

    def wrote(self, person: str, kind: str = "text", **content: Any) -> str:
        """A person writes; returns the message's id."""
        key = f"msg-{len(self.talk) + 1}"
        self.talk.append(
            {
                "msgid": key,
                "open_kfid": KFID,
                "external_userid": person,
                "send_time": int(self.clock().timestamp()),
                "origin": 3,
                "msgtype": kind,
                kind: content,
            }
        )
        self.states.setdefault(person, 0)
        self.quotas.touched(person, "message")
        return key

    def entered(self, person: str, *, scene: str = "", welcome: str = "") -> None:
        """A person opens the session."""
        event = {"event_type": "enter_session", "open_kfid": KFID, "external_userid": person}
        event |= {"scene": "link", "scene_param": scene, "welcome_code": welcome}
        key, at = f"event-{len(self.talk) + 1}", int(self.clock().timestamp())
        self.talk.append({"msgid": key, "send_time": at, "origin": 4, "msgtype": "event", "event": event})
        if welcome:
            self.welcomes[welcome] = person

    def _token(self, body: dict[str, Any]) -> Answer:
        if body.get("corpsecret") != "corp-secret":
            return failed(40001)
        return 200, {"errcode": 0, "access_token": self.token, "expires_in": 7200}

    def _sync(self, body: dict[str, Any]) -> Answer:
        start = int(body.get("cursor") or 0)
        end = min(len(self.talk), start + min(self.page, body["limit"]))
        more = int(end < len(self.talk))
        found = self.talk[start:end]
        return 200, {"errcode": 0, "next_cursor": str(end), "has_more": more, "msg_list": found}

    def _send(self, body: dict[str, Any]) -> Answer:
        person, text = body["touser"], body["text"]["content"]
        if self.states.get(person, 4) not in (0, 1):
            return failed(95018)
        if len(text.encode()) > 2048:
            return failed(40058)
        taken = self.quotas.take(person)
        if taken != "ok":
            return failed(95002 if taken == "over" else 95001)
        self.sent.append((person, text))
        return 200, {"errcode": 0, "msgid": f"out-{len(self.sent)}"}

    def _welcome(self, body: dict[str, Any]) -> Answer:
        person = self.welcomes.pop(body["code"], None)
        if person is None:
            return failed(95007)
        self.sent.append((person, body["text"]["content"]))
        return 200, {"errcode": 0, "msgid": f"out-{len(self.sent)}"}

    def _state(self, body: dict[str, Any]) -> Answer:
        return 200, {"errcode": 0, "service_state": self.states.get(body["external_userid"], 0)}

    def _trans(self, body: dict[str, Any]) -> Answer:
        if self.states.get(body["external_userid"], 0) > 1:
            return failed(95016)
        self.states[body["external_userid"]] = body["service_state"]
        return 200, {"errcode": 0}

    def _way(self, body: dict[str, Any]) -> Answer:
        return 200, {"errcode": 0, "url": f"https://work.weixin.qq.com/kfid/{body['open_kfid']}?enc_scene=x"}
