"""The app on the real policy data, without engine and sentence vectors: buttons need neither."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import msgspec
from app_fakes import served
from app_harness import Client, Running

from bot.cases.officers import add_officer
from bot.cases.sealing import load_sealer
from bot.catalog.load import load_catalog
from bot.conversation.live import LiveDialogue
from bot.decision.judge import Decider
from bot.desk.again_routes import create_again_router
from bot.desk.catalog_routes import create_catalog_router
from bot.desk.routes import create_desk_router
from bot.dialogue.turn import Current, Services
from bot.policy.desk import PolicyDesk
from bot.policy.files import read_folder
from bot.settings import Settings
from bot.understanding import Reader, lexicon_of
from bot.understanding.learned import trained_reader
from bot.web.app import assemble, make_services

CATALOG = Path(__file__).parents[2] / "catalog"
PASSWORD = "correct horse"
LOAN = "products/knowledge_value_loan.yml"
GRADES = "in ['A', 'B', 'C', 'D', 'E']"


class NoKnowledge:
    def answer(self, question: str, k: int = 3) -> Sequence[Any]:
        return []

    def compose(self, question: str, hits: Sequence[Any]) -> str:
        return ""


@cache
def shared_reader() -> Reader:
    """Making one takes seconds."""
    return trained_reader(lexicon_of(load_catalog(CATALOG)))


def load(folder: Path, *, like: Services | None = None) -> Services:
    return Services(Decider(load_catalog(folder)), shared_reader(), NoKnowledge())


class Office(msgspec.Struct):
    """A running app with its policy desk."""

    app: Running
    policy: PolicyDesk
    browsers: AsyncExitStack

    @property
    def client(self) -> Client:
        return self.app.client

    async def hire(self, name: str, role: str) -> None:
        async with self.app.database.write() as session:
            await add_officer(session, name, PASSWORD, role=role, title=name)

    async def log_in(self, name: str, role: str) -> Desk:
        await self.hire(name, role)
        # A browser of its own: the firm's client keeps its own cookies.
        client = httpx.AsyncClient(base_url=self.client.base_url, trust_env=False, timeout=60)
        await self.browsers.enter_async_context(client)
        desk = Desk(client)
        await desk.post("/desk/login", "/desk/login", {"name": name, "password": PASSWORD})
        return desk


class Desk:
    """An officer's browser."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(path)

    async def post(
        self, page: str, path: str, data: dict[str, str], files: list[tuple[str, bytes]] | None = None
    ) -> httpx.Response:
        """Sends the form of `page` to `path`."""
        shown = (await self.client.get(page)).text
        token = re.search(r'name="_csrf_token" value="([^"]+)"', shown)
        assert token is not None
        sent = [("files", (name, content)) for name, content in files or []]
        return await self.client.post(path, data={"_csrf_token": token[1], **data}, files=sent or None)

    async def upload(self, *files: tuple[str, bytes], note: str = "试") -> httpx.Response:
        page = "/desk/catalog/versions"
        return await self.post(page, page, {"note": note}, list(files))

    async def use(self, page: str) -> httpx.Response:
        """Confirms the version shown at `page`."""
        base = re.search(r'name="base" value="(\d+)"', (await self.client.get(page)).text)
        assert base is not None
        return await self.post(page, f"{page}/use", {"base": base[1]})


@asynccontextmanager
async def office(settings: Settings, shipped: Path = CATALOG) -> AsyncIterator[Office]:
    settings = msgspec.structs.replace(settings, engine_url="http://127.0.0.1:9")
    sealer = load_sealer(settings)
    current = Current(load(shipped))
    services = make_services(settings, LiveDialogue(current), sealer)
    policy = PolicyDesk(services.database, current, shipped, load)
    routers = [
        create_desk_router(lambda: policy.catalog),
        create_catalog_router(policy),
        create_again_router(policy),
    ]
    app = assemble(services, sealer, routers, policy)
    async with (
        served(app, lifespan="on") as url,
        Client(base_url=url, trust_env=False) as client,
        AsyncExitStack() as browsers,
    ):
        yield Office(Running(services, client), policy, browsers)


def changed(old: str, new: str, file: str = LOAN) -> dict[str, str]:
    """The shipped files with one text replaced."""
    texts = read_folder(CATALOG)
    assert texts[file].count(old) >= 1, old
    return {**texts, file: texts[file].replace(old, new)}


def without_e() -> dict[str, str]:
    """Grade E no longer enough for the loan, and its case changed with that."""
    texts = changed(GRADES, "in ['A', 'B', 'C', 'D']")
    case = "facts: {knowledge_value_grade: E}\n    verdict: "
    assert texts[LOAN].count(case + "meets_published") == 1
    return {**texts, LOAN: texts[LOAN].replace(case + "meets_published", case + "ineligible")}


def zipped(texts: dict[str, str], top: str = "catalog/") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(top + name, text)
    return made.getvalue()
