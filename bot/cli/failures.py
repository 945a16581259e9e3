"""What went wrong at a start, as one plain message and exit code 1."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.exc import SQLAlchemyError

from bot.catalog.errors import CatalogError
from bot.settings import SettingsError


@contextmanager
def plain_failures() -> Iterator[None]:
    """Turns the errors that an operator can mend into a message that says how."""
    try:
        yield
    except SettingsError as error:
        raise click.ClickException(f"设置有误：{error}") from None
    except CatalogError as error:
        raise click.ClickException(f"政策数据有误，没有启动：\n{error}") from None
    except (SQLAlchemyError, ConnectionRefusedError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise click.ClickException(f"数据库打不开：{reason}") from None
