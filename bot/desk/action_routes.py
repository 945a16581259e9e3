"""`/desk/api/cases/NUMBER/…`: what officers do with a case, as JSON."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import msgspec
from litestar import Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import audit
from bot.cases.case_models import Officer
from bot.cases.clock import local_day, now
from bot.cases.models import Conversation
from bot.catalog.model import Catalog
from bot.conversation import assignment, events, handling
from bot.conversation.dialogue import FactError
from bot.desk import canned
from bot.desk.access import NO_CASE, WORKERS, require, who_asks
from bot.desk.case_file import find_case, read_talk
from bot.desk.delivery import retry as send_again
from bot.desk.talk_views import Line, lines_of
from bot.desk.views import product_name
from bot.desk.whatif import MOST_FACTS, WhatIf, what_if
from bot.web.errors import Refusal
from bot.web.services import Services, Wired

API = "/desk/api/cases"
MAX_CHARS = 4000
MAX_FILES = 5
TYPING_S = 6
_STALE = "情况已经变化，这次操作没有生效，请看过最新情况再决定。"


class Words(msgspec.Struct, frozen=True):
    version: int
    text: str = ""
    files: list[str] = []


class Move(msgspec.Struct, frozen=True):
    to: str
    case_version: int
    reason: str = ""


class Assign(msgspec.Struct, frozen=True):
    to: int
    case_version: int


class Transfer(msgspec.Struct, frozen=True):
    """`to`: an officer's id or a team's."""

    to: int | str
    note: str = ""


class Reason(msgspec.Struct, frozen=True):
    reason: str = ""


class NoteText(msgspec.Struct, frozen=True):
    text: str = ""


class FactChange(msgspec.Struct, frozen=True):
    fact: str
    state_rev: int
    value: bool | int | float | str | None = None
    reason: str = ""


class Assumption(msgspec.Struct, frozen=True):
    facts: dict[str, bool | int | float | str | None]


class Again(msgspec.Struct, frozen=True):
    seq: int


Work = Callable[[AsyncSession], Awaitable[handling.Handled]]


async def handled(services: Services, officer: Officer, work: Work) -> Response[Any]:
    """`{"version": …}` once `work` is committed and whoever waits for it has been rung.

    409 for whoever came too late: `{"error", "owner"}` for a case that is another's,
    `{"error", "stale": true}` for an old page. Whoever only reads gets a 403 for everything.
    """
    require(officer, WORKERS, "您的角色只能查看。")
    try:
        async with services.database.write() as session:
            done = await work(session)
    except handling.CaseTaken as taken:
        words = f"{taken.owner}已经接手或正在考虑这件。" if taken.owner else "这件已经有人接手。"
        return Response({"error": words, "owner": taken.owner}, status_code=409)
    except handling.Stale:
        return Response({"error": _STALE, "stale": True}, status_code=409)
    except handling.NotAllowed as refusal:
        raise Refusal(403, str(refusal)) from None
    except LookupError:
        raise Refusal(404, NO_CASE) from None
    for stream in done.streams:
        services.broker.ring(stream)
    services.sender.ring()
    return Response({"version": done.version}, status_code=200)


def create_action_router(catalog: Callable[[], Catalog]) -> Router:
    @post("/{number:str}/claim", include_in_schema=False)
    async def claim(
        services: Wired, officer: NamedDependency[Officer], number: FromPath[str]
    ) -> Response[Any]:
        return await handled(services, officer, lambda session: handling.claim(session, number, officer))

    @post("/{number:str}/pass", include_in_schema=False)
    async def pass_on(
        services: Wired, officer: NamedDependency[Officer], number: FromPath[str]
    ) -> Response[Any]:
        return await handled(services, officer, lambda session: assignment.pass_on(session, number, officer))

    @post("/{number:str}/write", include_in_schema=False)
    async def write(
        services: Wired, officer: NamedDependency[Officer], number: FromPath[str], data: JSONBody[Words]
    ) -> Response[Any]:
        if len(data.text) > MAX_CHARS:
            raise Refusal(413, f"一次最多写{MAX_CHARS}个字，请分几条发送。")
        if len(data.files) > MAX_FILES:
            raise Refusal(413, f"一次最多带{MAX_FILES}个文件。")
        return await handled(
            services,
            officer,
            lambda session: handling.write(session, number, officer, data.version, data.text, data.files),
        )

    @post("/{number:str}/move", include_in_schema=False)
    async def move(
        services: Wired, officer: NamedDependency[Officer], number: FromPath[str], data: JSONBody[Move]
    ) -> Response[Any]:
        return await handled(
            services,
            officer,
            lambda session: handling.move(
                session,
                number,
                officer,
                data.to,
                data.case_version,
                data.reason,
                dialogue=services.dialogue,
            ),
        )

    @post("/{number:str}/assign", include_in_schema=False)
    async def assign(
        services: Wired, officer: NamedDependency[Officer], number: FromPath[str], data: JSONBody[Assign]
    ) -> Response[Any]:
        return await handled(
            services,
            officer,
            lambda session: handling.assign(session, number, officer, data.to, data.case_version),
        )

    @post("/{number:str}/transfer", include_in_schema=False)
    async def transfer(
        services: Wired, officer: NamedDependency[Officer], number: FromPath[str], data: JSONBody[Transfer]
    ) -> Response[Any]:
        return await handled(
            services,
            officer,
            lambda session: handling.transfer(
                session, number, officer, data.to, data.note, dialogue=services.dialogue
            ),
        )

    @post("/{number:str}/hand-back", include_in_schema=False)
    async def hand_back(
        services: Wired, officer: NamedDependency[Officer], number: FromPath[str], data: JSONBody[Reason]
    ) -> Response[Any]:
        return await handled(
            services,
            officer,
            lambda session: handling.hand_back(
                session, number, officer, data.reason, dialogue=services.dialogue
            ),
        )

    @post("/{number:str}/note", include_in_schema=False)
    async def note(
        services: Wired, officer: NamedDependency[Officer], number: FromPath[str], data: JSONBody[NoteText]
    ) -> Response[Any]:
        return await handled(
            services, officer, lambda session: handling.note(session, number, officer, data.text[:MAX_CHARS])
        )

    @post("/{number:str}/fact", include_in_schema=False)
    async def fact(
        services: Wired, officer: NamedDependency[Officer], number: FromPath[str], data: JSONBody[FactChange]
    ) -> Response[Any]:
        return await handled(
            services,
            officer,
            lambda session: handling.correct_fact(
                session,
                number,
                officer,
                data.fact,
                data.value,
                data.reason,
                data.state_rev,
                dialogue=services.dialogue,
            ),
        )

    @post("/{number:str}/retry", include_in_schema=False)
    async def retry(
        services: Wired, officer: NamedDependency[Officer], number: FromPath[str], data: JSONBody[Again]
    ) -> Response[Any]:
        return await handled(
            services, officer, lambda session: send_again(session, number, officer, data.seq)
        )

    @post("/{number:str}/what-if", include_in_schema=False, status_code=200)
    async def assume(
        services: Wired, officer: NamedDependency[Officer], number: FromPath[str], data: JSONBody[Assumption]
    ) -> WhatIf:
        if not 0 < len(data.facts) <= MOST_FACTS:
            raise Refusal(400, f"请选 1–{MOST_FACTS} 项情况。")
        async with services.database.write() as session:
            case = await find_case(session, officer, number)
            if case is None:
                raise Refusal(404, NO_CASE)
            await audit.note(session, f"officer:{officer.id}", "what_if", f"case:{case.number}")
            conversation = await session.get_one(Conversation, case.conversation_id)
            state = conversation.state
        try:
            return what_if(services.dialogue, state, data.facts, local_day(now()))
        except FactError as error:
            raise Refusal(400, str(error)) from None

    @post("/{number:str}/typing", include_in_schema=False, status_code=204)
    async def typing(services: Wired, officer: NamedDependency[Officer], number: FromPath[str]) -> None:
        at = now()
        async with services.database.write() as session:
            case = await find_case(session, officer, number)
            if case is None:
                raise Refusal(404, NO_CASE)
            if case.owner_id != officer.id:
                raise Refusal(403, "这段对话现在不在您手里。")
            stream = events.talk(case.conversation_id)
            until = (at + timedelta(seconds=TYPING_S)).isoformat()
            await events.append(session, stream, "typing", {"name": officer.title, "until": until})
        services.broker.ring(stream)

    @get("/{number:str}/talk", include_in_schema=False)
    async def talk(
        services: Wired, officer: NamedDependency[Officer], number: FromPath[str], after: FromQuery[int] = 0
    ) -> list[Line]:
        async with services.database.write() as session:
            found = await read_talk(session, officer, number, max(0, after))
        if found is None:
            raise Refusal(404, NO_CASE)
        return lines_of(found, catalog(), local_day(now()))

    @get("/{number:str}/canned", include_in_schema=False)
    async def replies(
        services: Wired, officer: NamedDependency[Officer], number: FromPath[str]
    ) -> list[canned.Ready]:
        async with services.database.write() as session:
            case = await find_case(session, officer, number)
            if case is None:
                raise Refusal(404, NO_CASE)
            await canned.seed(session)
            product = product_name(catalog(), case.product or case.brief.get("product"))
            return await canned.ready_for(session, case, officer, product)

    return Router(
        API,
        route_handlers=[
            claim,
            pass_on,
            write,
            move,
            assign,
            transfer,
            hand_back,
            note,
            fact,
            retry,
            assume,
            typing,
            talk,
            replies,
        ],
        dependencies={"officer": Provide(who_asks)},
    )
