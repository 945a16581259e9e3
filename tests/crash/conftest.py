"""The folders whose parts these tests use: the app's fakes and the desk's databases."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

_TESTS = Path(__file__).resolve().parents[1]
sys.path += [str(_TESTS), str(_TESTS / "app"), str(_TESTS / "crash")]

from app_fakes import FakeEngine, served  # noqa: E402
from crash_world import Platform  # noqa: E402


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
