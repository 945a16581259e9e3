"""`peipao visits` and `peipao audit verify`, as the operator types them."""

from __future__ import annotations

import base64
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from database_templates import KEY, SqliteTemplate

from bot.cli import main


@pytest.fixture
def data_dir(tmp_path: Path, sqlite_template: SqliteTemplate, monkeypatch: pytest.MonkeyPatch) -> Path:
    sqlite_template.copy(tmp_path)
    key_file = tmp_path / "keys"
    key_file.write_text(base64.b64encode(KEY).decode())
    monkeypatch.setenv("PEIPAO_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PEIPAO_KEY_FILE", str(key_file))
    monkeypatch.delenv("PEIPAO_DATABASE_URL", raising=False)
    return tmp_path


def peipao(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def test_places_and_times_are_set_up_and_taken_back(data_dir: Path) -> None:
    assert peipao("visits", "place", "金融便利店", "--address", "科学大道").exit_code == 0
    assert "已有地点" in peipao("visits", "place", "金融便利店").output
    # Friday, then Monday: the weekend is left out.
    made = peipao("visits", "slots", "1", "2099-11-27", "09:30-10:30", "14:00-15:00", "--days", "2")
    assert "4 个时段" in made.output
    assert "已有同一时间" in peipao("visits", "slots", "1", "2099-11-27", "09:30-10:00").output
    assert peipao("visits", "drop", "1").exit_code == 0
    listed = peipao("visits", "list").output
    assert "2099年11月30日（周一）14:00–15:00" in listed
    assert "11月28日" not in listed
    assert "还可约 0" in listed
    assert peipao("visits", "place", "金融便利店", "--close").exit_code == 0
    assert "停用" in peipao("visits", "list").output


@pytest.mark.parametrize("span", ["9:70-10:00", "10:00-9:00", "25:00-26:00", "morning", "10:00"])
def test_times_that_are_none_are_refused(data_dir: Path, span: str) -> None:
    peipao("visits", "place", "金融便利店")
    result = peipao("visits", "slots", "1", "2099-11-27", span)
    assert result.exit_code == 2
    assert span in result.output


def test_an_unknown_place_is_said(data_dir: Path) -> None:
    result = peipao("visits", "slots", "9", "2099-11-27", "09:30-10:30")
    assert result.exit_code == 1
    assert "没有这个地点" in result.output


def test_a_whole_audit_log_is_said_to_be_whole_and_a_broken_one_fails(data_dir: Path) -> None:
    for name in ("一", "二", "三"):
        peipao("visits", "place", name)
    whole = peipao("audit", "verify")
    assert whole.exit_code == 0
    assert "完好，共 3 条" in whole.output
    with sqlite3.connect(data_dir / "peipao.sqlite3") as database:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            database.execute("UPDATE audit SET actor = 'nobody' WHERE seq = 2")
        database.execute("DROP TRIGGER audit_no_update")
        database.execute("UPDATE audit SET actor = 'nobody' WHERE seq = 2")
    database.close()
    broken = peipao("audit", "verify")
    assert broken.exit_code == 1
    assert "第 2 条起" in broken.output
