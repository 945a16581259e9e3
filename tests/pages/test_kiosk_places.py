"""Several kiosks with ids and places, and the call for somebody of the staff, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from desk_stage import NAME, PASSWORD, SENTENCE
from kiosk_house import KIOSKS, KioskHouse

from bot.channels.kiosk import check
from bot.channels.kiosk.places import read_places
from bot.settings import Settings

pytestmark = pytest.mark.app

CALL = "/api/v1/kiosk/call"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[KioskHouse]:
    running = KioskHouse(tmp_path)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def client(house: KioskHouse) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=house.origin, timeout=20) as client:
        yield client


def call(client: httpx.Client, kiosk: str = "") -> dict[str, Any]:
    answer = client.post(CALL, headers={"X-Peipao-Kiosk": kiosk} if kiosk else {})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def log_in(client: httpx.Client) -> None:
    page = client.get("/desk/login").text
    token = page.partition('name="_csrf_token" value="')[2].partition('"')[0]
    form = {"name": NAME, "password": PASSWORD, "_csrf_token": token}
    assert client.post("/desk/login", data=form).status_code == 303


def test_each_kiosk_has_its_page_and_no_other(client: httpx.Client) -> None:
    for kiosk, place in KIOSKS.items():
        page = client.get(f"/kiosk/{kiosk}")
        assert page.status_code == 200
        assert place in page.text
        assert f'data-kiosk="{kiosk}"' in page.text
    assert client.get("/kiosk").status_code == 200
    assert client.get("/kiosk/a3").status_code == 404
    assert client.get("/kiosk/a3", headers={"Accept": "text/html"}).text.startswith("<!doctype html>")
    assert "set-cookie" not in client.get("/kiosk/a1").headers


@pytest.mark.parametrize(
    ("given", "why"),
    [("a1", "编号=地点"), ("a1=甲,a1=乙", "两次"), ("一楼=甲", "编号=地点"), (f"a1={'长' * 31}", "太长")],
)
def test_a_setting_that_cannot_be_used_is_said(given: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_places(given)
    (finding,) = check(Settings(kiosks=given))
    assert finding.level == "fault"
    assert why in finding.words


def test_a_call_rings_once_a_minute_for_each_kiosk(house: KioskHouse, client: httpx.Client) -> None:
    first = call(client, "a1")
    assert first["fresh"]
    again = call(client, "a1")
    assert not again["fresh"]
    assert again["at"] == first["at"]
    assert 0 < again["again_s"] <= 60
    assert call(client, "a2")["fresh"]
    assert client.post(CALL, headers={"X-Peipao-Kiosk": "a3"}).status_code == 404
    with ThreadPoolExecutor(6) as pool:
        pressed = list(pool.map(lambda _: httpx.post(house.origin + CALL, timeout=20).json(), range(6)))
    assert [one["fresh"] for one in pressed].count(True) == 1

    log_in(client)
    told: list[str] = []
    with client.stream("GET", "/desk/api/events?after=0.0") as stream:
        for line in stream.iter_lines():
            if "kiosk_call" in line:
                told.append(line)
            if len(told) == 3:
                break
    assert [KIOSKS["a1"] in told[0], KIOSKS["a2"] in told[1], '"place":""' in told[2]] == [True] * 3
    assert not any(SENTENCE[:6] in line for line in told)


def test_the_desk_says_where_the_firm_stood_also_after_it_left(client: httpx.Client) -> None:
    headers = {"X-Peipao-Channel": "kiosk", "X-Peipao-Kiosk": "a2"}
    said = client.post("/api/v1/chat", json={"session": None, "text": SENTENCE}, headers=headers).json()
    asked = {"session": said["session"], "payload": "human"}
    number = client.post("/api/v1/chat", json=asked, headers=headers).json()["state"]["case"]["number"]
    log_in(client)
    assert "<dt>来自</dt><dd>自助机（政务服务大厅）</dd>" in client.get(f"/desk/cases/{number}").text
    client.delete("/api/v1/chat", headers={"X-Peipao-Session": said["session"]})
    assert "<dt>来自</dt><dd>自助机（政务服务大厅）</dd>" in client.get(f"/desk/cases/{number}").text
