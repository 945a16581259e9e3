"""A fourth channel needs its folder and nothing else: the one of `docs/channels.md`, as it stands there."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from app_fakes import served
from telegram_person import Start

import bot.channels
from bot.channels.doctor import examine
from bot.settings import load_settings

pytestmark = pytest.mark.asyncio
GUIDE = Path(__file__).resolve().parents[3] / "docs" / "channels.md"


class FakeParrot:
    """Takes messages; the first `refused` requests get a 429."""

    def __init__(self) -> None:
        self.said: list[dict[str, Any]] = []
        self.refused = 0
        self.url = ""
        self._changed = asyncio.Condition()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        raw, more = b"", True
        while more:
            part = await receive()
            raw += part.get("body", b"")
            more = part.get("more_body", False)
        async with self._changed:
            status = 429 if self.refused else 200
            self.refused = max(0, self.refused - 1)
            if status == 200:
                self.said.append(msgspec.json.decode(raw))
            self._changed.notify_all()
        body = msgspec.json.encode({"id": str(len(self.said))})
        headers = [(b"content-type", b"application/json"), (b"retry-after", b"1")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def until_said(self, count: int) -> list[str]:
        async with asyncio.timeout(20), self._changed:
            await self._changed.wait_for(lambda: len(self.said) >= count)
            return [one["text"] for one in self.said]


@pytest.fixture
async def parrot() -> AsyncIterator[FakeParrot]:
    fake = FakeParrot()
    async with served(fake) as url:
        fake.url = url
        yield fake


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The guide's folder beside the real ones."""
    code = re.search(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    assert code is not None
    made = tmp_path / "more_channels" / "parrot"
    made.mkdir(parents=True)
    (made / "__init__.py").write_text(code[1], "utf-8")
    monkeypatch.setattr(bot.channels, "__path__", [*bot.channels.__path__, str(made.parent)])
    yield
    sys.modules.pop("bot.channels.parrot", None)


@pytest.mark.usefixtures("folder")
async def test_the_guides_channel_talks(start: Start, parrot: FakeParrot) -> None:
    parrot.refused = 1
    async with start({"PARROT_URL": parrot.url, "PARROT_SECRET": "s3cret", "TELEGRAM_TOKEN": None}) as app:
        path, headers = "/channels/parrot", {"x-parrot-secret": "s3cret"}
        said = {"id": "m1", "from": "某人", "text": "你好"}
        assert (await app.client.post(path, json=said, headers={"x-parrot-secret": "x"})).status_code == 403
        answers = await asyncio.gather(*(app.client.post(path, json=said, headers=headers) for _ in range(3)))
        assert [answer.status_code for answer in answers] == [200, 200, 200]
        texts = await parrot.until_said(2)
        assert texts[0] == "收到：你好\n  1. 转专员"
        assert "个人信息告知" in texts[1]
        # A number is the choice it stands for, by what the channel says of itself.
        chosen = {"id": "m2", "from": "某人", "text": "1"}
        await app.client.post(path, json=chosen, headers=headers)
        assert "编号 KC" in (await parrot.until_said(3))[2]
        link = await app.client.post("/api/v1/chat", json={"session": None, "text": "你好"})
        ways = await app.client.post(
            "/api/v1/chat/link", headers={"X-Peipao-Session": link.json()["session"]}
        )
        assert [way["title"] for way in ways.json()["ways"]] == ["鹦鹉"]


@pytest.mark.usefixtures("folder")
async def test_the_doctor_knows_it() -> None:
    found = examine(load_settings({"PEIPAO_PARROT_URL": "http://parrot.example"}))
    assert [one.level for one in found["parrot"]] == ["fault"]
    assert found[""] == []
