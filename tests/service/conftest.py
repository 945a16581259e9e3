"""The whole service as people run it: `peipao serve` with its engine, on a folder of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).parents[2]
PEIPAO = ROOT / ".venv" / "bin" / "peipao"
READY_WITHIN_S = 240


class Service:
    """A running service that tests may kill and start again; the data stays."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data_dir / "service.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        own = {"PEIPAO_PORT": str(self.port), "PEIPAO_DATA_DIR": str(self.data_dir)}
        return {**os.environ, **own}

    def command(self, *words: str, text: str = "") -> str:
        done = subprocess.run(
            [PEIPAO, *words],
            env=self.environment,
            cwd=ROOT,
            input=text.encode(),
            capture_output=True,
            check=True,
        )
        return done.stdout.decode()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [PEIPAO, "serve"],
                env=self.environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait_until(
            lambda: self.get("/readyz").status_code == 200, READY_WITHIN_S, "the service is ready"
        )

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.url + path, timeout=10)

    def wait_until(self, condition: Any, seconds: float, what: str) -> None:
        """Poll until the condition holds; a refused connection counts as not yet."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert self.process is None or self.process.poll() is None, self.log.read_text()[-3000:]
            try:
                if condition():
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.2)
        pytest.fail(f"waited {seconds} s in vain until {what}\n{self.log.read_text()[-3000:]}")

    def link(self, session: str) -> str:
        """A code to take the talk of `session` along."""
        answer = httpx.post(f"{self.url}/api/v1/chat/link", headers={"X-Peipao-Session": session}, timeout=10)
        answer.raise_for_status()
        return str(answer.json()["code"]).replace("-", "")

    def kill(self) -> None:
        """A power cut: the service and its engine die at once."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        for pid in self.engine_pids():
            os.kill(pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def stop(self) -> int:
        assert self.process is not None
        self.process.terminate()
        code = self.process.wait(timeout=60)
        self.process = None
        return code

    def engine_pids(self) -> list[int]:
        """The engine of this service, found by its data folder in the environment or as our child."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ")
                parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
            if b"bot.engine.serve" in command and self.process is not None and parent == self.process.pid:
                found.append(int(folder.name))
        return found


class Firm:
    """A firm that writes."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.session: str | None = None
        self.state: dict[str, Any] = {}
        self.replies: list[dict[str, Any]] = []

    def send(self, **body: Any) -> str:
        answer = httpx.post(
            self.service.url + "/api/v1/chat", json={"session": self.session, **body}, timeout=30
        )
        answer.raise_for_status()
        told = answer.json()
        self.session, self.state, self.replies = told["session"], told["state"], told["replies"]
        return "\n".join(reply["text"] for reply in self.replies)

    def say(self, text: str, **more: Any) -> str:
        return self.send(text=text, **more)

    def press(self, key: str) -> str:
        return self.send(payload=key)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    running = Service(tmp_path_factory.mktemp("service"))
    running.command("migrate")
    running.start()
    yield running
    if running.process is not None:
        running.stop()


@pytest.fixture
def firm(service: Service) -> Firm:
    return Firm(service)


@pytest.fixture
def own_service(tmp_path: Path) -> Iterator[Service]:
    """A service that is not started yet: the test sets its environment first."""
    own = Service(tmp_path)
    yield own
    if own.process is not None:
        own.stop()


@pytest.fixture
def own_firm(own_service: Service) -> Firm:
    return Firm(own_service)
