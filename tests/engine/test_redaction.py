"""The engine's log holds nothing that a person wrote."""

from __future__ import annotations

import sys

import pytest

from bot.engine.redaction import LIMIT, frames, redact


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("Failed to parse '我叫王某,电话13812345678'", "Failed to parse '…,…#'"),
        ("mail a.b@example.com failed", "mail … failed"),
        ("Authorization: Bearer abcDEF123", "Authorization: Bearer …"),
        ("port 47949, line 120", "port 47949, line 120"),
    ],
)
def test_what_a_person_wrote_is_left_out(line, kept):
    assert redact(line) == kept


def test_long_lines_are_cut():
    assert len(redact("a" * 10 * LIMIT)) == LIMIT + 1


def test_an_exception_keeps_its_kind_and_places_only():
    try:
        raise ValueError("我叫王某")
    except ValueError:
        told = frames(*sys.exc_info())
    assert told.startswith("ValueError at test_redaction.py:")
    assert "王" not in told
