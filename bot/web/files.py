"""Files of a talk, to and from the firm's own page."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from bot.cases import attachments
from bot.channels import consent
from bot.conversation.files import KEPT
from bot.conversation.intake import ConversationEnded
from bot.conversation.waiters import TurnFailed
from bot.conversation.wire import FileRef, Inbound, Kind
from bot.web.chat import PATH, UNKNOWN, ChatAnswer, carried_session, known_door
from bot.web.content import TAKES
from bot.web.errors import Refusal
from bot.web.handing import handed_out
from bot.web.services import Wired

# The form around the file.
_AROUND = 64 * 1024


@get(f"{PATH}/files/{{key:str}}", tags=["chat"])
async def file_of_talk(request: Request[Any, Any, Any], services: Wired, key: FromPath[str]) -> Response[Any]:
    """A file that was sent in this talk."""
    door = await known_door(request, services)
    async with services.database.read() as session:
        file = await attachments.for_firm(session, services.settings.data_dir, door.conversation_id, key)
    if file is None:
        raise Refusal(404, "没有这个文件。")
    return handed_out(file)


@post(
    f"{PATH}/files",
    status_code=200,
    tags=["chat"],
    opt={TAKES: "multipart/form-data"},
    request_max_body_size=attachments.MAX_BYTES + _AROUND,
)
async def take_file(request: Request[Any, Any, Any], services: Wired) -> ChatAnswer:
    """A picture or document of the firm (form field `file`), as a message of its talk.

    It is kept only of somebody who agreed to the privacy notice; what kind it is, its content decides.
    """
    session = carried_session(request)
    door = await known_door(request, services)
    async with services.database.read() as reading:
        stands = await consent.standing(reading, door.conversation_id, door.id)
    if not stands.given:
        raise Refusal(403, "请先在对话里同意个人信息告知，再发材料。")
    form = await request.form()
    given = form.get("file")
    if not isinstance(given, UploadFile) or not given.filename:
        raise Refusal(400, "没有收到文件。")
    content = await given.read()
    try:
        key = await attachments.store(
            services.database,
            services.settings.data_dir,
            door.conversation_id,
            given.filename,
            given.content_type or "",
            content,
        )
    except attachments.Refused as refusal:
        raise Refusal(415, str(refusal)) from None
    name, media_type = given.filename[:100], given.content_type or ""
    kind: Kind = "image" if media_type.startswith("image/") else "file"
    inbound = Inbound(kind=kind, file=FileRef(KEPT + key, name, media_type, len(content)))
    try:
        answer = await services.conversations.receive(door, inbound)
    except ConversationEnded:
        raise Refusal(404, UNKNOWN) from None
    except TurnFailed:
        raise Refusal(503, "文件已经保存，但现在处理不了，请稍后再试。") from None
    return ChatAnswer(session or "", answer.replies, answer.state)


files_router = Router("/", route_handlers=[file_of_talk, take_file])
