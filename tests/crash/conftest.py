"""The folders whose parts these tests use: the app's fakes and the desk's databases."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

_TESTS = Path(__file__).resolve().parents[1]
sys.path += [str(_TESTS), str(_TESTS / "app"), str(_TESTS / "crash")]

from app_fakes import FakeEngine, served  # noqa: E402
from crash_world import Platform  # noqa: E402
from database_templates import PostgresTemplate, SqliteTemplate  # noqa: E402


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    return SqliteTemplate(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> Iterator[PostgresTemplate]:
    template = PostgresTemplate(postgres_url)
    yield template
    template.close()


@pytest.fixture
async def postgres_database(postgres_template: PostgresTemplate) -> AsyncIterator[str]:
    """The address of a migrated PostgreSQL database without rows, for this test alone."""
    address = await postgres_template.copy()
    yield address
    await postgres_template.drop(address)


@pytest.fixture
async def engine() -> AsyncIterator[FakeEngine]:
    fake = FakeEngine()
    async with served(fake) as url:
        fake.url = url
        yield fake


@pytest.fixture
async def platform() -> AsyncIterator[tuple[Platform, str]]:
    """The platform and its address."""
    fake = Platform()
    async with served(fake) as url:
        yield fake, url
