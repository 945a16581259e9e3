"""The one settings object, read from the environment (`PEIPAO_…`)."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import urlsplit

import msgspec

PREFIX = "PEIPAO_"
DEFAULT_HOURS = "09:00-12:00,13:30-17:30"
Own = TypeVar("Own", bound=msgspec.Struct)
# Beside the code only in a checkout; an installed service sets PEIPAO_DATA_DIR.
ROOT = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """A setting cannot be used; the message names the variable and says why (Chinese, for the operator)."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that differs between two installations. Times are in seconds unless the name says more."""

    env: Literal["development", "production"] = "development"
    host: str = "127.0.0.1"
    port: int = 8000
    data_dir: Path = ROOT / "var"
    catalog_dir: Path = ROOT / "catalog"
    # What is made from the training data and the catalog, and can be made again.
    models_dir: Path = ROOT / "models"
    # Empty: SQLite in the data folder.
    database_url: str = ""
    # Empty: pub/sub, limits and locks live in the process.
    redis_url: str = ""
    # Empty: `peipao serve` starts an engine of its own on `engine_port`.
    engine_url: str = ""
    engine_port: int = 0
    engine_timeout_s: float = 3.0
    # Empty: made on first start and kept in the data folder, readable by its owner only.
    engine_secret: str = ""
    # Empty: a file outside the repository, made on first start in development (see `bot.cases.sealing`).
    key_file: Path | None = None
    # Base64 keys, comma separated, newest first; wins over the key file.
    keys: str = ""
    # Milliseconds for which further lines are awaited before a turn is answered, by channel; 0 also stops
    # lines from being joined. What is not named has a default (see `bot.conversation.settling`).
    settle_ms: dict[str, int] = {}
    max_text_chars: int = 2000
    max_body_bytes: int = 256 * 1024
    # Messages a minute from one address; 0 switches the limit off.
    rate_per_minute: int = 240
    # Addresses of reverse proxies whose X-Forwarded-For is believed, comma separated.
    trusted_proxies: str = ""
    # The service's own targets in working days; never a promise about a bank.
    first_reply_days: int = 1
    opinion_days: int = 7
    # A working day at the desk, one stretch or several; `always`: day and night, every day.
    work_hours: str = DEFAULT_HOURS
    # How long a new case is held out to one officer before it is the whole team's.
    offer_minutes: float = 10.0
    # `a1=金融便利店一楼,a2=…`: kiosks with their own address `/kiosk/ID` and where they stand.
    kiosks: str = ""
    session_hours: int = 10
    secure_cookies: bool = False
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["console", "json"] = "console"
    # Variables with our prefix that are none of the above, without the prefix: a channel reads its own from
    # here (see `own_settings`).
    more: dict[str, str] = {}

    @property
    def database(self) -> str:
        """SQLAlchemy address of the database, with an asynchronous driver."""
        if not self.database_url:
            return f"sqlite+aiosqlite:///{self.data_dir / 'peipao.sqlite3'}"
        return async_address(self.database_url)

    @property
    def origin(self) -> str:
        """Where people reach the service on this machine."""
        # 0.0.0.0 means every address of this machine: a browser needs one of them.
        host = "127.0.0.1" if self.host == "0.0.0.0" else self.host  # noqa: S104  compared, not bound
        return f"http://{host}:{self.port}"


def async_address(url: str) -> str:
    """`url` with the asynchronous driver that the service uses.

    >>> async_address("postgresql://u@h/d")
    'postgresql+asyncpg://u@h/d'
    """
    scheme, rest = url.split(":", 1) if ":" in url else (url, "")
    drivers = {
        "postgres": "postgresql+asyncpg",
        "postgresql": "postgresql+asyncpg",
        "postgresql+asyncpg": "postgresql+asyncpg",
        "sqlite": "sqlite+aiosqlite",
        "sqlite+aiosqlite": "sqlite+aiosqlite",
    }
    if scheme not in drivers:
        raise SettingsError(f"{PREFIX}DATABASE_URL：只认 sqlite 和 postgresql，不认“{scheme}”。")
    return f"{drivers[scheme]}:{rest}"


def _settle(value: str) -> dict[str, int]:
    """`web=0,telegram=1500` as a dict."""
    found: dict[str, int] = {}
    for part in filter(None, (part.strip() for part in value.split(","))):
        channel, sign, number = part.partition("=")
        if not sign or not number.strip().isdigit():
            raise ValueError(f"“{part}”应写成 渠道=毫秒")
        found[channel.strip()] = int(number)
    return found


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from `environ` (default: the process's environment).

    Raises:
        SettingsError: a variable cannot be read or makes no sense; its name is in the message.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, object] = {}
    for field in msgspec.structs.fields(Settings):
        name = PREFIX + field.name.upper()
        given = environ.get(name)
        if given is None or given.strip() == "":
            continue
        try:
            values[field.name] = _settle(given) if field.name == "settle_ms" else _read(given, field.type)
        except (ValueError, msgspec.ValidationError) as error:
            raise SettingsError(f"{name}：读不懂“{given}”（{error}）。") from None
    values["more"] = _others(environ)
    settings = Settings(**values)  # type: ignore[arg-type]
    _check(settings)
    return settings


def _others(environ: Mapping[str, str]) -> dict[str, str]:
    known = {PREFIX + field.name.upper() for field in msgspec.structs.fields(Settings)}
    return {
        name.removeprefix(PREFIX): value.strip()
        for name, value in environ.items()
        if name.startswith(PREFIX) and name not in known and value.strip()
    }


def own_settings(kind: type[Own], settings: Settings, name: str) -> Own:
    """The settings of one channel: `PEIPAO_NAME_FIELD` for each field of the struct `kind`.

    Raises:
        SettingsError: a variable cannot be read; its name is in the message, its value is not (it may be a
            secret).
    """
    values: dict[str, object] = {}
    for field in msgspec.structs.fields(kind):
        variable = f"{name}_{field.name}".upper()
        if variable not in settings.more:
            continue
        try:
            values[field.name] = _read(settings.more[variable], field.type)
        except (ValueError, msgspec.ValidationError):
            raise SettingsError(f"{PREFIX}{variable}：读不懂它的值。") from None
    return kind(**values)


def unread_settings(kind: type[msgspec.Struct], settings: Settings, name: str) -> list[str]:
    """Variables that begin like those of one channel, but that it does not know: mostly misspelt."""
    known = {f"{name}_{field.name}".upper() for field in msgspec.structs.fields(kind)}
    return sorted(
        PREFIX + variable
        for variable in settings.more
        if variable.startswith(f"{name}_".upper()) and variable not in known
    )


def _read(value: str, kind: object) -> object:
    if kind == Path or kind == (Path | None):
        return Path(value).expanduser()
    return msgspec.convert(value.strip(), kind, strict=False)


def _check(settings: Settings) -> None:
    if not 0 < settings.port < 65536:
        raise SettingsError(f"{PREFIX}PORT：端口应在 1–65535 之间。")
    if not 0 < settings.engine_timeout_s <= 60:
        raise SettingsError(f"{PREFIX}ENGINE_TIMEOUT_S：应在 0–60 秒之间。")
    if min(settings.first_reply_days, settings.opinion_days) < 1:
        raise SettingsError(f"{PREFIX}FIRST_REPLY_DAYS、{PREFIX}OPINION_DAYS：至少 1 个工作日。")
    if settings.engine_url and urlsplit(settings.engine_url).scheme not in ("http", "https"):
        raise SettingsError(f"{PREFIX}ENGINE_URL：应以 http:// 或 https:// 开头。")
    if settings.database_url:
        async_address(settings.database_url)
    if settings.redis_url and urlsplit(settings.redis_url).scheme not in ("redis", "rediss", "unix"):
        raise SettingsError(f"{PREFIX}REDIS_URL：应以 redis://、rediss:// 或 unix:// 开头。")
    _check_office(settings)


def _check_office(settings: Settings) -> None:
    # Imported here: the calendar is not needed by commands that only read settings.
    from bot.cases.worktime import parse_hours

    try:
        parse_hours(settings.work_hours)
    except ValueError as error:
        raise SettingsError(f"{PREFIX}WORK_HOURS：{error}。") from None
    if not 0 < settings.offer_minutes <= 24 * 60:
        raise SettingsError(f"{PREFIX}OFFER_MINUTES：应在 0–1440 分钟之间。")


def with_engine_secret(settings: Settings) -> Settings:
    """`settings` with the secret that app and engine share, made and kept on first use."""
    if settings.engine_secret:
        return settings
    path = settings.data_dir / "engine.secret"
    secret = keep_private(path, lambda: secrets.token_urlsafe(32))
    return msgspec.structs.replace(settings, engine_secret=secret)


def keep_private(path: Path, make: Callable[[], str]) -> str:
    """The text kept in `path`; made with `make()` and written for its owner only when the file is missing."""
    try:
        return path.read_text("ascii").strip()
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = make()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        # Another process was quicker: both must end up with the same text.
        return path.read_text("ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text + "\n")
    return text
