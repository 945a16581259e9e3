"""The chat API of the contract: `/api/v1/chat` and its events."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

import msgspec
from litestar import Request, Response, Router, delete, get, post
from litestar.datastructures import Cookie
from litestar.params import JSONBody
from litestar.response import ServerSentEvent, ServerSentEventMessage
from sqlalchemy import select

from bot.cases.models import Counter, Door, Event, Message
from bot.conversation import doors, events
from bot.conversation.intake import ConversationEnded, OpenDoor, new_session
from bot.conversation.waiters import TurnFailed
from bot.conversation.wire import Button, Inbound, PublicState, Reply
from bot.web.errors import Refusal, unreadable
from bot.web.security import CHAT_COOKIE, SESSION_HEADER
from bot.web.services import Services, Wired

PATH = "/api/v1/chat"
# Longer than anybody writes by hand; what fits is kept whole even where it is too long to be read at once.
MAX_KEPT_CHARS = 20_000
MAX_PAYLOAD_BYTES = 200
MAX_LISTENERS = 8
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
UNKNOWN = "会话不存在或已结束，请重新开始。"


class ChatRequest(msgspec.Struct, frozen=True):
    """`session`: null opens a new one; left out, the session comes from the cookie or the header."""

    session: str | msgspec.UnsetType | None = msgspec.UNSET
    text: str | None = None
    payload: str | None = None
    message_id: str | None = None


class ChatAnswer(msgspec.Struct, frozen=True):
    session: str
    replies: list[Reply]
    state: PublicState
    # The privacy notice, where it has to be shown with this answer.
    notice: Reply | msgspec.UnsetType = msgspec.UNSET


class ChatLine(msgspec.Struct, frozen=True):
    """One message of the talk so far. `author`: firm, bot, officer or system."""

    id: int
    author: str
    text: str
    buttons: list[Button]
    at: str
    card: dict[str, Any] | msgspec.UnsetType | None = msgspec.UNSET


class ChatHistory(msgspec.Struct, frozen=True):
    messages: list[ChatLine]
    state: PublicState


@post(PATH, status_code=200, tags=["chat"], exception_handlers={UnicodeDecodeError: unreadable})
async def chat(
    data: JSONBody[ChatRequest], request: Request[Any, Any, Any], services: Wired
) -> Response[ChatAnswer]:
    """One message of a firm and its answer. A repeated `message_id` returns the first answer."""
    await services.limit_chat(request)
    inbound = _inbound(data)
    session = _given_session(data, request)
    if session is None:
        session = new_session()
        door = await services.conversations.open(*_channel(request, services), session)
    else:
        door = await _door(services, session)
    if inbound.platform_id is not None:
        # A firm's own numbering means something inside its own talk only.
        inbound = msgspec.structs.replace(inbound, platform_id=f"{door.id}:{inbound.platform_id}")
    try:
        answer = await services.conversations.receive(door, inbound)
    except ConversationEnded:
        raise Refusal(404, UNKNOWN) from None
    except TurnFailed:
        raise Refusal(503, "这条消息已经保存，但现在处理不了，请稍后再试或转陪跑专员。") from None
    cookie = Cookie(
        key=CHAT_COOKIE,
        value=session,
        path=PATH,
        httponly=True,
        samesite="strict",
        secure=services.settings.secure_cookies,
    )
    notice = msgspec.UNSET if answer.notice is None else answer.notice
    return Response(ChatAnswer(session, answer.replies, answer.state, notice), cookies=[cookie])


@get(PATH, tags=["chat"])
async def history(request: Request[Any, Any, Any], services: Wired) -> ChatHistory:
    """The talk so far, for a page that comes back."""
    door = await known_door(request, services)
    messages, state = await services.conversations.show(door)
    return ChatHistory([_line(message) for message in messages], state)


@delete(PATH, tags=["chat"])
async def end(request: Request[Any, Any, Any], services: Wired) -> Response[None]:
    """Ends the session: it is unknown from now on. A case that was opened goes on."""
    door = await known_door(request, services)
    await services.conversations.end(door)
    response: Response[None] = Response(None, status_code=204)
    response.delete_cookie(CHAT_COOKIE, path=PATH)
    return response


@get(f"{PATH}/events", tags=["chat"])
async def stream(request: Request[Any, Any, Any], services: Wired) -> ServerSentEvent:
    """The session's events, resumed after `Last-Event-ID`.

    `message`: `{"id", "author", "name", "text", "buttons", "reply_to"}`, words that no answer of `POST`
    carried (an officer's, or an answer finished after a restart; `reply_to` is then the firm's `message_id`).
    `status`: `{"mode", "case": {"number", "status"}}`.
    """
    door = await known_door(request, services)
    after = _last_event(request)
    name = events.talk(door.conversation_id)
    if services.broker.listeners(name) >= MAX_LISTENERS:
        raise Refusal(429, "这个会话打开的页面太多了，请先关掉几个。")
    return ServerSentEvent(
        server_sent(services, name, await _known(services, name, after), view=_view_at(services, door)),
        headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"},
    )


View = Callable[[], Awaitable[Callable[[Event], bool] | None]]


async def _everything() -> Callable[[Event], bool]:
    return lambda _event: True


async def server_sent(
    services: Services,
    stream_name: str,
    after: int,
    *,
    beat_s: float = 15.0,
    view: View = _everything,
) -> AsyncGenerator[ServerSentEventMessage]:
    """The events of a stream in the form of the browser's EventSource; a comment in silence.

    Args:
        view: asked before each event and in silence which events the listener may see; nothing ends it.
    """
    # Without `data=None` a comment would reach the page as an empty message.
    yield ServerSentEventMessage(comment="peipao", retry=2000, data=None)
    async for event in events.follow(services.database, services.broker, stream_name, after, beat_s=beat_s):
        seen = await view()
        if seen is None:
            return
        if event is None:
            yield ServerSentEventMessage(comment="still here", data=None)
        elif seen(event):
            yield ServerSentEventMessage(
                id=event.seq, event=event.kind, data=msgspec.json.encode(event.data).decode()
            )


def _view_at(services: Services, door: OpenDoor) -> View:
    """What is said at a linked door stays there, unless this one may show it; a door that was closed or led
    elsewhere while its page listened sees no more of the talk."""

    async def view() -> Callable[[Event], bool] | None:
        async with services.database.read(quick=True) as session:
            now = await session.get(Door, door.id)
            if now is None or now.closed_at is not None or now.conversation_id != door.conversation_id:
                return None
            shown = await doors.shown_at(session, door.conversation_id, door.id)
        return lambda event: event.data.get("door", door.id) in shown

    return view


async def _known(services: Services, stream_name: str, after: int) -> int:
    """`after`, unless the stream never got so far: then it is a place in the talk the page was in before."""
    async with services.database.read(quick=True) as session:
        last = await session.scalar(select(Counter.value).where(Counter.name == f"event:{stream_name}"))
    return after if after <= (last or 0) else 0


def _last_event(request: Request[Any, Any, Any]) -> int:
    given = request.headers.get("last-event-id", "").strip()
    if not given:
        return 0
    if not given.isascii() or not given.isdigit() or len(given) > 15:
        raise Refusal(400, "Last-Event-ID 应是一个数字。")
    return int(given)


def _inbound(data: ChatRequest) -> Inbound:
    if data.text is None and data.payload is None:
        raise Refusal(400, "缺少 text 或 payload。")
    text = data.text or ""
    if len(text) > MAX_KEPT_CHARS:
        raise Refusal(413, f"一次最多写{MAX_KEPT_CHARS}个字，请分几条发送。")
    if data.payload is not None and not 0 < len(data.payload.encode()) <= MAX_PAYLOAD_BYTES:
        raise Refusal(400, "payload 不是有效的按钮。")
    if data.message_id is not None and not 0 < len(data.message_id) <= 100:
        raise Refusal(400, "message_id 应为 1–100 个字符。")
    return Inbound(text=text, payload=data.payload, platform_id=data.message_id)


def _given_session(data: JSONBody[ChatRequest], request: Request[Any, Any, Any]) -> str | None:
    if isinstance(data.session, msgspec.UnsetType):
        return carried_session(request)
    return data.session


def carried_session(request: Request[Any, Any, Any]) -> str | None:
    """The session's key that comes in a header or a cookie."""
    return request.headers.get(SESSION_HEADER) or request.cookies.get(CHAT_COOKIE) or None


async def known_door(request: Request[Any, Any, Any], services: Services) -> OpenDoor:
    """The door of the session that a request carries."""
    await services.limit_chat(request)
    session = carried_session(request)
    if session is None:
        raise Refusal(404, UNKNOWN)
    return await _door(services, session)


async def _door(services: Services, session: str) -> OpenDoor:
    door = await services.conversations.find(session)
    if door is None:
        raise Refusal(404, UNKNOWN)
    return door


def _channel(request: Request[Any, Any, Any], services: Services) -> tuple[str, str]:
    """Channel and account of a new session: which page it is, and which kiosk."""
    channel = request.headers.get("X-Peipao-Channel", "web")
    account = request.headers.get("X-Peipao-Kiosk", "")
    known = services.channels.get(channel)
    # Only those that fetch their messages: nobody may speak for a platform here.
    if known is None or not known.pull or (account and not _NAME.fullmatch(account)):
        raise Refusal(400, "X-Peipao-Channel 或 X-Peipao-Kiosk 不对。")
    return channel, account


def _line(message: Message) -> ChatLine:
    reply = msgspec.convert({"text": "", **message.body}, Reply)
    return ChatLine(
        message.seq, message.author, reply.text, reply.buttons, message.created_at.isoformat(), reply.card
    )


chat_router = Router("/", route_handlers=[chat, history, end, stream])
