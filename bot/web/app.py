"""The application: one Litestar app with everything that answers over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

import structlog
from litestar import Litestar, Router
from litestar.config.csrf import CSRFConfig
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from bot.cases.database import Database
from bot.cases.migrate import upgrade
from bot.cases.opening import Targets
from bot.cases.sealing import Sealer, load_sealer
from bot.catalog.model import Catalog
from bot.channels import install
from bot.channels.base import Channel, Place
from bot.channels.kiosk.places import places_of
from bot.conversation.cleaner import Cleaner
from bot.conversation.dialogue import Dialogue
from bot.conversation.engine_client import EngineClient
from bot.conversation.files import Files
from bot.conversation.keeper import Keeper, prepare_office
from bot.conversation.outbox import Sender
from bot.conversation.record import Recorder
from bot.conversation.service import Conversations
from bot.conversation.settling import Settling
from bot.conversation.turns import Answerer
from bot.decision.judge import Decider
from bot.settings import Settings, with_engine_secret
from bot.web.chat import chat_router
from bot.web.content import fitting_content
from bot.web.errors import fail, refuse, too_deep
from bot.web.files import files_router
from bot.web.health import health_router
from bot.web.kiosk import kiosk_router
from bot.web.links import links_router
from bot.web.own_data import own_data_router
from bot.web.security import add_security_headers
from bot.web.services import Services
from bot.web.shared import make_shared
from bot.web.typing import typing_router

if TYPE_CHECKING:
    # Not at run time: it brings knowledge and dictionaries along.
    from bot.policy.desk import PolicyDesk

log = structlog.get_logger(__name__)


def create_app(settings: Settings, *, decider: Decider | None = None) -> Litestar:
    """The whole service except the engine process.

    Args:
        decider: one that is loaded already; else the catalog is read from `settings.catalog_dir`.

    Raises:
        CatalogError: the catalog is broken. SettingsError: a setting or a key is.
    """
    # Imported here: dictionaries, knowledge and the actions' framework take seconds, which an app assembled
    # around something else does not need.
    from actions.base import use
    from actions.executor import make_executor
    from bot.conversation.live import LiveDialogue, load_dialogue
    from bot.dialogue.turn import Current
    from bot.policy.desk import PolicyDesk
    from bot.web.webhook import webhook_router

    settings = with_engine_secret(settings)
    cache = settings.models_dir / "knowledge"
    current = Current(load_dialogue(settings.catalog_dir, decider, cache=cache))
    use(current)
    sealer = load_sealer(settings)
    services = make_services(settings, LiveDialogue(current), sealer)
    policy = PolicyDesk(services.database, current, settings.catalog_dir, partial(load_dialogue, cache=cache))
    routers = [webhook_router(settings, make_executor()), *_pages(settings, policy)]
    return assemble(services, sealer, routers, policy)


def _pages(settings: Settings, policy: PolicyDesk) -> list[Router]:
    from bot.desk.again_routes import create_again_router
    from bot.desk.catalog_routes import create_catalog_router
    from bot.desk.report_routes import create_reports_router
    from bot.desk.routes import create_desk_router
    from bot.web.pages import create_pages_router

    def catalog() -> Catalog:
        return policy.catalog

    return [
        create_pages_router(catalog, kiosks=places_of(settings)),
        create_desk_router(catalog),
        create_reports_router(catalog),
        create_catalog_router(policy),
        create_again_router(policy),
    ]


def make_services(settings: Settings, dialogue: Dialogue, sealer: Sealer) -> Services:
    """The objects behind the routes, connected with each other; nothing is started or opened yet."""
    database = Database(settings.database, sealer)
    engine_url = settings.engine_url or f"http://127.0.0.1:{settings.engine_port}"
    engine = EngineClient(engine_url, settings.engine_secret, settings.engine_timeout_s)
    shared = make_shared(settings, sealer.fingerprint[:12])
    # Filled below: channels hand what comes in to the conversations, which send through the channels.
    channels: dict[str, Channel] = {}
    sender = Sender(database, shared.broker, channels, shared.order)
    conversations = Conversations(
        database,
        engine,
        Recorder(
            database,
            dialogue,
            Targets(settings.first_reply_days, settings.opinion_days),
            settings.data_dir,
        ),
        Answerer(
            engine,
            dialogue,
            channels,
            Files(database, settings.data_dir),
            max_text_chars=settings.max_text_chars,
        ),
        shared.broker,
        sender,
        order=shared.order,
        settling=Settling(settings.settle_ms, max_chars=settings.max_text_chars),
        channels=channels,
    )
    installed = install(Place(settings, database, conversations))
    channels |= {one.channel.name: one.channel for one in installed}
    return Services(
        settings=settings,
        database=database,
        engine=engine,
        conversations=conversations,
        dialogue=dialogue,
        keeper=Keeper(database, shared.broker),
        shared=shared,
        sender=sender,
        installed=installed,
    )


def assemble(
    services: Services, sealer: Sealer, routers: list[Router], policy: PolicyDesk | None = None
) -> Litestar:
    """The app around `services`: chat and health routes, `routers`, and what guards them all."""
    settings = services.settings
    secret = sealer.secret("forms")

    def provide_services() -> Services:
        return services

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        async with AsyncExitStack() as running:
            running.push_async_callback(services.database.close)
            running.push_async_callback(services.engine.close)
            await upgrade(services.database)
            await services.database.check_key()
            await prepare_office(services.database, settings)
            await running.enter_async_context(services.shared.running())
            if policy is not None:
                # Before anything is answered: the version in use may be another than the one shipped.
                await policy.start()
                running.push_async_callback(policy.stop)
            for one in services.installed:
                if one.life is not None:
                    await running.enter_async_context(one.life())
            await services.sender.start()
            running.push_async_callback(services.sender.stop)
            await services.conversations.start()
            running.push_async_callback(services.conversations.stop)
            await services.keeper.start()
            running.push_async_callback(services.keeper.stop)
            cleaner = Cleaner(services.database, settings.data_dir)
            await cleaner.start()
            running.push_async_callback(cleaner.stop)
            # Streams that are open would otherwise be waited for.
            running.callback(services.broker.close)
            yield

    app = Litestar(
        [
            chat_router,
            links_router,
            kiosk_router,
            typing_router,
            files_router,
            own_data_router,
            health_router,
            *routers,
            *(router for one in services.installed for router in one.routers),
        ],
        dependencies={"services": Provide(provide_services, sync_to_thread=False)},
        lifespan=[lifespan],
        guards=[fitting_content],
        before_send=[add_security_headers],
        exception_handlers={HTTPException: refuse, RecursionError: too_deep, Exception: fail},
        request_max_body_size=settings.max_body_bytes,
        csrf_config=CSRFConfig(
            secret=secret,
            # Named after its secret: a cookie of another installation on the same host would never fit.
            cookie_name=f"peipao_form_{sealer.fingerprint[:6]}",
            cookie_path="/desk",
            header_name="x-csrf-token",
            cookie_httponly=True,
            cookie_samesite="strict",
            cookie_secure=settings.secure_cookies,
            # The chat API takes JSON and a SameSite=Strict cookie, the webhook has its own secret, and what
            # has no forms (or may be kept by caches) must not set a cookie. Anything new is protected.
            exclude=[r"^/(api|internal|static|schema)(/|$)", r"^/kiosk(/|$)", r"^/(healthz|readyz)$"],
        ),
        openapi_config=OpenAPIConfig(
            title="陪跑 Peipao",
            version="1",
            path="/schema",
            # JSON only: the usual viewers load scripts from elsewhere, which the page policy forbids.
            render_plugins=[JsonRenderPlugin(path=["/", "/openapi.json"])],
        ),
        logging_config=None,
        debug=False,
    )
    app.state["services"] = services
    return app
