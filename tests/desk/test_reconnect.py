"""Random disconnects over real HTTP: in the end the page's list is the server's.

Hypothesis chooses what happens, and after how many bytes each connection breaks; the seed is the run's.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any

import msgspec
import pytest
from app_fakes import SECRET, FakeDialogue, FakeEngine, served
from app_harness import Client, Running
from database_templates import KEY, PostgresTemplate, SqliteTemplate
from event_page import Page
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.cases.case_models import Officer
from bot.cases.models import Conversation, Event, Outbox
from bot.cases.officers import add_officer, start_session
from bot.cases.sealing import load_sealer
from bot.conversation import events, handling
from bot.desk.live import cursor_text, ends_of, streams_of
from bot.desk.live_routes import create_live_router
from bot.settings import Settings
from bot.web.app import assemble, make_services
from bot.web.security import DESK_COOKIE

pytestmark = pytest.mark.slow
WITHIN_S = 60.0
OVER = "over"
# What happens, and how many turns of the event loop pass before it does.
doings = st.lists(
    st.tuples(st.sampled_from(["write", "note", "desk", "me"]), st.integers(0, 3)), min_size=1, max_size=12
)
# A small event is about 100 bytes long, the stream's first comment 24.
breaks = st.lists(st.integers(1, 600), max_size=12)


class Stage:
    """The app on a real port, with one officer; its loop runs while a test does."""

    def __init__(self, runner: asyncio.Runner, running: Running, officer: Officer, token: str) -> None:
        self.runner = runner
        self.running = running
        self.officer = officer
        self.token = token

    async def put(self, stream: str, data: dict[str, Any], kind: str = "test") -> None:
        async with self.running.database.write() as session:
            await events.append(session, stream, kind, data)
        self.running.services.broker.ring(stream)

    async def firm(self) -> tuple[str, str, str]:
        """(session, conversation, case number) of a firm whose case the officer has claimed."""
        answer = await self.running.client.say(None, payload="human")
        number = answer["state"]["case"]["number"]
        door = await self.running.services.conversations.find(answer["session"])
        assert door is not None
        await self.do(handling.claim, number, self.officer)
        return answer["session"], door.conversation_id, number

    async def do(self, what: Any, *words: Any) -> None:
        async with self.running.database.write() as session:
            handled = await what(session, *words)
        for stream in handled.streams:
            self.running.services.broker.ring(stream)
        self.running.services.sender.ring()

    async def happen(self, conversation_id: str, number: str, doings: list[tuple[str, int]]) -> None:
        """Does what is to be done, and says on every stream that it is over."""
        async with self.running.database.read() as session:
            version = (await session.get_one(Conversation, conversation_id)).version
        for place, (what, turns) in enumerate(doings):
            for _ in range(turns):
                await asyncio.sleep(0)
            if what == "write":
                await self.do(handling.write, number, self.officer, version, f"第{place}句")
            elif what == "note":
                await self.do(handling.note, number, self.officer, f"备注{place}")
            else:
                await self.put("desk" if what == "desk" else events.desk_of(self.officer.id), {"n": place})
        talk = events.talk(conversation_id)
        # What was written leaves through the outbox, at its own time.
        while await self.leaving(conversation_id):
            await asyncio.sleep(0.01)
        for stream in (talk, *streams_of(self.officer, number)):
            await self.put(stream, {}, OVER)

    async def leaving(self, conversation_id: str) -> int:
        query = select(func.count()).where(
            Outbox.conversation_id == conversation_id, Outbox.status == "queued"
        )
        async with self.running.database.read() as session:
            return int(await session.scalar(query) or 0)

    async def stored(self, stream: str, after: int = 0) -> list[Event]:
        query = select(Event).where(Event.stream == stream, Event.seq > after).order_by(Event.seq)
        async with self.running.database.read() as session:
            return list(await session.scalars(query))


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def stage(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_template: SqliteTemplate,
) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("reconnect")
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        if request.param == "sqlite":
            address = sqlite_template.copy(folder)
        else:
            template: PostgresTemplate = request.getfixturevalue("postgres_template")
            address = runner.run(template.copy())
            stack.push_async_callback(template.drop, address)
        config = Settings(
            data_dir=folder,
            database_url=address,
            engine_secret=SECRET,
            keys=base64.b64encode(KEY).decode(),
            rate_per_minute=0,
        )
        try:
            yield runner.run(_build(stack, config, runner))
        finally:
            runner.run(stack.aclose())


async def _build(stack: AsyncExitStack, config: Settings, runner: asyncio.Runner) -> Stage:
    engine_url = await stack.enter_async_context(served(FakeEngine()))
    config = msgspec.structs.replace(config, engine_url=engine_url)
    sealer = load_sealer(config)
    services = make_services(config, FakeDialogue(), sealer)
    app = assemble(services, sealer, [create_live_router()])
    url = await stack.enter_async_context(served(app, lifespan="on"))
    client = await stack.enter_async_context(Client(base_url=url, trust_env=False))
    async with services.database.write() as session:
        officer = await add_officer(session, "zhuanyuan", "a long enough password", role="lead")
        token, _ = await start_session(session, officer, 10)
    return Stage(runner, Running(services, client), officer, token)


@given(doings=doings, cuts=breaks)
@settings(max_examples=15, deadline=None)
def test_a_firms_page_has_the_servers_list(
    stage: Stage, doings: list[tuple[str, int]], cuts: list[int]
) -> None:
    async def example() -> None:
        session, conversation_id, number = await stage.firm()
        page = Page("/api/v1/chat/events", {"X-Peipao-Session": session})

        def over() -> bool:
            return bool(page.got) and page.got[-1].kind == OVER

        async with asyncio.timeout(WITHIN_S):
            await asyncio.gather(
                page.live(stage.running.client, cuts, over), stage.happen(conversation_id, number, doings)
            )
        stored = await stage.stored(events.talk(conversation_id))
        assert [(got.kind, got.data) for got in page.got] == [(event.kind, event.data) for event in stored]
        # … and what the page shows is what the server says was written besides the answers to requests.
        asked = {"X-Peipao-Session": session}
        history = (await stage.running.client.get("/api/v1/chat", headers=asked)).json()["messages"]
        written = [(line["id"], line["text"]) for line in history if line["author"] in ("officer", "system")]
        shown = [(got.data["id"], got.data["text"]) for got in page.got if got.kind == "message"]
        assert shown == written
        assert [text for _, text in shown if text.startswith("第")] == [
            f"第{place}句" for place, (what, _) in enumerate(doings) if what == "write"
        ]

    stage.runner.run(example())


@given(doings=doings, cuts=breaks)
@settings(max_examples=15, deadline=None)
def test_an_officers_page_has_the_servers_lists(
    stage: Stage, doings: list[tuple[str, int]], cuts: list[int]
) -> None:
    """A case's page follows three streams over one connection: everybody's, the officer's and the case's."""

    async def example() -> None:
        _, conversation_id, number = await stage.firm()
        streams = dict(zip(("desk", "me", "case"), streams_of(stage.officer, number), strict=True))
        async with stage.running.database.read() as session:
            began = await ends_of(session, list(streams.values()))
        page = Page(
            f"/desk/api/cases/{number}/events",
            {"Cookie": f"{DESK_COOKIE}={stage.token}"},
            cursor_text(began),
        )

        def over() -> bool:
            return len([got for got in page.got if got.kind == OVER]) == len(streams)

        async with asyncio.timeout(WITHIN_S):
            await asyncio.gather(
                page.live(stage.running.client, cuts, over), stage.happen(conversation_id, number, doings)
            )
        for name, stream in streams.items():
            stored = await stage.stored(stream, after=began[stream])
            got = [(one.kind, one.data) for one in page.got if one.data["from"] == name]
            assert got == [(event.kind, {**event.data, "from": name}) for event in stored], stream

    stage.runner.run(example())
