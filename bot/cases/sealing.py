"""Encrypts personal fields one by one and makes keyed hashes for exact lookup.

A sealed value is `key id (4) | nonce (12) | AES-256-GCM ciphertext`. The name of the column is
authenticated with it, so a value copied into another column does not open.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Any

import msgspec
import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.settings import PREFIX, Settings, SettingsError, keep_private

log = structlog.get_logger(__name__)
KEY_BYTES = 32


class SealError(Exception):
    """A sealed value does not open: another key, another column, or damaged bytes."""


def derive(key: bytes, purpose: str) -> bytes:
    """32 bytes for one `purpose`; the purposes cannot be computed from each other."""
    kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"peipao/{purpose}".encode())
    return kdf.derive(key)


class Sealer:
    """Seals with the first key and opens with any; hashes with the last, which therefore must stay.

    Args:
        keys: newest first, each of 32 bytes. A new key is put in front; the oldest keeps the lookup hashes.
    """

    def __init__(self, keys: list[bytes]) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise ValueError("keys of 32 bytes each are needed")
        self._ciphers = {self._id(key): AESGCM(derive(key, "seal")) for key in keys}
        self._current = self._id(keys[0])
        self._index = derive(keys[-1], "index")
        self._root = keys[-1]

    @staticmethod
    def _id(key: bytes) -> bytes:
        return hashlib.sha256(derive(key, "id")).digest()[:4]

    @property
    def fingerprint(self) -> str:
        """Names the lookup key without giving it away; the database keeps it, to notice a wrong key."""
        return hashlib.sha256(derive(self._root, "fingerprint")).hexdigest()[:16]

    def secret(self, purpose: str) -> str:
        """A lasting secret for another part of the service (form tokens and the like)."""
        return base64.urlsafe_b64encode(derive(self._root, purpose)).decode()

    def seal(self, plain: bytes, column: str) -> bytes:
        nonce = os.urandom(12)
        return self._current + nonce + self._ciphers[self._current].encrypt(nonce, plain, column.encode())

    def open(self, sealed: bytes, column: str) -> bytes:
        """The plain bytes.

        Raises:
            SealError: no key opens `sealed` as a value of `column`.
        """
        cipher = self._ciphers.get(bytes(sealed[:4]))
        if cipher is None:
            raise SealError(f"{column}: sealed with a key that is not here")
        try:
            return cipher.decrypt(bytes(sealed[4:16]), bytes(sealed[16:]), column.encode())
        except InvalidTag:
            raise SealError(f"{column}: does not open") from None

    def seal_json(self, value: Any, column: str) -> bytes:
        return self.seal(msgspec.json.encode(value), column)

    def open_json(self, sealed: bytes, column: str) -> Any:
        return msgspec.json.decode(self.open(sealed, column))

    def lookup(self, value: str, column: str) -> str:
        """Keyed hash of `value` for exact lookup in `column`; useless without the key."""
        return hmac.new(self._index, f"{column}\0{value}".encode(), hashlib.sha256).hexdigest()


def default_key_file(environ: dict[str, str] | None = None) -> Path:
    """Outside the repository and outside the data folder: a copy of the data alone opens nothing."""
    env = os.environ if environ is None else environ
    base = env.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "peipao" / "keys"


def load_sealer(settings: Settings) -> Sealer:
    """The sealer of this installation.

    Raises:
        SettingsError: keys missing in production, or unreadable.
    """
    where = f"{PREFIX}KEYS"
    if settings.keys:
        lines = [part for part in settings.keys.split(",") if part.strip()]
    else:
        path = settings.key_file or default_key_file()
        where = str(path)
        if not path.exists():
            if settings.env == "production":
                raise SettingsError(f"找不到加密密钥：请设置 {PREFIX}KEYS，或把密钥放进 {path}。")
            keep_private(path, lambda: base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode())
            log.warning(
                "key_made", file=str(path), hint="开发用密钥已生成；请备份，丢了它就读不出已存的个人信息"
            )
        lines = path.read_text("ascii").split()
    try:
        return Sealer([base64.b64decode(line.strip(), validate=True) for line in lines])
    except ValueError:
        raise SettingsError(f"{where}：每个密钥应是 32 字节的 base64。") from None
