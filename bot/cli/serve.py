"""`peipao serve`: the engine process and the app, started and stopped together."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from types import FrameType

import click
import msgspec
import uvicorn
from litestar import Litestar
from sqlalchemy import select

from bot.cases.case_models import Officer
from bot.catalog.load import load_catalog
from bot.cli.failures import plain_failures
from bot.cli.migrate import current_database
from bot.decision.judge import Decider
from bot.engine_process import EngineError, EngineProcess
from bot.logs import configure_logs
from bot.policy.register import folder_in_use
from bot.settings import Settings, load_settings, with_engine_secret
from bot.web.services import Services

STOP_S = 5


class Server(uvicorn.Server):
    """uvicorn, except that a signal lets us finish: it would raise the signal again and end the process."""

    services: Services

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # Open event streams would otherwise be waited for.
        self.services.broker.close()
        super().handle_exit(sig, frame)


@click.command()
def serve() -> None:
    """Start everything (engine, kiosk, desk, channels) and print the addresses. Ctrl-C or SIGTERM stops it.

    Settings come from the environment: PEIPAO_PORT, PEIPAO_DATA_DIR, PEIPAO_DATABASE_URL and others
    (see bot/settings.py).
    """
    with plain_failures():
        settings = with_engine_secret(load_settings())
        configure_logs(settings)
        # Before anything is started: a broken catalog must not cost a second of waiting for the engine.
        decider = Decider(load_catalog(settings.catalog_dir))
        listening = _listen(settings)
        try:
            with asyncio.Runner(loop_factory=_loop_factory()) as runner:
                runner.run(_serve(settings, decider, listening))
        except EngineError as error:
            raise click.ClickException(f"引擎启动不了：{error}") from None
        finally:
            listening.close()


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop where it is there: a turn crosses five sockets, which it handles in C."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def _listen(settings: Settings) -> socket.socket:
    """The bound port, taken before anything else is started."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        reason = error.strerror or str(error)
        raise click.ClickException(
            f"{settings.host}:{settings.port} 用不了（{reason}）。"
            "可能已经有一个在运行；换端口请设 PEIPAO_PORT。"
        ) from None
    return listening


async def _serve(settings: Settings, decider: Decider, listening: socket.socket) -> None:
    began = time.monotonic()
    click.echo("正在启动陪跑服务……")
    # The engine reads the vocabulary from files: those of the version in use, which a lead may have uploaded.
    async with current_database(settings) as database:
        catalog_dir = await folder_in_use(database, settings.catalog_dir, settings.data_dir)
    async with _engine(msgspec.structs.replace(settings, catalog_dir=catalog_dir)) as (engine_url, engine):
        settings = msgspec.structs.replace(settings, engine_url=engine_url)
        # In a thread: the engine starts meanwhile, and a signal is heard.
        app = await asyncio.to_thread(_make_app, settings, decider)
        server = Server(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=STOP_S,
            )
        )
        server.services = app.state["services"]
        telling = asyncio.create_task(_tell(settings, server, engine, began))
        try:
            await server.serve(sockets=[listening])
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)
        click.echo("正在停止……")
    if not server.started:
        raise click.ClickException("没有启动成功，原因见上面的日志。")
    click.echo("已停止。")


def _make_app(settings: Settings, decider: Decider) -> Litestar:
    from bot.web.app import create_app

    app = create_app(settings, decider=decider)
    # Catalog, dictionaries and knowledge stay: the garbage collector need not look through them again.
    gc.collect()
    gc.freeze()
    return app


@contextlib.asynccontextmanager
async def _engine(settings: Settings) -> AsyncIterator[tuple[str, EngineProcess | None]]:
    """(address, process): the configured engine, or one of our own that ends with the block."""
    if settings.engine_url:
        yield settings.engine_url, None
        return
    async with EngineProcess(settings) as process:
        yield process.url, process


async def _tell(settings: Settings, server: Server, engine: EngineProcess | None, began: float) -> None:
    """Prints where the service is found, and when the engine has answered for the first time."""
    while not server.started:
        await asyncio.sleep(0.02)
    origin = settings.origin
    database = settings.database.split("@")[-1].removeprefix("sqlite+aiosqlite:///")
    click.echo(
        f"对话页面    {origin}/kiosk\n"
        f"专员工作台  {origin}/desk\n"
        f"对话接口    {origin}/api/v1/chat（说明 {origin}/schema）\n"
        f"数据库      {database}"
    )
    async with server.services.database.read() as session:
        if await session.scalar(select(Officer.id).limit(1)) is None:
            click.echo("还没有专员账号：peipao officer add 登录名")
    if engine is None:
        return
    click.echo("对话引擎加载中……")
    try:
        await engine.wait_ready()
        click.echo(f"对话引擎已就绪，共用 {time.monotonic() - began:.0f} 秒。")
    except EngineError as error:
        click.echo(f"对话引擎还没有就绪（{error}），会继续重试；这期间企业仍可转专员。", err=True)
