"""Files of a talk, for the firm's own page."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, Router, get
from litestar.params import FromPath

from bot.cases import attachments
from bot.web.chat import PATH, known_door
from bot.web.errors import Refusal
from bot.web.handing import handed_out
from bot.web.services import Wired


@get(f"{PATH}/files/{{key:str}}", tags=["chat"])
async def file_of_talk(request: Request[Any, Any, Any], services: Wired, key: FromPath[str]) -> Response[Any]:
    """A file that was sent in this talk."""
    door = await known_door(request, services)
    async with services.database.read() as session:
        file = await attachments.for_firm(session, services.settings.data_dir, door.conversation_id, key)
    if file is None:
        raise Refusal(404, "没有这个文件。")
    return handed_out(file)


files_router = Router("/", route_handlers=[file_of_talk])
