"""Lets the platform's own requests in and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from bot.channels.wechat import crypto, xml
from bot.channels.wechat.crypto import Envelope, OneBody, Refused

# The platform's messages are far smaller; its longest text has 2048 bytes.
MAX_BYTES = 64 * 1024
_ECHO = re.compile(r"[0-9A-Za-z_=+/-]{1,256}")


class Gate:
    """One account's entrance.

    Args:
        token: the secret of the console; while it is empty everything is refused.
        envelope: secure mode; then what comes in plain is refused as well.
        only_sealed: 企业微信 knows no plain mode and seals the word of its first check too; without an
            envelope everything is refused.
    """

    def __init__(self, token: str, envelope: Envelope | None, *, only_sealed: bool = False) -> None:
        self.token = token
        self.envelope = envelope
        self._only_sealed = only_sealed
        self._one_body = OneBody()

    def echo(self, query: Mapping[str, str], at: datetime) -> str:
        """The word that proves to the platform that this address is ours.

        Raises:
            Refused: not asked by the platform.
        """
        word = query.get("echostr", "")
        if self._only_sealed:
            return self._open(query, word, at)
        self._check_plain(query, word.encode(errors="replace"), at)
        if not _ECHO.fullmatch(word):
            raise Refused
        return word

    def message(self, query: Mapping[str, str], body: bytes, at: datetime) -> dict[str, str]:
        """The elements of the message in `body`.

        Raises:
            Refused: not from the platform, or no message.
        """
        if len(body) > MAX_BYTES:
            raise Refused
        if self.envelope is None and not self._only_sealed:
            self._check_plain(query, body, at)
            return xml.read(body)
        outer = xml.read(body)
        inner = xml.read(self._open(query, outer.get("Encrypt", ""), at))
        # Nothing signs the outer elements: one that says something else was put there by somebody.
        if outer.get("ToUserName", inner.get("ToUserName")) != inner.get("ToUserName"):
            raise Refused
        return inner

    def _check_plain(self, query: Mapping[str, str], body: bytes, at: datetime) -> None:
        signature, nonce = query.get("signature", ""), query.get("nonce", "")
        crypto.check(self.token, signature, query.get("timestamp", ""), nonce, at=at)
        self._one_body.check(signature, nonce, body, at)

    def _open(self, query: Mapping[str, str], sealed: str, at: datetime) -> str:
        if self.envelope is None:
            raise Refused
        given, timestamp = query.get("msg_signature", ""), query.get("timestamp", "")
        crypto.check(self.token, given, timestamp, query.get("nonce", ""), sealed, at=at)
        return self.envelope.open(sealed)
