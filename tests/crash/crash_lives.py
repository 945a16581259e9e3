"""Processes of the app, one life after another on the same port and data."""

from __future__ import annotations

import asyncio
import base64
import multiprocessing
import os
import signal
import socket
import sys
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

import crash_app
import httpx
from app_fakes import SECRET
from database_templates import KEY

NEVER = ("never", 0)


def _forked() -> ForkServerContext:
    """Processes forked from one that has imported everything and done nothing."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["crash_app", "aiosqlite", "asyncpg", "uvicorn.protocols.http.auto"])
    # That process is not told our path, and would pass over what it does not find.
    kept = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    try:
        forkserver.ensure_running()
    finally:
        if kept is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = kept
    return context


class Lives:
    """One app at a time.

    Args:
        more: further settings, by the names of their variables.
    """

    def __init__(
        self, database_url: str, data_dir: Path, engine_url: str, platform_url: str, **more: str
    ) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self._platform_url = platform_url
        self._environment = {
            "PEIPAO_PORT": str(port),
            "PEIPAO_DATA_DIR": str(data_dir),
            "PEIPAO_DATABASE_URL": database_url,
            "PEIPAO_ENGINE_URL": engine_url,
            "PEIPAO_ENGINE_SECRET": SECRET,
            "PEIPAO_ENGINE_TIMEOUT_S": "30",
            "PEIPAO_KEYS": base64.b64encode(KEY).decode(),
            "PEIPAO_LOG_LEVEL": "ERROR",
            # Lines of one firm follow each other closely and are turns of their own.
            "PEIPAO_SETTLE_MS": "web=0,sure=0,blind=0",
            # An offer must outlive all kills.
            "PEIPAO_OFFER_MINUTES": "1440",
            **more,
        }
        self._forked = _forked()
        self._process: BaseProcess | None = None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.is_alive()

    async def start(self, step: str, nth: int) -> bool:
        """A new life; whether it came so far as to answer."""
        self._process = self._forked.Process(
            target=crash_app.main, args=(self._environment, self._platform_url, step, nth), daemon=True
        )
        await asyncio.to_thread(self._process.start)
        async with httpx.AsyncClient(base_url=self.url, trust_env=False) as client:
            while self.alive:
                try:
                    if (await client.get("/healthz")).status_code == 200:
                        return True
                except httpx.TransportError:
                    await asyncio.sleep(0.02)
        return False

    async def kill(self) -> None:
        """Ends the life, if it has not ended itself. The app gets no word of it."""
        if self._process is None:
            return
        if self._process.is_alive():
            assert self._process.pid is not None
            os.kill(self._process.pid, signal.SIGKILL)
        await asyncio.to_thread(self._process.join)
        assert self._process.exitcode == -signal.SIGKILL, f"it ended by itself: {self._process.exitcode}"
        self._process.close()
        self._process = None
