"""Files of a talk: uploaded by its officer, handed out to the people of its case alone."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from bot.cases import attachments, audit
from bot.cases.case_models import Officer
from bot.desk.access import NO_CASE, WORKERS, who_asks
from bot.desk.case_file import find_case
from bot.web.content import TAKES
from bot.web.errors import Refusal
from bot.web.handing import handed_out
from bot.web.services import Wired

# The form around the file.
_AROUND = 64 * 1024


def create_file_router() -> Router:
    """`/desk/files/KEY`, and `/desk/api/cases/NUMBER/files` that takes a new one."""

    @get("/files/{key:str}", include_in_schema=False)
    async def fetch(services: Wired, officer: NamedDependency[Officer], key: FromPath[str]) -> Response[Any]:
        async with services.database.write() as session:
            file = await attachments.for_officer(session, services.settings.data_dir, officer, key)
        if file is None:
            raise Refusal(404, "没有这个文件，或者它不归您的队伍。")
        return handed_out(file)

    @post(
        "/api/cases/{number:str}/files",
        include_in_schema=False,
        opt={TAKES: "multipart/form-data"},
        request_max_body_size=attachments.MAX_BYTES + _AROUND,
    )
    async def upload(
        request: Request[Any, Any, Any],
        services: Wired,
        officer: NamedDependency[Officer],
        number: FromPath[str],
    ) -> Response[Any]:
        async with services.database.write() as session:
            case = await find_case(session, officer, number)
            if case is None:
                raise Refusal(404, NO_CASE)
            if case.owner_id != officer.id or officer.role not in WORKERS:
                raise Refusal(403, "这段对话现在不在您手里。")
            await audit.note(session, f"officer:{officer.id}", "store_file", f"case:{case.number}")
        form = await request.form()
        given = form.get("file")
        if not isinstance(given, UploadFile) or not given.filename:
            raise Refusal(400, "没有收到文件。")
        content = await given.read()
        try:
            key = await attachments.store(
                services.database,
                services.settings.data_dir,
                case.conversation_id,
                given.filename,
                given.content_type or "",
                content,
            )
        except attachments.Refused as refusal:
            raise Refusal(415, str(refusal)) from None
        return Response({"key": key, "name": given.filename, "size": len(content)}, status_code=201)

    return Router("/", route_handlers=[fetch, upload], dependencies={"officer": Provide(who_asks)})
