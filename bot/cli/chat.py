"""`peipao chat`: the same dialogue in the terminal, over the same HTTP API."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from typing import Any

import click
import httpx
import msgspec

from bot.channels.terminal import Choices
from bot.cli.failures import plain_failures
from bot.conversation.wire import Reply
from bot.settings import Settings, load_settings

START_S = 120
HEADERS = {"X-Peipao-Channel": "terminal"}
_LEAVE = {"退出", "exit", "quit", ":q"}


@click.command()
def chat() -> None:
    """Talk to the service in the terminal. Choices are numbered; 退出 or Ctrl-D ends.

    A running service is used; where there is none, one is started for as long as the talk lasts.
    """
    with plain_failures():
        settings = load_settings()
    with _service(settings), httpx.Client(base_url=settings.origin, timeout=60, trust_env=False) as client:
        Terminal(client).run()


class Terminal:
    """One talk: what is typed goes out, answers and an officer's words are printed."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self._session: str | None = None
        self._choices = Choices()
        self._listening: threading.Thread | None = None

    def run(self) -> None:
        """Until the person leaves; the session is then ended."""
        self._send({"payload": "intent:greet"})
        with contextlib.suppress(EOFError, KeyboardInterrupt):
            while True:
                typed = self._typed()
                if typed.strip().lower() in _LEAVE:
                    break
                button = self._choices.chosen(typed)
                self._send(
                    {"text": typed} if button is None else {"payload": button.payload, "text": button.title}
                )
        self._leave()

    def _typed(self) -> str:
        if sys.stdin.isatty():
            return input("\n您> ")
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        click.echo(f"\n您> {line.rstrip()}")
        return line.rstrip("\n")

    def _send(self, message: dict[str, Any]) -> None:
        # The id stays the same in every attempt, so a repeat is not a second turn.
        body = {"session": self._session, "message_id": uuid.uuid4().hex, **message}
        answer = self._answer(body)
        if answer is None:
            return
        self._session = answer["session"]
        replies = msgspec.convert(answer["replies"], list[Reply])
        for shown in self._choices.offer(replies, answer["state"]["asking"]):
            click.echo(f"\n陪跑> {shown}")
        if answer.get("notice"):
            click.echo(f"\n{answer['notice']['text']}")
        if not replies and answer["state"]["mode"] == "human":
            click.echo("（已发给专员，请稍候）")
        if answer["state"]["mode"] != "bot":
            self._listen()

    def _answer(self, body: dict[str, Any]) -> dict[str, Any] | None:
        for attempt in range(3):
            try:
                response = self._client.post("/api/v1/chat", json=body, headers=HEADERS)
            except httpx.TransportError:
                if attempt < 2:
                    time.sleep(1 + attempt)
                continue
            found: dict[str, Any] = response.json()
            if response.status_code == 200:
                return found
            click.echo(f"（{found.get('error', '出错了')}）", err=True)
            return None
        click.echo("（连不上服务，这句话没有发出去）", err=True)
        return None

    def _listen(self) -> None:
        """From the hand-over on an officer may write at any moment."""
        if self._listening is None:
            self._listening = threading.Thread(target=self._hear, daemon=True)
            self._listening.start()

    def _hear(self) -> None:
        last = "0"
        while True:
            headers = {"X-Peipao-Session": self._session or "", "Last-Event-ID": last}
            try:
                with self._client.stream(
                    "GET", "/api/v1/chat/events", headers=headers, timeout=None
                ) as stream:
                    if stream.status_code != 200:
                        return
                    last = self._print_events(stream.iter_lines(), last)
            except httpx.HTTPError:
                pass
            time.sleep(2)

    @staticmethod
    def _print_events(lines: Iterator[str], last: str) -> str:
        event: dict[str, str] = {}
        for line in lines:
            name, _, value = line.partition(": ")
            if line:
                event[name] = value
                continue
            if "id" in event:
                last = event["id"]
            if event.get("event") == "message":
                data = msgspec.json.decode(event["data"])
                click.echo(f"\n{data.get('name') or '陪跑'}> {data['text']}")
            event = {}
        return last

    def _leave(self) -> None:
        if self._session is not None:
            with contextlib.suppress(httpx.HTTPError):
                self._client.delete("/api/v1/chat", headers={"X-Peipao-Session": self._session})
        click.echo("\n再见。")


def _alive(settings: Settings, path: str) -> bool:
    try:
        return httpx.get(settings.origin + path, timeout=3, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


@contextlib.contextmanager
def _service(settings: Settings) -> Iterator[None]:
    """A service at the configured address: the running one, or our own until the block ends."""
    if _alive(settings, "/healthz"):
        yield
        return
    click.echo(f"{settings.origin} 上没有运行中的服务，正在启动一个……", err=True)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    log_file = settings.data_dir / "chat-serve.log"
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", "from bot.cli import main; main()", "serve"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # A Ctrl-C ends the talk; the service is stopped after it, in order.
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + START_S
        while not _alive(settings, "/readyz"):
            if process.poll() is not None or time.monotonic() > deadline:
                words = log_file.read_text("utf-8", "replace").strip().splitlines()[-5:]
                raise click.ClickException("服务没有启动成功：\n" + "\n".join(words))
            time.sleep(0.2)
        yield
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
