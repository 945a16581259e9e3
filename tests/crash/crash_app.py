"""The app as a process that kills itself at a named step; only tests start it.

The product knows nothing of this: its functions are wrapped here. `main` runs in a process of its own, forked
from one that has imported everything, so that a hundred lives do not cost a hundred imports.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import msgspec
import uvicorn
from app_fakes import FakeDialogue
from litestar import Request, Router, post

from bot.cases.sealing import load_sealer
from bot.cases.worktime import WorkHours
from bot.channels.base import Abilities, Fetched, Installed, NotSent, Parcel, Place
from bot.conversation import intake, outbox, record, service, turns
from bot.conversation.wire import Inbound
from bot.logs import configure_logs
from bot.settings import load_settings
from bot.web import app as web_app
from bot.web.services import Wired

# In the order in which a message passes them, from its receipt to its delivery.
STEPS = (
    "received",  # handed over by the platform, not stored
    "storing",  # stored, not committed
    "stored",  # committed, nobody was told
    "read",  # the turn has been read
    "computed",  # the engine has answered
    "recording",  # answer, case and clocks are written, not committed
    "recorded",  # committed, nobody was told
    "taken",  # marked as being sent
    "asking",  # the platform is about to be asked
    "delivered",  # the platform has it, we have not noted it
    "noted",  # noted
)
PUSH = ("sure", "blind")


class Plan(msgspec.Struct):
    """Dies when `step` is reached for the `nth` time."""

    step: str
    nth: int

    def pass_(self, step: str) -> None:
        if step == self.step:
            self.nth -= 1
            if self.nth == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def wrap(plan: Plan, owner: Any, name: str, *, before: str = "", after: str = "") -> None:
    """Makes `owner.name` pass the steps."""
    inner: Callable[..., Awaitable[Any]] = getattr(owner, name)

    async def wrapped(*words: Any, **named: Any) -> Any:
        plan.pass_(before)
        found = await inner(*words, **named)
        plan.pass_(after)
        return found

    setattr(owner, name, wrapped)


class PushChannel:
    """A channel that delivers to the tests' platform over HTTP. `sure` recognises a repeat by our key."""

    pull = False
    abilities = Abilities(buttons=True)

    def __init__(self, name: str, platform: str, plan: Plan) -> None:
        self.name = self.title = name
        self.recognises_repeats = name == "sure"
        self._platform = platform
        self._plan = plan

    async def send(self, parcel: Parcel) -> str | None:
        self._plan.pass_("asking")
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.post(
                f"{self._platform}/deliver",
                json={"channel": self.name, "key": parcel.key, "to": parcel.address, "text": parcel.text},
            )
        answer.raise_for_status()
        self._plan.pass_("delivered")
        return str(answer.json()["id"])

    async def fetch(self, account: str, file: Any) -> Fetched:
        raise NotSent("no files here")

    async def link(self, code: str, lasts_s: int) -> str | None:
        return None


class Pushed(msgspec.Struct):
    """What the platform hands over; it does so again until it is told that we have it."""

    id: str
    person: str
    text: str = ""
    payload: str | None = None


@post("/platform/{channel:str}", opt={"exclude_from_csrf": True}, status_code=200)
async def take(channel: str, request: Request[Any, Any, Any], services: Wired) -> dict[str, bool]:
    pushed = msgspec.json.decode(await request.body(), type=Pushed)
    door = await services.conversations.open(channel, "", pushed.person, keep_address=True)
    inbound = Inbound(text=pushed.text, payload=pushed.payload, platform_id=pushed.id)
    stored = await services.conversations.accept(door, inbound)
    return {"fresh": stored.fresh}


def main(environment: dict[str, str], platform: str, step: str, nth: int) -> None:
    """Serves until it is killed."""
    plan = Plan(step, nth)
    wrap(plan, intake, "store", before="received", after="stored")
    wrap(plan, intake, "take_seq", after="storing")
    wrap(plan, service, "read_turn", after="read")
    wrap(plan, turns.Answerer, "compute", after="computed")
    wrap(plan, record._Writing, "answers", after="recording")
    wrap(plan, record.Recorder, "record", after="recorded")
    wrap(plan, outbox.Sender, "_take", after="taken")
    wrap(plan, outbox.Sender, "_set", after="noted")

    # Offers are made in working time; the tests run at any hour.
    WorkHours.working_at = lambda _hours, _moment: True

    own = web_app.install

    def install(place: Place) -> list[Installed]:
        push = [Installed(PushChannel(name, platform, plan)) for name in PUSH]
        return [*own(place), *push]

    web_app.install = install
    settings = load_settings(environment)
    configure_logs(settings)
    sealer = load_sealer(settings)
    app = web_app.assemble(
        web_app.make_services(settings, FakeDialogue(), sealer),
        sealer,
        [Router("/", route_handlers=[take])],
    )
    uvicorn.run(app, host=settings.host, port=settings.port, log_config=None, proxy_headers=False)
