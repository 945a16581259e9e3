"""One JSON object a line on standard output; the app reads them and logs them as its own."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from bot.engine.redaction import frames, redact


class JsonFormatter(logging.Formatter):
    """A log record as one line of JSON, without what people wrote."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its line break."""
        line: dict[str, Any] = {
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": redact(record.getMessage()),
        }
        if record.exc_info:
            line["exception"] = frames(*record.exc_info)
        return json.dumps(line, ensure_ascii=True)


def _render(logger: Any, method: str, event: MutableMapping[str, Any]) -> str:
    """Rasa's structlog events: their names are fixed words, their values may be anything and are left out."""
    line = {"level": method, "logger": "rasa", "event": redact(str(event.get("event", "")))}
    if event.get("exc_info"):
        line["exception"] = frames(*sys.exc_info())
    return json.dumps(line, ensure_ascii=True)


def _is_news(record: logging.LogRecord) -> bool:
    """Deprecations inside packages that get no more fixes are not."""
    return "DeprecationWarning" not in record.getMessage()


def configure(level: str = "WARNING") -> None:
    """Sends all logging of this process to standard output as redacted JSON lines."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in (
        "sanic.root",
        "sanic.access",
        "sanic.error",
        "apscheduler",
        "matplotlib",
        "tensorflow",
        "jieba",
    ):
        logger = logging.getLogger(noisy)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(level)
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").addFilter(_is_news)
    structlog.configure(
        processors=[_render],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
