"""Bad lines are answered where they stand, and the rest goes on."""

from __future__ import annotations

import io
import json

from bot.cli.jsonl import LineError, field, run


def echo(line):
    return {"text": field(line, "text", str), "asked": field(line, "asked", str, required=False)}


def answers(*lines: bytes):
    out = io.BytesIO()
    failed = run(echo, lines, out)
    return failed, [json.loads(line) for line in out.getvalue().splitlines()]


def test_answers_come_in_order_and_bad_lines_do_not_stop_them():
    failed, got = answers(
        b'{"text":"a"}', b"{", b"", b"[1]", b'{"text":1}', b"{}", b"\xff", b'{"text":"b","asked":"x"}'
    )
    assert failed == 5
    assert got[0] == {"text": "a", "asked": None}
    assert got[-1] == {"text": "b", "asked": "x"}
    assert got[1]["error"].startswith("第2行")
    assert got[2]["error"].startswith("第4行")
    assert "text" in got[3]["error"]
    assert got[4]["error"] == "第6行：缺少字段 text"
    assert got[5]["error"].startswith("第7行")


def test_a_handler_may_refuse_a_line():
    def refuse(line):
        raise LineError("没有这个产品")

    out = io.BytesIO()
    assert run(refuse, [b"{}"], out) == 1
    assert json.loads(out.getvalue()) == {"error": "第1行：没有这个产品"}
