"""Keeps what people wrote out of the engine's log. Pure; used on both sides of the process border."""

from __future__ import annotations

import re
import traceback
from types import TracebackType

# Rasa and our own code log in English: everything else in a message came from a person.
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
# An amount, a phone number, an identity number; ports and line numbers are shorter.
_LONG_NUMBER = re.compile(r"\d{6,}")
_MAILBOX = re.compile(r"\S+@\S+\.\S+")
_BEARER = re.compile(r"(?i)bearer\s+\S+")
LIMIT = 500


def redact(text: str) -> str:
    """`text` without anything a person may have written, at most LIMIT characters long."""
    text = _BEARER.sub("Bearer …", text)
    text = _MAILBOX.sub("…", text)
    text = _LONG_NUMBER.sub("#", text)
    text = _FOREIGN.sub("…", text)
    return text if len(text) <= LIMIT else text[:LIMIT] + "…"


def frames(kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> str:
    """Type of an exception and the places it passed, without its message and without local variables."""
    name = kind.__name__ if kind is not None else type(error).__name__
    places = [
        f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}"
        for frame in reversed(traceback.extract_tb(trace)[-6:])
    ]
    return f"{name} at {' < '.join(places)}" if places else name
