"""What all tests share: a printed random seed, and skips that are failures where nothing may be missing.

Runs inside the engine's Python 3.10 as well (tests/engine/inside), so what is of the app is imported by
the fixtures that need it only.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from database_templates import PostgresTemplate, SqliteTemplate

ROOT = Path(__file__).resolve().parents[1]
SEED = int(os.environ.get("PEIPAO_TEST_SEED") or random.SystemRandom().randrange(2**31))
# The workers of a run in parallel must make up the same tests from it.
os.environ["PEIPAO_TEST_SEED"] = str(SEED)
NOTHING_MAY_BE_MISSING = os.environ.get("CI", "").lower() == "true"


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    # Hypothesis reads this option when it is configured, after us.
    if hasattr(config.option, "hypothesis_seed") and config.option.hypothesis_seed is None:
        config.option.hypothesis_seed = str(SEED)


def pytest_report_header(config: pytest.Config) -> str:
    return f"random seed: {SEED} (repeat with PEIPAO_TEST_SEED={SEED})"


STARTS_THE_APP = frozenset(("start", "platform", "api"))
"""Fixtures that start the app, or a platform that talks to it, on a port."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if STARTS_THE_APP.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.app)


@pytest.fixture(autouse=True)
def _seeded() -> None:
    random.seed(SEED)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    report = yield
    if NOTHING_MAY_BE_MISSING and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped under CI=true, where nothing may be missing: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector):
    report = yield
    if NOTHING_MAY_BE_MISSING and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped under CI=true, where nothing may be missing: {report.longrepr}"
    return report


def _required(name: str, value: str | None, package: str) -> str:
    if not value:
        pytest.skip(f"{name} is missing: install Debian's package {package} (.ci/run does)")
    return value


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Path of a Chromium; the test is skipped where there is none."""
    found = (
        os.environ.get("PEIPAO_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    )
    return _required("Chromium", found, "chromium")


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """Address of a PostgreSQL database that tests may fill and empty; skipped where there is none."""
    return _required("PEIPAO_TEST_POSTGRES", os.environ.get("PEIPAO_TEST_POSTGRES"), "postgresql")


@pytest.fixture(scope="session")
def redis_url() -> str:
    """Address of a Redis database that tests may fill and empty, each process its own of the sixteen; skipped
    where there is no server."""
    address = _required("PEIPAO_TEST_REDIS", os.environ.get("PEIPAO_TEST_REDIS"), "redis-server")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return urlsplit(address)._replace(path=f"/{int(worker) % 16}").geturl()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    from database_templates import SqliteTemplate

    return SqliteTemplate(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> Iterator[PostgresTemplate]:
    from database_templates import PostgresTemplate

    template = PostgresTemplate(postgres_url)
    yield template
    template.close()


@pytest.fixture
async def postgres_database(postgres_template: PostgresTemplate) -> AsyncIterator[str]:
    """The address of a migrated PostgreSQL database without rows, for this test alone."""
    address = await postgres_template.copy()
    yield address
    await postgres_template.drop(address)
