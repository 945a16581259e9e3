"""The account's menu and the command that puts it there."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from database_templates import SqliteTemplate
from weixin_server import FakeWeChat

from bot.catalog.load import load_catalog
from bot.channels.wechat.menu import keys, menu
from bot.cli import main
from bot.dialogue.payloads import parse
from bot.settings import ROOT, Settings


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: SqliteTemplate) -> str:
    """One kind of database only: nothing here depends on it."""
    return sqlite_template.copy(tmp_path)


def test_every_entry_means_something_to_the_dialogue() -> None:
    catalog = load_catalog(ROOT / "catalog")
    assert {parse(key, catalog)["intent"] for key in keys()} >= {
        "seek_funding",
        "check_eligibility",
        "ask_policy",
        "request_human",
        "manage_data",
    }


def test_the_menu_keeps_the_platforms_limits() -> None:
    entries = menu()["button"]
    assert len(entries) <= 3
    for entry in entries:
        assert len(entry["name"].encode()) <= 16
        below = entry.get("sub_button", [])
        assert len(below) <= 5
        for item in below or [entry]:
            assert item["type"] == "click"
            assert len(item["name"].encode()) <= 60
            assert 0 < len(item["key"].encode()) <= 128


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    return {
        "PEIPAO_DATA_DIR": str(settings.data_dir),
        "PEIPAO_DATABASE_URL": settings.database_url,
        "PEIPAO_KEYS": settings.keys,
        **{f"PEIPAO_{name}": value for name, value in settings.more.items()},
    }


async def command(environment: dict[str, str], *arguments: str) -> tuple[int, str]:
    # In a thread: the command runs a loop of its own while this one serves the platform.
    result = await asyncio.to_thread(CliRunner(env=environment).invoke, main, ["wechat", *arguments])
    return result.exit_code, result.output


async def test_the_command_creates_the_menu(environment: dict[str, str], platform: FakeWeChat) -> None:
    code, printed = await command(environment, "menu")
    assert (code, printed[:6]) == (0, "菜单已创建。")
    assert platform.menus == [menu()]


async def test_the_command_shows_without_sending(environment: dict[str, str], platform: FakeWeChat) -> None:
    code, printed = await command(environment, "menu", "--show")
    assert code == 0
    assert json.loads(printed) == menu()
    assert platform.asked == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"PEIPAO_WECHAT_APP_ID": ""}, "PEIPAO_WECHAT_APP_ID"),
        ({"PEIPAO_WECHAT_APP_SECRET": "wrong"}, "AppSecret 不对"),
        ({"PEIPAO_WECHAT_API_URL": "http://127.0.0.1:9"}, "连不上平台"),
        ({"PEIPAO_WECHAT_API_URL": "ftp://x"}, "PEIPAO_WECHAT_API_URL"),
    ],
)
async def test_the_command_says_what_is_wrong(
    environment: dict[str, str], change: dict[str, str], words: str, tmp_path: Path
) -> None:
    code, printed = await command(environment | change, "menu")
    assert code == 1
    assert words in printed
    assert "Traceback" not in printed


async def test_the_command_names_a_missing_permission(
    environment: dict[str, str], platform: FakeWeChat
) -> None:
    platform.trouble("/cgi-bin/menu", 48001)
    code, printed = await command(environment, "menu")
    assert (code, "接口权限" in printed) == (1, True)
