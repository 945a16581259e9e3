"""`peipao doctor` says what is wrong with a channel's settings, and what nobody reads."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from bot.channels import folders
from bot.channels.doctor import examine
from bot.cli.doctor import doctor
from bot.settings import load_settings

GOOD = {
    "PEIPAO_TELEGRAM_TOKEN": "123456:abcdefghijklmnop",
    "PEIPAO_TELEGRAM_SECRET": "s3cret",
    "PEIPAO_TELEGRAM_PUBLIC_URL": "https://peipao.example",
}


def levels(environ: dict[str, str], channel: str) -> list[tuple[str, str]]:
    return [(one.level, one.words) for one in examine(load_settings(environ))[channel]]


def test_every_folder_is_a_channel_with_checks() -> None:
    found = folders()
    assert {"kiosk", "telegram", "terminal", "web", "wechat", "wecom"} <= set(found)
    assert all(callable(folder.create) and callable(folder.check) for folder in found.values())


def test_without_settings_platforms_are_off_and_pages_are_well() -> None:
    found = examine(load_settings({}))
    assert [one.level for one in found["telegram"]] == ["off"]
    assert [found[page][0].level for page in ("web", "kiosk", "terminal")] == ["ok"] * 3
    assert found[""] == []


def test_a_telegram_that_is_set_up_is_well() -> None:
    assert [level for level, _ in levels(GOOD, "telegram")] == ["ok"]


@pytest.mark.parametrize(
    ("changes", "level", "words"),
    [
        ({"PEIPAO_TELEGRAM_SECRET": ""}, "fault", "PEIPAO_TELEGRAM_SECRET"),
        ({"PEIPAO_TELEGRAM_SECRET": "带中文"}, "fault", "PEIPAO_TELEGRAM_SECRET"),
        ({"PEIPAO_TELEGRAM_TOKEN": "not a token"}, "fault", "BotFather"),
        ({"PEIPAO_TELEGRAM_PUBLIC_URL": "http://peipao.example"}, "fault", "不是 https"),
        ({"PEIPAO_TELEGRAM_PUBLIC_URL": "", "PEIPAO_ENV": "production"}, "warning", "长轮询"),
        ({"PEIPAO_TELEGRAM_SECERT": "x"}, "warning", "PEIPAO_TELEGRAM_SECERT"),
    ],
)
def test_what_is_wrong_with_telegram_is_said(changes: dict[str, str], level: str, words: str) -> None:
    found = levels({**GOOD, **changes}, "telegram")
    assert any(one == level and words in text for one, text in found), found
    # A secret value is never repeated.
    assert not any("not a token" in text or "带中文" in text for _, text in found)


def test_a_misspelt_variable_is_noticed() -> None:
    found = levels({"PEIPAO_TELEGARM_TOKEN": "1:x", "PEIPAO_PROT": "8000"}, "")
    assert [level for level, _ in found] == ["warning", "warning"]
    assert "PEIPAO_PORT" in found[0][1]
    assert "PEIPAO_TELEGRAM_TOKEN" in found[1][1]


def test_the_command_ends_with_one_where_a_channel_cannot_work() -> None:
    runner = CliRunner()
    well = runner.invoke(doctor, env=GOOD)
    assert well.exit_code == 0, well.output
    assert "✓ telegram" in well.output
    wrong = runner.invoke(doctor, env={**GOOD, "PEIPAO_TELEGRAM_SECRET": ""})
    assert wrong.exit_code == 1
    assert "✗ telegram" in wrong.output
