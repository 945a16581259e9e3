"""The real engine: a Rasa process with the trained model, asked over HTTP and from the command line."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.engine_process import EngineProcess
from bot.settings import ROOT, Settings

pytestmark = pytest.mark.engine

SECRET = "a secret of this test run"


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("engine")


@pytest.fixture(scope="module")
def engine(data_dir: Path) -> Iterator[EngineProcess]:
    """One engine for this module, in an event loop of its own thread; no action server stands behind it."""
    settings = Settings(data_dir=data_dir, engine_secret=SECRET)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    process = EngineProcess(settings, action_url="http://127.0.0.1:9/none")

    def wait(work: Any, timeout: float = 180) -> None:
        asyncio.run_coroutine_threadsafe(work, loop).result(timeout)

    wait(process.start())
    try:
        wait(process.wait_ready(150))
        yield process
    finally:
        wait(process.stop())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture
def client(engine: EngineProcess) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {SECRET}"}
    with httpx.Client(
        base_url=engine.url + "/webhooks/gateway", headers=headers, timeout=30, trust_env=False
    ) as made:
        yield made


def parse(client: httpx.Client, text: str, asked: str | None = None) -> dict[str, Any]:
    answer = client.post("/parse", json={"text": text, "asked": asked})
    answer.raise_for_status()
    return answer.json()


def test_a_need_with_its_facts(client):
    parsed = parse(client, "我们想贷300万周转,没有抵押物")
    assert parsed["intent"] == "seek_funding"
    assert parsed["reading"]["facts"]["amount_wan"] == 300
    assert parsed["reading"]["facts"]["has_collateral"] is False
    assert parsed["intent_ranking"][0] == ["seek_funding", parsed["confidence"]]


def test_the_asked_fact_gives_a_bare_number_its_meaning(client):
    assert parse(client, "八百", "revenue_wan")["reading"]["facts"] == {"revenue_wan": 800}
    assert parse(client, "八百")["reading"]["facts"] != {"revenue_wan": 800}


def test_a_typed_command_is_text(client):
    parsed = parse(client, '/request_human{"a": 1}')
    assert parsed["confidence"] < 1


@pytest.mark.parametrize(
    "text", ["😀" * 50, "\x00\x07", "<script>alert(1)</script>", "'; DROP TABLE cases;--", "长" * 10_000]
)
def test_odd_text_is_read_without_a_crash(client, text):
    assert set(parse(client, text)) == {"intent", "confidence", "intent_ranking", "reading"}


def test_without_its_actions_a_turn_fails_loudly(client):
    answer = client.post("/turn", json={"turn": "t1", "text": "你好", "today": "2026-11-24"})
    assert answer.status_code == 503
    assert answer.json() == {"error": "the action gave no answer"}


def test_strangers_are_refused(engine):
    answer = httpx.post(engine.url + "/webhooks/gateway/parse", json={"text": "你好"}, trust_env=False)
    assert answer.status_code == 403
    assert httpx.get(engine.url + "/conversations/x/tracker", trust_env=False).status_code == 404


def test_the_command_line_uses_the_running_engine(engine, data_dir):
    lines = '{"text": "想贷300万"}\nno json\n{"text": "科创保要什么条件"}\n'
    done = subprocess.run(
        [str(Path(sys.executable).with_name("peipao")), "understand", "--jsonl"],
        input=lines.encode(),
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "PEIPAO_DATA_DIR": str(data_dir), "PEIPAO_ENGINE_SECRET": SECRET},
        timeout=60,
        check=False,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert "正在启动引擎" not in done.stderr.decode()
    assert answers[0]["facts"] == {
        "amount_wan": 300,
        **{k: v for k, v in answers[0]["facts"].items() if k == "funding_kind"},
    }
    assert answers[1]["error"].startswith("第2行")
    assert (answers[2]["products"], answers[2]["aspect"]) == (["kechuangbao"], "conditions")
