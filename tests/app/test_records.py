"""Keys, sealed columns, counters, migrations, audit and officers, on both databases."""

from __future__ import annotations

import asyncio
import base64
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from bot.cases import audit
from bot.cases.case_models import Audit, Officer
from bot.cases.counters import next_case_number
from bot.cases.database import Database, metadata
from bot.cases.migrate import upgrade
from bot.cases.models import Conversation
from bot.cases.officers import (
    OfficerError,
    add_officer,
    end_session,
    find_officer,
    officer_of_session,
    password_fits,
    set_active,
    set_password,
    start_session,
)
from bot.cases.sealing import Sealer, SealError, load_sealer
from bot.settings import Settings, SettingsError

KEY, OTHER = b"a" * 32, b"b" * 32


def test_a_sealed_value_opens_in_its_own_column_only() -> None:
    sealer = Sealer([KEY])
    sealed = sealer.seal("张三 13800138000".encode(), "door.address")
    assert "张三".encode() not in sealed
    assert sealer.open(sealed, "door.address").decode() == "张三 13800138000"
    assert sealer.seal(b"x", "c") != sealer.seal(b"x", "c")
    with pytest.raises(SealError):
        sealer.open(sealed, "message.body")
    with pytest.raises(SealError):
        sealer.open(sealed[:-1] + bytes([sealed[-1] ^ 1]), "door.address")
    with pytest.raises(SealError):
        Sealer([OTHER]).open(sealed, "door.address")


def test_a_new_key_in_front_reads_the_old_and_keeps_the_lookup() -> None:
    old, both = Sealer([KEY]), Sealer([OTHER, KEY])
    assert both.open(old.seal(b"x", "c"), "c") == b"x"
    assert both.lookup("openid", "door.address") == old.lookup("openid", "door.address")
    assert both.lookup("openid", "door.address") != both.lookup("openid", "other")
    assert both.fingerprint == old.fingerprint
    with pytest.raises(SealError):
        old.open(both.seal(b"x", "c"), "c")


def test_a_key_file_is_made_once_in_development_and_never_in_production(tmp_path: Path) -> None:
    settings = Settings(key_file=tmp_path / "deep" / "keys")
    made = load_sealer(settings)
    assert load_sealer(settings).fingerprint == made.fingerprint
    assert (tmp_path / "deep" / "keys").stat().st_mode & 0o077 == 0
    with pytest.raises(SettingsError, match="找不到加密密钥"):
        load_sealer(Settings(env="production", key_file=tmp_path / "none"))
    with pytest.raises(SettingsError, match="PEIPAO_KEYS"):
        load_sealer(Settings(keys=base64.b64encode(b"short").decode()))


async def test_another_key_on_the_same_data_stops_the_start(database: Database) -> None:
    await database.check_key()
    await database.check_key()
    wrong = Database(database.url, Sealer([OTHER]))
    with pytest.raises(SettingsError, match="另一把密钥"):
        await wrong.check_key()
    await wrong.close()


async def test_state_is_not_readable_in_the_database(database: Database) -> None:
    async with database.write() as session:
        session.add(
            Conversation(
                id="c1", created_at=datetime(2026, 11, 24, 8, tzinfo=UTC), mode="bot", version=1,
                state={"facts": {"revenue_wan": 1500}}, state_rev=0, last_seq=0,
            )
        )  # fmt: skip
    async with database.read() as session:
        raw = (await session.execute(text("SELECT state FROM conversation"))).scalar_one()
        kept = await session.get_one(Conversation, "c1")
    assert b"revenue" not in bytes(raw)
    assert kept.state == {"facts": {"revenue_wan": 1500}}
    assert kept.created_at == datetime(2026, 11, 24, 8, tzinfo=UTC)


async def test_the_migrations_make_exactly_the_models(database: Database) -> None:
    await upgrade(database)

    def differences(connection: Connection) -> list[object]:
        return compare_metadata(MigrationContext.configure(connection), metadata)

    connection: AsyncConnection
    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_case_numbers_are_counted_by_day_and_unique(database: Database) -> None:
    async def take(day: date) -> str:
        async with database.write() as session:
            return await next_case_number(session, day)

    numbers = await asyncio.gather(*(take(date(2026, 11, 24)) for _ in range(30)), take(date(2026, 11, 25)))
    assert sorted(numbers) == [f"KC20261124-{n:04d}" for n in range(1, 31)] + ["KC20261125-0001"]


async def test_the_audit_log_notices_every_change(database: Database) -> None:
    for number in range(5):
        async with database.write() as session:
            await audit.note(session, "officer:1", "read_case", f"case:{number}")
    async with database.read() as session:
        assert await audit.first_broken(session) is None
    async with database.write() as session:
        await drop_audit_triggers(session)
        await session.execute(update(Audit).where(Audit.seq == 3).values(actor="officer:2"))
        assert await audit.first_broken(session) == 3
        await session.rollback()
    async with database.write() as session:
        await drop_audit_triggers(session)
        await session.execute(text("DELETE FROM audit WHERE seq = 2"))
        assert await audit.first_broken(session) == 2
        await session.rollback()
    async with database.write() as session:
        await drop_audit_triggers(session)
        # The lines that are left are a chain that holds.
        await session.execute(text("DELETE FROM audit WHERE seq > 3"))
        assert await audit.first_broken(session) == 4


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'officer:2' WHERE seq = 1",
        "DELETE FROM audit WHERE seq = 1",
        "INSERT OR REPLACE INTO audit SELECT seq, at, 'x', action, subject, previous, hash FROM audit",
        "TRUNCATE audit",
    ],
)
async def test_the_database_itself_keeps_audit_lines_as_they_are(database: Database, statement: str) -> None:
    sqlite = database.engine.dialect.name == "sqlite"
    if statement.startswith("TRUNCATE" if sqlite else "INSERT OR REPLACE"):
        statement = "DELETE FROM audit"
    async with database.write() as session:
        await audit.note(session, "officer:1", "read_case", "case:1")
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.write() as session:
            await session.execute(text(statement))
    async with database.read() as session:
        assert await audit.verify(session) == audit.Verified(
            1, None, await session.scalar(select(Audit.hash))
        )


async def drop_audit_triggers(session: AsyncSession) -> None:
    """What somebody who owns the database could do."""
    if session.get_bind().dialect.name == "sqlite":
        for name in ("audit_no_update", "audit_no_delete", "audit_no_replace"):
            await session.execute(text(f"DROP TRIGGER {name}"))
    else:
        await session.execute(text("DROP TRIGGER audit_no_change ON audit"))


async def test_audit_lines_written_at_once_form_one_chain(database: Database) -> None:
    async def line(number: int) -> None:
        async with database.write() as session:
            await audit.note(session, "cli", "test", f"case:{number}")

    await asyncio.gather(*(line(number) for number in range(20)))
    async with database.read() as session:
        assert await audit.first_broken(session) is None
        assert len(list(await session.scalars(select(Audit.seq)))) == 20


async def test_an_officer_logs_in_and_out(database: Database) -> None:
    async with database.write() as session:
        added = await add_officer(session, " wang ", "correct horse", title="王专员")
        assert (added.name, added.title, added.role) == ("wang", "王专员", "officer")
        assert "correct horse" not in added.password_hash
        found = await find_officer(session, "wang")
        assert found is not None
        assert password_fits(found, "correct horse")
        assert not password_fits(found, "wrong horse")
        assert not password_fits(None, "correct horse")
        token, _ = await start_session(session, found, hours=10)
        assert (await officer_of_session(session, token)) is found
        assert await officer_of_session(session, token + "x") is None
        await end_session(session, token)
        assert await officer_of_session(session, token) is None


async def test_a_login_ends_with_its_time_a_new_password_and_deactivation(database: Database) -> None:
    async with database.write() as session:
        officer = await add_officer(session, "wang", "correct horse")
        expired, _ = await start_session(session, officer, hours=-1)
        assert await officer_of_session(session, expired) is None
        before, _ = await start_session(session, officer, hours=1)
        await set_password(session, "wang", "another horse")
        assert await officer_of_session(session, before) is None
        again, _ = await start_session(session, officer, hours=1)
        await set_active(session, "wang", False)
        assert await officer_of_session(session, again) is None
        assert await find_officer(session, "wang") is None


async def test_officers_that_cannot_be_added(database: Database) -> None:
    async with database.write() as session:
        await add_officer(session, "wang", "correct horse")
        for name, password, role, words in (
            ("wang", "correct horse", "officer", "已经有"),
            ("  ", "correct horse", "officer", "登录名"),
            ("li", "short", "officer", "口令至少"),
            ("li", "correct horse", "king", "角色只能是"),
        ):
            with pytest.raises(OfficerError, match=words):
                await add_officer(session, name, password, role=role)
        with pytest.raises(OfficerError, match="没有叫"):
            await set_password(session, "nobody", "correct horse")
        assert len(list(await session.scalars(select(Officer)))) == 1
