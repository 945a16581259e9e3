"""Structured logs that never carry what people wrote or who they are."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from bot.settings import Settings

# Values under these names are words or people, whatever they look like.
_PRIVATE = frozenset(
    "text body payload replies reply state facts brief answer name title phone mobile email address session "
    "token password cookie authorization openid id_card".split()
)
# Phone, identity and account numbers, also with blanks or hyphens between the digits.
_LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){6,}[Xx]?")
_MASK = "***"


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """structlog processor: masks private fields, and long numbers in everything else."""
    for key, value in event.items():
        if key in ("timestamp", "level"):
            continue
        event[key] = _MASK if key.lower() in _PRIVATE else _clean(value)
    return event


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _LONG_NUMBER.sub(_MASK, value)
    if isinstance(value, dict):
        return {key: _MASK if str(key).lower() in _PRIVATE else _clean(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(item) for item in value]
    return value


def _frames_only(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception as its type and the places it went through: its message may quote what a person wrote."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info if isinstance(info, BaseException) else info[1] if isinstance(info, tuple) else None
    if error is None:
        return event
    event["error"] = f"{type(error).__module__}.{type(error).__qualname__}"
    frames, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    event["frames"] = frames[-12:]
    return event


def configure_logs(settings: Settings) -> None:
    """Sets up structlog and the libraries' loggers for the whole process; logs go to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _frames_only,
        redact,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    level = logging.getLevelNamesMapping()[settings.log_level]
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(level, logging.INFO))
    # These tell every request or statement, which ours does already and without the words.
    for noisy in ("httpx", "httpcore", "aiosqlite", "alembic", "rasa_sdk", "uvicorn", "sanic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
