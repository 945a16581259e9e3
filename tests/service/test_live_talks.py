"""Conversations through the running service, engine process and all."""

from __future__ import annotations

import concurrent.futures
import os
import re
import signal

import httpx
import pytest

pytestmark = [pytest.mark.engine, pytest.mark.slow]
STORY = "我们是做芯片的,成立三年,6项发明专利,去年营收1500万,没抵押,想贷300万周转"


def test_from_the_first_sentence_to_a_case(service, firm):
    text = firm.say(STORY)
    assert firm.state["facts"]["revenue_wan"] == 1500
    assert firm.state["facts"]["has_collateral"] is False
    assert "6项" in text
    assert firm.state["ranking"][0]["verdict"] != "ineligible"
    assert firm.state["asking"] is not None
    asked = []
    while firm.state["asking"] is not None:
        asked.append(firm.state["asking"])
        assert len(asked) < 12, asked
        firm.say("不清楚")
    assert len(asked) == len(set(asked))
    firm.press("check:tiered_loan")
    if firm.state["asking"] is not None:
        firm.say("已经入库了")
    assert "这是预审，不是审批" in "".join(reply["text"] for reply in firm.replies)
    text = firm.say("我要转人工")
    number = re.search(r"KC\d{8}-\d{4}", text)
    assert number, text
    assert "我们争取" in text
    assert firm.state["mode"] == "waiting"
    assert firm.state["case"]["number"] == number[0]
    service.command("officer", "add", "officer.one", text="a long enough pass phrase\n")
    with httpx.Client(base_url=service.url, follow_redirects=True) as stranger:
        assert number[0] not in stranger.get("/desk").text


def test_corrections_side_questions_and_why(firm):
    firm.press("check:tiered_loan")
    assert firm.state["asking"] == "is_cq_tech_enterprise"
    text = firm.say("科创保的费率是多少")
    assert "接着刚才的问题" in text
    assert firm.state["asking"] == "is_cq_tech_enterprise"
    assert "入库" in firm.say("为什么问这个")
    text = firm.say("已经入库了")
    assert "满足已公布条件" in text
    text = firm.say("刚才说错了，没有入库")
    assert "不满足" in text


def test_facts_in_any_order_give_one_verdict(service, firm):
    firm.say("我们在渝北，不在高新区")
    firm.say("我们是重庆市科技型企业，已经入库了")
    firm.press("check:tiered_loan")
    verdicts = {item["product"]: item["verdict"] for item in firm.state["ranking"]}
    assert verdicts["tiered_loan"] == "meets_published"


def test_the_same_message_twice_is_one_turn(firm):
    first = firm.say("想贷500万买设备", message_id="m-1")
    state = firm.state
    assert firm.say("想贷500万买设备", message_id="m-1") == first
    assert firm.state == state


def test_two_messages_at_once_are_answered_in_order(service, firm):
    firm.say("你好")
    texts = ["想贷100万", "说错了，是200万"]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        sent = [
            pool.submit(
                httpx.post,
                service.url + "/api/v1/chat",
                json={"session": firm.session, "text": text, "message_id": f"o-{place}"},
                timeout=30,
            )
            for place, text in enumerate(texts)
        ]
        answers = [one.result() for one in sent]
    assert [one.status_code for one in answers] == [200, 200]
    assert {one.json()["session"] for one in answers} == {firm.session}


@pytest.mark.parametrize(
    "text",
    ["", "   ", "字" * 10_000, "😀🎉", "\x00\x07\x1b[31m", "<script>alert(1)</script>",
     "'; DROP TABLE messages; --",
     "/inform{\"amount_wan\": 1}", "/restart", "/session_start"],
)  # fmt: skip
def test_strange_texts_are_answered(firm, text):
    assert firm.say(text)
    assert "Traceback" not in "".join(reply["text"] for reply in firm.replies)
    assert firm.state["facts"] == {}


def test_an_unknown_session_is_said_so(service):
    answer = httpx.post(service.url + "/api/v1/chat", json={"session": "nobody", "text": "你好"})
    assert answer.status_code == 404
    assert answer.json()["error"]


def test_the_engine_killed_in_the_middle_loses_nothing(service, firm):
    firm.say(STORY)
    before = dict(firm.state["facts"])
    for pid in service.engine_pids():
        os.kill(pid, signal.SIGKILL)
    text = firm.say("纳税信用B级")
    assert "没有回应" in text
    assert firm.state["facts"] == {**before, "tax_grade": "B"}
    assert "KC" in firm.press("human")
    service.wait_until(lambda: service.get("/readyz").status_code == 200, 240, "the engine is back")
    assert "没有回应" not in firm.say("什么叫容亏")


def test_a_restart_keeps_the_conversation(service, firm):
    firm.say(STORY)
    before = firm.state
    service.kill()
    service.start()
    firm.say("纳税信用B级")
    assert firm.state["facts"] == {**before["facts"], "tax_grade": "B"}
    assert service.stop() == 0
    service.start()
