"""What an operator meets: settings, logs, and the commands around the service."""

from __future__ import annotations

import io
import logging
from pathlib import Path

import click
import pytest
import structlog
from click.testing import CliRunner, Result

from bot.channels.terminal import Choices
from bot.cli import main
from bot.conversation.wire import Button, Reply, readable
from bot.logs import configure_logs, redact
from bot.settings import Settings, SettingsError, async_address, load_settings, with_engine_secret


def test_settings_come_from_the_environment() -> None:
    settings = load_settings(
        {
            "PEIPAO_PORT": "9000",
            "PEIPAO_DATA_DIR": "/data",
            "PEIPAO_SETTLE_MS": "web=0, telegram=1500",
            "PEIPAO_SECURE_COOKIES": "true",
            "PEIPAO_ENGINE_TIMEOUT_S": "2.5",
            "PEIPAO_REDIS_URL": "",
            "HOME": "/nowhere",
        }
    )
    assert (settings.port, settings.secure_cookies, settings.engine_timeout_s) == (9000, True, 2.5)
    assert settings.settle_ms == {"telegram": 1500, "web": 0}
    assert settings.database == "sqlite+aiosqlite:////data/peipao.sqlite3"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "0"),
        ("ENV", "prod"),
        ("ENGINE_TIMEOUT_S", "-1"),
        ("SETTLE_MS", "web:100"),
        ("OPINION_DAYS", "0"),
        ("ENGINE_URL", "localhost:5005"),
        ("DATABASE_URL", "mysql://x"),
        ("DATABASE_URL", "nonsense"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"PEIPAO_{name}"):
        load_settings({f"PEIPAO_{name}": value})


def test_database_addresses_get_an_asynchronous_driver() -> None:
    assert async_address("postgres://u:p@h/d") == "postgresql+asyncpg://u:p@h/d"
    assert async_address("sqlite:///x.db") == "sqlite+aiosqlite:///x.db"


def test_the_engine_secret_is_made_once(tmp_path: Path) -> None:
    made = with_engine_secret(Settings(data_dir=tmp_path))
    assert len(made.engine_secret) > 30
    assert with_engine_secret(Settings(data_dir=tmp_path)).engine_secret == made.engine_secret
    assert (tmp_path / "engine.secret").stat().st_mode & 0o077 == 0
    assert with_engine_secret(Settings(engine_secret="given")).engine_secret == "given"


def test_logs_carry_neither_words_nor_people() -> None:
    event = redact(
        None,
        "info",
        {
            "event": "电话 138 0013 8000 和身份证 50010119900101123X",
            "text": "我们是做芯片的",
            "session": "abc",
            "nested": {"phone": "1", "n": 3, "list": ["13800138000"]},
            "timestamp": "2026-11-24T08:17:28.468767Z",
            "port": 8000,
        },
    )
    assert event == {
        "event": "电话 *** 和身份证 ***",
        "text": "***",
        "session": "***",
        "nested": {"phone": "***", "n": 3, "list": ["***"]},
        "timestamp": "2026-11-24T08:17:28.468767Z",
        "port": 8000,
    }


@pytest.mark.parametrize("form", ["json", "console"])
def test_an_exception_is_logged_by_type_and_place_only(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    root = logging.getLogger()
    before, level = root.handlers, root.level
    try:
        configure_logs(Settings(log_format=form))
        try:
            raise ValueError("张三 13800138000")
        except ValueError:
            structlog.get_logger("x").exception("broke", path="/api")
            logging.getLogger("library").exception("broke for %s", "13800138000")
    finally:
        root.handlers, root.level = before, level
        structlog.reset_defaults()
    assert "ValueError" in written.getvalue()
    assert "test_operator.py" in written.getvalue()
    assert "张三" not in written.getvalue()
    assert "13800138000" not in written.getvalue()


def test_readable_text_keeps_what_people_mean() -> None:
    assert readable("想贷\t300万\n急") == "想贷\t300万\n急"
    assert readable("a\u202eb\u200bc\ufeff") == "abc"


def test_choices_are_numbered_through_all_replies_of_a_turn() -> None:
    choices = Choices()
    shown = choices.offer(
        [
            Reply("有抵押吗？", [Button("有", "set:has_collateral:true")]),
            Reply("还有", [Button("不清楚", "skip:x")]),
        ],
        "has_collateral",
    )
    assert shown == ["有抵押吗？\n  1. 有", "还有\n  2. 不清楚"]
    assert (
        choices.chosen("１")
        == choices.chosen(" 1. ")
        == choices.chosen("有")
        == Button("有", "set:has_collateral:true")
    )
    assert choices.chosen("（2）") == Button("不清楚", "skip:x")
    assert choices.chosen("3") is None
    assert choices.chosen("没有") is None


def test_a_number_stays_an_answer_where_a_number_is_asked_for() -> None:
    choices = Choices()
    shown = choices.offer(
        [Reply("去年营收多少万元？", [Button("不清楚", "skip:revenue_wan")])], "revenue_wan"
    )
    assert shown == ["去年营收多少万元？\n  a. 不清楚"]
    assert choices.chosen("1") is None
    assert choices.chosen("A") == Button("不清楚", "skip:revenue_wan")


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("PEIPAO_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PEIPAO_KEY_FILE", str(tmp_path / "keys"))
    monkeypatch.delenv("PEIPAO_DATABASE_URL", raising=False)
    return CliRunner()


def run(command: CliRunner, *arguments: str, given: str = "") -> Result:
    root = logging.getLogger()
    before, level = root.handlers, root.level
    try:
        return command.invoke(main, list(arguments), input=given)
    finally:
        root.handlers, root.level = before, level
        structlog.reset_defaults()


def test_officers_are_added_from_standard_input_and_listed(command: CliRunner) -> None:
    added = run(command, "officer", "add", "wang", "--title", "王专员", given="correct horse\n")
    assert (added.exit_code, added.stdout) == (0, "已添加：wang（officer）\n")
    again = run(command, "officer", "add", "wang", given="correct horse\n")
    assert again.exit_code == 1
    assert "已经有叫“wang”的专员" in again.output
    assert run(command, "officer", "off", "wang").exit_code == 0
    assert run(command, "officer", "list").stdout == "wang\t王专员\tofficer\t停用\n"
    assert run(command, "officer", "password", "wang", given="short\n").exit_code == 1


def test_migrating_twice_does_nothing_the_second_time(command: CliRunner, tmp_path: Path) -> None:
    for _ in range(2):
        assert run(command, "migrate").exit_code == 0
    assert (tmp_path / "peipao.sqlite3").is_file()


def test_a_database_that_cannot_be_reached_is_said_so(
    command: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PEIPAO_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none")
    result = run(command, "migrate")
    assert result.exit_code == 1
    assert "数据库打不开" in result.output


def test_a_broken_catalog_stops_the_start_with_its_place(
    command: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "catalog"
    (folder / "products").mkdir(parents=True)
    for name in ("sources.yml", "facts.yml", "services.yml"):
        (folder / name).write_text("{}\n")
    (folder / "facts.yml").write_text("facts:\n  revenue_wan:\n    type: [oops\n")
    monkeypatch.setenv("PEIPAO_CATALOG_DIR", str(folder))
    result = run(command, "serve")
    assert result.exit_code == 1
    assert "facts.yml:" in result.output
    assert "Traceback" not in result.output


def test_a_port_in_use_is_said_so(command: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    from bot.cli.serve import _listen

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(click.ClickException, match="PEIPAO_PORT"):
            _listen(Settings(port=taken.getsockname()[1]))
