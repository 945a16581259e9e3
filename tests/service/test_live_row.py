"""Three short lines in a row, through the running service: one answer to all of them."""

from __future__ import annotations

import concurrent.futures

import httpx
import pytest

pytestmark = [pytest.mark.engine, pytest.mark.slow]
LINES = ["我们做芯片的", "去年营收1500万", "想贷300万"]


def test_three_quick_lines_are_answered_once(service, firm):
    firm.say("你好")
    own = {"X-Peipao-Session": firm.session}

    def told() -> str:
        return httpx.get(service.url + "/api/v1/chat", headers=own, timeout=30).text

    with concurrent.futures.ThreadPoolExecutor(len(LINES)) as pool:
        sent = []
        for line in LINES:
            body = {"session": firm.session, "text": line}
            sent.append(pool.submit(httpx.post, service.url + "/api/v1/chat", json=body, timeout=30))
            # The next line is sent when this one is stored, not when it is answered.
            service.wait_until(lambda line=line: line in told(), 30, f"{line} is stored")
        answers = [one.result().json() for one in sent]
    assert [bool(answer["replies"]) for answer in answers] == [False, False, True]
    facts = {"industry": "芯片", "revenue_wan": 1500, "amount_wan": 300}
    for answer in answers:
        assert {name: answer["state"]["facts"].get(name) for name in facts} == facts
    words = answers[-1]["replies"][0]["text"]
    assert all(part in words for part in ("芯片", "1500万元", "300万元"))
