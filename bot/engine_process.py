"""The engine seen from the app: a process to start, watch, restart and stop. Imports no Rasa."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Literal

import httpx
import msgspec
import structlog

from bot.engine.redaction import redact
from bot.settings import ROOT, Settings, with_engine_secret

log = structlog.get_logger("engine")

READY = "/webhooks/gateway/ready"
ACTIONS = "/internal/actions/webhook"
FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 30.0
#: A process that lived this long did not die of its start.
SETTLED_S = 60.0
HEARTBEAT_S = 5.0
#: After so many unanswered heartbeats the process hangs and is killed.
MISSED_HEARTBEATS = 3
STOP_S = 5.0

State = Literal["stopped", "starting", "ready", "waiting"]


class EngineError(Exception):
    """The engine cannot be started; the message (Chinese) says what to do about it."""


class LogLine(msgspec.Struct):
    """One line of the engine's log, already redacted there."""

    level: str = "info"
    logger: str = ""
    event: str = ""
    exception: str | None = None


class Address(msgspec.Struct):
    """Where a running engine is found: its address and its process id."""

    url: str
    pid: int


def engine_python() -> Path:
    """The engine environment's Python. Raises EngineError where `make setup` has not made it."""
    python = ROOT / ".venv-engine" / "bin" / "python"
    if not python.exists():
        raise EngineError("没有引擎的运行环境 .venv-engine，请先运行 make setup")
    return python


def engine_environ(**more: str) -> dict[str, str]:
    """What an engine process finds in its environment: ours without our keys and addresses, and `more`."""
    ours = ("PYTHON", "VIRTUAL_", "PEIPAO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "ignore", **more}


def free_port() -> int:
    """A port on 127.0.0.1 that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def restart_delay(failures: int) -> float:
    """Seconds to wait before the next start, after so many deaths in a row (1, 2, …)."""
    return min(LONGEST_DELAY_S, FIRST_DELAY_S * 2.0 ** (failures - 1))


class EngineProcess:
    """Keeps one engine alive: `async with EngineProcess(settings) as engine: await engine.wait_ready()`.

    The engine's secret must already be in the settings (`with_engine_secret`).
    """

    def __init__(self, settings: Settings, *, action_url: str | None = None) -> None:
        self.settings = settings
        self.port = settings.engine_port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.state: State = "stopped"
        self.starts = 0
        self.seconds_to_ready: float | None = None
        self._action_url = action_url or f"http://127.0.0.1:{settings.port}{ACTIONS}"
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = asyncio.Event()
        self._ready = asyncio.Event()
        self._supervision: asyncio.Task[None] | None = None

    async def __aenter__(self) -> EngineProcess:
        await self.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    @property
    def pid(self) -> int | None:
        """Process id of the running engine."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def start(self) -> None:
        """Starts the engine and its supervision; returns at once.

        Raises EngineError where the environment, the secret or the model is missing.
        """
        engine_python()
        if not self.settings.engine_secret:
            raise EngineError("没有设置引擎密钥 PEIPAO_ENGINE_SECRET")
        if not model_path().is_file():
            raise EngineError("没有训练好的模型，请先运行 make setup")
        self._stopping.clear()
        self._supervision = asyncio.create_task(self._supervise(), name="engine supervision")

    async def stop(self) -> None:
        """Ends the engine and waits until it is gone."""
        self._stopping.set()
        self._terminate()
        if self._supervision is not None:
            await self._supervision
            self._supervision = None

    async def wait_ready(self, timeout_s: float = 90.0) -> None:
        """Waits until the engine has answered a parse. Raises EngineError after `timeout_s` seconds."""
        try:
            await asyncio.wait_for(self._ready.wait(), timeout_s)
        except TimeoutError:
            raise EngineError(f"引擎在 {timeout_s:.0f} 秒内没有就绪") from None

    async def _supervise(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            began = time.monotonic()
            code = await self._live()
            if self._stopping.is_set():
                break
            failures = 1 if time.monotonic() - began > SETTLED_S else failures + 1
            delay = restart_delay(failures)
            self.state = "waiting"
            log.error("the engine ended", code=code, restart_in_s=delay)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), delay)
        self.state = "stopped"

    async def _live(self) -> int:
        """One life of the process, from start to death; its exit code."""
        self.state = "starting"
        self.starts += 1
        process = self._process = await asyncio.create_subprocess_exec(
            str(engine_python()),
            *("-m", "bot.engine.serve", "--model", str(model_path()), "--port", str(self.port)),
            cwd=ROOT,
            env=engine_environ(
                PEIPAO_ENGINE_SECRET=self.settings.engine_secret,
                PEIPAO_ACTION_URL=self._action_url,
                PEIPAO_ENGINE_PARENT=str(os.getpid()),
                PEIPAO_CATALOG_DIR=str(self.settings.catalog_dir),
            ),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            # A Ctrl-C in the terminal is for the app, which then ends the engine in its own time.
            start_new_session=True,
        )
        assert process.stdout is not None
        reader = asyncio.create_task(_log_lines(process.stdout))
        watch = asyncio.create_task(self._watch(process))
        if self._stopping.is_set():
            self._terminate()
        try:
            return await self._ended(process)
        finally:
            self._ready.clear()
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)
            await reader
            self._forget_address()

    async def _ended(self, process: asyncio.subprocess.Process) -> int:
        """Waits for the end; a process that ignores the wish to stop is killed."""
        waiting = asyncio.create_task(process.wait())
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({waiting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        try:
            return await asyncio.wait_for(
                asyncio.shield(waiting), STOP_S if self._stopping.is_set() else None
            )
        except TimeoutError:
            process.kill()
            return await waiting

    async def _watch(self, process: asyncio.subprocess.Process) -> None:
        """Waits for the first parse, then listens whether the engine still answers."""
        began = time.monotonic()
        async with httpx.AsyncClient(base_url=self.url, timeout=HEARTBEAT_S, trust_env=False) as client:
            while not await _answers(client):
                await asyncio.sleep(0.1)
            self.seconds_to_ready = time.monotonic() - began
            self.state = "ready"
            self._remember_address()
            self._ready.set()
            log.info("the engine is ready", seconds=round(self.seconds_to_ready, 1), port=self.port)
            missed = 0
            while missed < MISSED_HEARTBEATS:
                await asyncio.sleep(HEARTBEAT_S)
                missed = 0 if await _answers(client) else missed + 1
        log.error("the engine no longer answers and is killed")
        process.kill()

    def _terminate(self) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGTERM)

    def _remember_address(self) -> None:
        path = address_file(self.settings)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_bytes(msgspec.json.encode(Address(self.url, self.pid or 0)))

    def _forget_address(self) -> None:
        with contextlib.suppress(OSError, msgspec.DecodeError):
            path = address_file(self.settings)
            if msgspec.json.decode(path.read_bytes(), type=Address).url == self.url:
                path.unlink()


def model_path() -> Path:
    """The trained model of this checkout."""
    return ROOT / "models" / "peipao.tar.gz"


def address_file(settings: Settings) -> Path:
    """Where a running engine leaves its address for the commands of the same data folder."""
    return settings.data_dir / "engine.json"


async def _answers(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get(READY)).status_code == 200
    except httpx.HTTPError:
        return False


async def _log_lines(stream: asyncio.StreamReader) -> None:
    """Logs what the engine says as our own, redacted once more: a crashing process writes what it likes."""
    while True:
        try:
            raw = await stream.readline()
        except ValueError:
            # A line longer than the buffer; the rest of it follows.
            continue
        if not raw:
            return
        if not raw.strip():
            continue
        try:
            line = msgspec.json.decode(raw, type=LogLine)
        except msgspec.DecodeError:
            log.warning("engine", line=redact(raw.decode("utf-8", "replace").strip()))
            continue
        write = getattr(log, line.level, log.warning)
        extra = {"exception": line.exception} if line.exception else {}
        write(redact(line.event), source=line.logger, **extra)


async def running_engine(settings: Settings) -> str | None:
    """The address of an engine that answers right now: the configured one, or that of a running service."""
    candidates = [settings.engine_url.rstrip("/")] if settings.engine_url else []
    with contextlib.suppress(OSError, msgspec.DecodeError):
        candidates.append(msgspec.json.decode(address_file(settings).read_bytes(), type=Address).url)
    for url in candidates:
        async with httpx.AsyncClient(base_url=url, timeout=HEARTBEAT_S, trust_env=False) as client:
            if await _answers(client):
                return url
    return None


@contextlib.asynccontextmanager
async def some_engine(
    settings: Settings, *, say: Callable[[str], None] = lambda line: None
) -> AsyncIterator[tuple[str, str]]:
    """Address and secret of an engine: the running one, or one of our own that ends with the block.

    `say` is told what is being waited for. Raises EngineError where neither is to be had.
    """
    settings = with_engine_secret(settings)
    url = await running_engine(settings)
    if url is not None:
        yield url, settings.engine_secret
        return
    if settings.engine_url:
        raise EngineError(f"{settings.engine_url} 没有引擎应答")
    say("正在启动引擎（约10秒）……")
    async with EngineProcess(settings) as engine:
        await engine.wait_ready()
        yield engine.url, settings.engine_secret
