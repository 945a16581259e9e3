"""Processes under measurement: started, awaited, weighed and ended."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path

import msgspec


class BenchError(Exception):
    """The bench cannot go on; the message names the process and its log."""


class Weight(msgspec.Struct, frozen=True):
    """Resident memory of one process in MB; `what` is a short name made from its command line."""

    what: str
    memory_mb: float


def _family(pid: int) -> dict[int, tuple[int, str]]:
    """A process, first, and all below it, by id: resident memory in KB and the command line."""
    listing = subprocess.run(
        ["ps", "-eo", "pid=,ppid=,rss=,args="], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    rows = [line.split(None, 3) for line in listing]
    wanted = {pid}
    # ps lists by process id; a child may stand before its parent where ids wrapped round, hence the repeat.
    for _ in range(3):
        wanted |= {int(row[0]) for row in rows if int(row[1]) in wanted}
    return {int(row[0]): (int(row[2]), row[3]) for row in rows if int(row[0]) in wanted}


def weigh(pid: int) -> list[Weight]:
    """Memory of a process and all below it, the process itself first."""
    return [Weight(_short(command), kilobytes / 1024) for kilobytes, command in _family(pid).values()]


def cpu_seconds(*pids: int) -> float:
    """CPU time that the processes and all below them have used so far; not a number where nobody tells it."""
    ticks = 0
    for pid in {one for top in pids for one in _family(top)}:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rsplit(")", 1)[1].split()
        except OSError:
            return math.nan
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _short(command: str) -> str:
    for mark, name in (
        ("bot.engine.serve", "engine"),
        ("peipao serve", "app"),
        ("rasa_sdk", "stock actions"),
        ("rasa run", "stock Rasa"),
    ):
        if mark in command:
            return name
    return Path(command.split()[0]).name


@contextlib.asynccontextmanager
async def _started(
    command: list[str], *, cwd: Path, env: Mapping[str, str], log: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), 15)
        except TimeoutError:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


@contextlib.asynccontextmanager
async def running(command: list[str], *, cwd: Path, env: Mapping[str, str], log: Path) -> AsyncIterator[int]:
    """Process id of `command` while it runs; its whole group is ended with the block."""
    async with _started(command, cwd=cwd, env=env, log=log) as process:
        yield process.pid


async def finished(
    command: list[str], *, cwd: Path, env: Mapping[str, str], log: Path, what: str, timeout_s: float = 3600
) -> None:
    """Waits until `command` has ended. Raises BenchError unless it ended well within `timeout_s` seconds."""
    async with _started(command, cwd=cwd, env=env, log=log) as process:
        try:
            code = await asyncio.wait_for(process.wait(), timeout_s)
        except TimeoutError:
            raise BenchError(f"{what} was not done within {timeout_s:.0f} s:\n{_tail(log)}") from None
    if code != 0:
        raise BenchError(f"{what} ended with code {code}:\n{_tail(log)}")


async def seconds_until(
    holds: Callable[[], Awaitable[bool]], *, pid: int, what: str, log: Path, timeout_s: float = 180
) -> float:
    """Seconds until `holds` is true. Raises BenchError where the process dies or takes too long."""
    began = time.monotonic()
    while time.monotonic() - began < timeout_s:
        if await holds():
            return time.monotonic() - began
        if not _alive(pid):
            raise BenchError(f"{what} ended:\n{_tail(log)}")
        await asyncio.sleep(0.05)
    raise BenchError(f"{what} was not ready within {timeout_s:.0f} s:\n{_tail(log)}")


def _alive(pid: int) -> bool:
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
    except ChildProcessError:
        return False


def _tail(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text("utf-8", "replace").splitlines()[-lines:])
