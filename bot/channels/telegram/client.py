"""The one client of the Bot API: python-telegram-bot's, with its rate limiter."""

from __future__ import annotations

import os

from telegram.error import RetryAfter
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from bot.channels.telegram.settings import TelegramSettings

# The platform holds a fetch open for so long when there is nothing new.
POLL_S = 25
_CONNECT_S, _ANSWER_S = 5.0, 10.0

Client = ExtBot[int]
# The library's switch to spans of time instead of whole seconds, which it is about to give up.
os.environ.setdefault("PTB_TIMEDELTA", "true")


def make_client(own: TelegramSettings) -> tuple[Client, list[HTTPXRequest]]:
    """The client, and its connections, which whoever is done with it shuts down; nothing is sent yet."""
    base = own.api_url.rstrip("/")
    asking, fetching = _request(own, _ANSWER_S), _request(own, POLL_S + _ANSWER_S)
    client: Client = ExtBot(
        own.token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=asking,
        get_updates_request=fetching,
        # Its own retries are off: the outbox keeps what was not sent, and survives a restart.
        rate_limiter=AIORateLimiter(max_retries=0),
    )
    return client, [asking, fetching]


def seconds_of(error: RetryAfter) -> float:
    """How long the platform wants to be left alone."""
    after = error.retry_after
    return float(after if isinstance(after, int) else after.total_seconds())


def _request(own: TelegramSettings, answer_s: float) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=16,
        connect_timeout=_CONNECT_S,
        pool_timeout=_CONNECT_S,
        read_timeout=answer_s,
        write_timeout=answer_s,
        proxy=own.proxy or None,
        # A proxy of the environment is somebody else's decision.
        httpx_kwargs={"trust_env": False},
    )
