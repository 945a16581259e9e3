"""What proves that a request comes from the platform, and its secure mode; 公众号 and 微信客服 share both.

A signature covers a timestamp, a nonce and, in secure mode, the whole message. Whatever does not fit is
refused with the same answer, so that nobody learns from it how near a guess was.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
from datetime import datetime

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

# How old (or how far ahead, for clocks that differ) a signed request may be.
FRESH_S = 300
# The platform pads to 32 bytes, twice the cipher's own block.
_PADDED_TO_BITS = 256
_RANDOM_BYTES = 16
_TIMESTAMP = re.compile(r"[0-9]{10}")
# Short and plain: a longer one could take characters of the message over without changing the sum.
_NONCE = re.compile(r"[0-9A-Za-z_-]{1,40}")
_AES_KEY = re.compile(r"[0-9A-Za-z]{43}")


class Refused(Exception):
    """The request does not prove that it comes from the platform, or cannot be one of its messages."""


def sign(token: str, *parts: str) -> str:
    """The platform's signature over `parts`: 40 hexadecimal digits."""
    joined = "".join(sorted([token, *parts]))
    return hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()


def check(token: str, given: str, timestamp: str, nonce: str, *more: str, at: datetime) -> None:
    """Returns when `given` signs timestamp, nonce and `more`, and the timestamp is fresh.

    Args:
        token: the secret that is also set in the platform's console; empty refuses everything.
        at: now.

    Raises:
        Refused: in every other case.
    """
    if not token or not _TIMESTAMP.fullmatch(timestamp) or not _NONCE.fullmatch(nonce):
        raise Refused
    expected = sign(token, timestamp, nonce, *more)
    if not hmac.compare_digest(expected.encode(), given.encode(errors="replace")):
        raise Refused
    if abs(at.timestamp() - int(timestamp)) > FRESH_S:
        raise Refused


class Envelope:
    """Secure mode: seals and opens with AES-256 in CBC mode.

    Inside stand 16 random bytes, the length of the text (4 bytes), the text, and whom it is for.

    Args:
        aes_key: the console's EncodingAESKey, 43 characters.
        receiver: the account's app id (公众号) or corp id (企业微信).

    Raises:
        ValueError: the key has another form.
    """

    def __init__(self, aes_key: str, receiver: str) -> None:
        if not _AES_KEY.fullmatch(aes_key):
            raise ValueError("EncodingAESKey 应是 43 个字母或数字")
        key = base64.b64decode(aes_key + "=")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))
        self._receiver = receiver.encode()

    def seal(self, text: str) -> str:
        """`text` as the base64 that stands in an `Encrypt` element."""
        body = text.encode()
        plain = os.urandom(_RANDOM_BYTES) + len(body).to_bytes(4, "big") + body + self._receiver
        padder = padding.PKCS7(_PADDED_TO_BITS).padder()
        encryptor = self._cipher.encryptor()
        sealed = encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def open(self, sealed: str) -> str:
        """The text in `sealed`. Only called with what a signature covers.

        Raises:
            Refused: it does not open, or is for another account.
        """
        try:
            raw = base64.b64decode(sealed, validate=True)
            decryptor = self._cipher.decryptor()
            unpadder = padding.PKCS7(_PADDED_TO_BITS).unpadder()
            padded = decryptor.update(raw) + decryptor.finalize()
            plain = unpadder.update(padded) + unpadder.finalize()
            size = int.from_bytes(plain[_RANDOM_BYTES : _RANDOM_BYTES + 4], "big")
            start = _RANDOM_BYTES + 4
            if len(plain) < start + size or not hmac.compare_digest(plain[start + size :], self._receiver):
                raise Refused
            return plain[start : start + size].decode()
        except (binascii.Error, ValueError):
            # Not from the caught one: its text may hold what was inside.
            raise Refused from None


class OneBody:
    """In plain mode a signature does not cover the message: it is tied to the first one it came with.

    Whoever sees an address in some log cannot send words of his own under it. Held in this process and for
    as long as a signature is fresh.
    """

    def __init__(self) -> None:
        self._seen: dict[str, tuple[float, bytes]] = {}

    def check(self, signature: str, nonce: str, body: bytes, at: datetime) -> None:
        """Returns for a new signature, or the same body under a known one.

        Raises:
            Refused: the signature came with another body before.
        """
        moment = at.timestamp()
        digest = hashlib.sha256(body).digest()
        key = f"{signature} {nonce}"
        if key in self._seen:
            if self._seen[key][1] != digest:
                raise Refused
            return
        # Oldest first: a dict keeps the order in which keys came.
        for old in [known for known, (since, _) in self._seen.items() if moment - since > 2 * FRESH_S]:
            del self._seen[old]
        self._seen[key] = (moment, digest)
