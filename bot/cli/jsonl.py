"""One JSON object a line in, one a line out: the shape of every `--jsonl` command."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any, BinaryIO

import msgspec

Handler = Callable[[dict[str, Any]], Any]


class LineError(ValueError):
    """What a handler raises when a line can be read as JSON but its fields are wrong.

    The message names the field at fault, in Chinese; it goes to whoever sent the line.
    """


def field(line: dict[str, Any], name: str, kind: type | tuple[type, ...], *, required: bool = True) -> Any:
    """The value of a field of the line, checked for its type; None where it may be absent and is.

    Raises LineError naming the field.
    """
    value = line.get(name)
    if value is None:
        if required:
            raise LineError(f"缺少字段 {name}")
        return None
    if not isinstance(value, kind):
        raise LineError(f"字段 {name} 的类型不对：{type(value).__name__}")
    return value


def answer(raw: bytes, number: int, handler: Handler) -> bytes:
    """The answer to one line, encoded, without its line break; `number` counts from 1."""
    try:
        line = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return msgspec.json.encode({"error": f"第{number}行：不是有效的JSON（{error}）"})
    if not isinstance(line, dict):
        return msgspec.json.encode({"error": f"第{number}行：应为JSON对象"})
    try:
        return msgspec.json.encode(handler(line))
    except LineError as error:
        return msgspec.json.encode({"error": f"第{number}行：{error}"})


def run(handler: Handler, lines: Iterable[bytes] | None = None, out: BinaryIO | None = None) -> int:
    """Answers every line in order and returns how many could not be answered.

    An empty line is skipped. Each answer is flushed, so that a caller may talk line by line.
    """
    lines = sys.stdin.buffer if lines is None else lines
    out = sys.stdout.buffer if out is None else out
    failed = 0
    for number, raw in enumerate(lines, start=1):
        if not raw.strip():
            continue
        reply = answer(raw, number, handler)
        failed += reply.startswith(b'{"error"')
        out.write(reply + b"\n")
        out.flush()
    return failed
