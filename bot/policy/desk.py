"""The policy data of a running service: which version answers, and how another one takes over."""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import msgspec
import structlog
from sqlalchemy import select

from bot.cases.case_models import ENDED, Case
from bot.cases.clock import local_day, now
from bot.cases.database import Database
from bot.cases.policy_models import CatalogVersion
from bot.catalog.errors import CatalogError, Fault
from bot.catalog.load import load_texts
from bot.catalog.model import Catalog
from bot.decision.judge import Decider
from bot.dialogue.state import load_state
from bot.dialogue.turn import Current, Services
from bot.policy import store
from bot.policy.files import deciding, write_files
from bot.policy.register import register
from bot.policy.review import Checked, Effect, check, effect

log = structlog.get_logger(__name__)
LOOK_AGAIN_S = 5.0
DECIDERS_KEPT = 4
MOST_FIRMS = 1000


class Load(Protocol):
    """Makes the services of a catalog folder; takes seconds. `like`: those that it takes over from."""

    def __call__(self, folder: Path, /, *, like: Services) -> Services: ...


class Unusable(Exception):
    """A kept version can no longer be read by this program; `faults` says why."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(str(fault) for fault in faults[:3]))
        self.faults = faults


class Review(msgspec.Struct, frozen=True):
    """A kept version beside the one in use (`base`)."""

    version: CatalogVersion
    base: CatalogVersion
    checked: Checked
    effect: Effect | None


class PolicyDesk:
    """Keeps `current` on the version that the database says is in use.

    Args:
        shipped: the catalog folder that came with the program; what `current` was loaded from at first.
        load: called in a thread.
    """

    def __init__(self, database: Database, current: Current, shipped: Path, load: Load) -> None:
        self.current = current
        self._database = database
        self._shipped = shipped
        self._load = load
        self._at = 0
        self._deciders: OrderedDict[int, Decider] = OrderedDict()
        self._switching = asyncio.Lock()
        self._checking = asyncio.Semaphore(1)
        self._watch: asyncio.Task[None] | None = None

    @property
    def catalog(self) -> Catalog:
        return self.current.services.catalog

    async def start(self) -> None:
        """Takes up the version in use before this start, and follows what other processes decide."""
        self._at = await register(self._database, self._shipped)
        await self.follow(first=True)
        self._watch = asyncio.create_task(self._follow_on())

    async def stop(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch

    async def _follow_on(self) -> None:
        while True:
            await asyncio.sleep(LOOK_AGAIN_S)
            try:
                await self.follow()
            except Exception:
                # The version at work goes on answering; the next look may find the cause gone.
                log.exception("catalog_not_followed")

    async def follow(self, *, first: bool = False) -> None:
        """Switches to the version that is in use by the database, if it is another one.

        At the first look a version that cannot be loaded is left aside: the shipped one answers, and the log
        says so, rather than nobody.
        """
        async with self._database.read() as session:
            version = await store.in_use(session)
        if version is None or version.id == self._at:
            return
        try:
            await self._switch(version.id)
        except Unusable as error:
            log.error("catalog_unusable", version=version.version, reason=str(error))
            if not first:
                raise

    async def offer(self, texts: dict[str, str], officer_id: int, note: str) -> tuple[Checked, int | None]:
        """Checks uploaded files and keeps them if they can be used; their id, or nothing."""
        checked = await self._check(texts)
        async with self._database.write() as session:
            if not checked.usable or checked.decider is None:
                await store.refused(session, officer_id)
                return checked, None
            version = checked.decider.catalog.version
            kept = await store.keep(session, texts, version, officer_id=officer_id, note=note)
            return checked, kept.id

    async def _check(self, texts: dict[str, str]) -> Checked:
        # One at a time: each takes a core for a second.
        async with self._checking:
            return await asyncio.to_thread(check, texts, local_day(now()))

    async def review(self, version_id: int) -> Review:
        """A kept version against the one in use, with the firms of all open cases judged under both.

        Raises:
            LookupError: there is no such version.
        """
        async with self._database.read() as session:
            version = await store.find(session, version_id)
            base = await store.in_use(session)
            if version is None or base is None:
                raise LookupError(version_id)
            new, old = await store.files_of(session, version.id), await store.files_of(session, base.id)
            cases = await session.execute(
                select(Case.number, Case.state)
                .where(Case.status.not_in(ENDED))
                .order_by(Case.id)
                .limit(MOST_FIRMS)
            )
            firms = [(number, load_state(state).firm) for number, state in cases]
        checked = await self._check(new)
        if checked.decider is None:
            return Review(version, base, checked, None)
        before = await self.decider(base)
        found = await asyncio.to_thread(
            effect, (before, old), (checked.decider, new), firms, local_day(now())
        )
        return Review(version, base, checked, found)

    async def use(self, version_id: int, officer_id: int, instead_of: int) -> None:
        """Takes a kept version into use: written down first, then switched to in this process.

        Raises:
            LookupError: there is no such version. Unusable: it cannot be read any more.
            store.NotInUse: the version in use is another one than `instead_of`.
        """
        async with self._switching:
            services = await self._services(version_id)
            async with self._database.write() as session:
                await store.use(session, version_id, officer_id=officer_id, instead_of=instead_of)
            self._take(version_id, services)

    async def _switch(self, version_id: int) -> None:
        async with self._switching:
            self._take(version_id, await self._services(version_id))

    def _take(self, version_id: int, services: Services) -> None:
        # One assignment: a turn that has begun ends under the version with which it began.
        self.current.services = services
        self._at = version_id
        log.info("catalog_in_use", version=services.catalog.version)

    async def _services(self, version_id: int) -> Services:
        async with self._database.read() as session:
            texts = await store.files_of(session, version_id)
        try:
            return await asyncio.to_thread(self._load_texts, texts)
        except CatalogError as error:
            raise Unusable(error.faults) from None

    def _load_texts(self, texts: dict[str, str]) -> Services:
        with TemporaryDirectory(prefix="peipao-catalog-") as folder:
            write_files(texts, Path(folder))
            return self._load(Path(folder), like=self.current.services)

    async def decider(self, version: CatalogVersion) -> Decider:
        """The decider of a kept version; the last few are held ready."""
        if version.version == self.catalog.version:
            return self.current.services.decider
        known = self._deciders.get(version.id)
        if known is None:
            async with self._database.read() as session:
                texts = await store.files_of(session, version.id)
            known = await asyncio.to_thread(lambda: Decider(load_texts(deciding(texts))))
            self._deciders[version.id] = known
            while len(self._deciders) > DECIDERS_KEPT:
                self._deciders.popitem(last=False)
        self._deciders.move_to_end(version.id)
        return known
