"""Show, export, erase: the firm sees what is kept, takes it along, and nothing of it is left afterwards."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from app_fakes import FakeEngine
from app_harness import Running, Start
from firm_stage import Firm, make_slots, running_dialogue
from sqlalchemy import Table, func, select, text, update

from bot.cases import attachments, audit, erasure
from bot.cases.case_models import Audit, Case, Officer
from bot.cases.clock import now
from bot.cases.database import metadata
from bot.cases.firm_models import VisitSlot
from bot.cases.models import Conversation, Door, Message
from bot.conversation import handling
from bot.conversation.cleaner import Cleaner

PNG = b"\x89PNG\r\n\x1a\n" + b"licence" * 20
# What belongs to a firm. Everything else is the office's, or counts, or holds ids only.
OFFICE = {
    "alembic_version", "audit", "canned_reply", "catalog_use", "catalog_version", "channel_cursor",
    "channel_token", "counter", "officer", "officer_session", "routing_rule", "setting", "visit_place",
    "visit_slot",
}  # fmt: skip
SHELL = {"conversation", "door", "consent", "message", "outbox", "event"}


@pytest.fixture
async def app(start: Start) -> AsyncIterator[Running]:
    async with running_dialogue(start) as running:
        yield running


@pytest.fixture
def firm(app: Running, engine: FakeEngine) -> Firm:
    return Firm(app, engine)


def tables() -> Iterator[Table]:
    yield from (table for table in metadata.sorted_tables if table.name not in OFFICE)


async def rows(app: Running) -> dict[str, int]:
    async with app.database.read() as session:
        return {
            table.name: int(await session.scalar(select(func.count()).select_from(table)) or 0)
            for table in tables()
        }


async def everything(app: Running, firm: Firm, data_dir: Path) -> tuple[str, Officer]:
    """A firm that leaves something in every table; returns its conversation and its officer."""
    [slot, _] = await make_slots(app.database, 1, 1)
    await firm.say("我们做钙钛矿电池，在西永，贷300万", "inform")
    await firm.press("consent:yes")
    await firm.press(f"visit:book:{slot}")
    await firm.say("太慢了，没人理", "complain")
    await firm.say("今天天气怎么样", "out_of_scope")
    async with app.database.write() as session:
        conversation_id = await session.scalar(select(Conversation.id))
        assert conversation_id is not None
        who = Officer(
            name="wang", title="王专员", role="officer", password_hash="-", skills={}, created_at=now()
        )
        session.add(who)
    await firm.press("human")
    await firm.press("phone")
    await firm.say("13800138000")
    number = firm.state["case"]["number"]
    key = await attachments.store(app.database, data_dir, conversation_id, "执照.png", "", PNG)
    assert key
    async with app.database.write() as session:
        await handling.claim(session, number, who)
        await handling.note(session, number, who, "这家的电池有意思")
    version = await _version(app, conversation_id)
    async with app.database.write() as session:
        await handling.write(session, number, who, version, "您好，请补一份报表")
    return conversation_id, who


async def _version(app: Running, conversation_id: str) -> int:
    async with app.database.read() as session:
        version = await session.scalar(select(Conversation.version).where(Conversation.id == conversation_id))
    assert version is not None
    return version


async def test_what_is_kept_is_shown(app: Running, firm: Firm, tmp_path: Path) -> None:
    await everything(app, firm, tmp_path)
    # Also while an officer has the talk.
    said = await firm.press("data:show")
    for words in ("贷款", "300万", firm.state["case"]["number"], "执照.png", "138****8000", "太慢了", "已约"):
        assert words in said, words
    assert "13800138000" not in said
    assert "有意思" not in said, "a note among officers"


async def test_export_by_a_link_that_works_once(app: Running, firm: Firm, tmp_path: Path) -> None:
    await everything(app, firm, tmp_path)
    said = await firm.press("data:export")
    [path] = re.findall(r"/api/v1/chat/export/[A-Z]{32}", said)
    assert firm.replies[-1]["card"]["href"] == path
    response = await app.client.get(path)
    assert response.status_code == 200
    assert response.headers["content-disposition"].startswith("attachment;")
    assert response.headers["cache-control"] == "no-store"
    kept = response.json()
    assert kept["phone"] == "13800138000"
    assert "我们做钙钛矿电池，在西永，贷300万" in [line["text"] for line in kept["messages"]]
    assert kept["cases"][0]["number"] == firm.state["case"]["number"]
    assert kept["files"][0]["name"] == "执照.png"
    assert kept["visits"][0]["status"] == "booked"
    assert kept["complaints"][0]["words"] == "太慢了，没人理"
    assert kept["consents"][0]["withdrawn_at"] is None
    assert "有意思" not in response.text
    assert (await app.client.get(path)).status_code == 404
    assert (await app.client.get(path[:-1] + "A")).status_code == 404
    async with app.database.read() as session:
        assert await session.scalar(select(func.count()).where(Audit.action == "export")) == 1


async def test_a_channel_without_links_shows_it_as_text(app: Running, engine: FakeEngine) -> None:
    firm = Firm(app, engine, channel="kiosk")
    await firm.say("我们做钙钛矿电池，贷300万", "inform")
    said = await firm.press("data:export")
    assert "您：我们做钙钛矿电池，贷300万" in said
    assert "/export/" not in said


async def test_what_was_said_at_a_linked_door_is_shown_only_with_consent(app: Running, firm: Firm) -> None:
    await firm.say("我们做钙钛矿电池，贷300万", "inform")
    async with app.database.write() as session:
        conversation_id = await session.scalar(select(Conversation.id))
        session.add(
            Door(
                conversation_id=conversation_id,
                channel="wechat",
                account="",
                address_hash="0" * 64,
                created_at=now(),
            )
        )
    for key in ("data:show", "data:export"):
        said = await firm.press(key)
        assert "先点「显示」" in said
        assert "/export/" not in said
    await firm.press("share:yes")
    assert "/export/" in await firm.press("data:export")


async def test_erasing_is_asked_about_first(app: Running, firm: Firm, tmp_path: Path) -> None:
    _conversation_id, _who = await everything(app, firm, tmp_path)
    before = await rows(app)
    said = await firm.press("data:erase")
    assert "找不回来" in said
    assert "data:erase:yes" in firm.keys
    await firm.press("keep")
    after = await rows(app)
    assert {name: count for name, count in after.items() if count < before[name]} == {}


async def test_nothing_of_the_firm_is_left(app: Running, firm: Firm, tmp_path: Path) -> None:
    conversation_id, _who = await everything(app, firm, tmp_path)
    number = firm.state["case"]["number"]
    full = await rows(app)
    assert [
        name
        for name, count in full.items()
        if not count and name not in ("rating", "milestone", "quota", "offer")
    ] == []
    said = await firm.press("data:erase:yes")
    assert "已删除" in said
    assert firm.state["case"] is None
    assert firm.state["facts"] == {}
    left = {name for name, count in (await rows(app)).items() if count}
    assert left <= SHELL, left - SHELL
    await _no_words_left(app)
    assert not [path for path in (tmp_path / attachments.FOLDER).rglob("*") if path.is_file()]
    async with app.database.read() as session:
        conversation = await session.get_one(Conversation, conversation_id)
        assert (conversation.mode, conversation.owner_id, conversation.phone) == ("bot", None, None)
        assert await session.scalar(select(func.sum(VisitSlot.taken))) == 0, "the place is free again"
        assert await audit.first_broken(session) is None
        subjects = set(await session.scalars(select(Audit.subject)))
        assert f"case:{number}" in subjects, "the audit log stays"
    # The talk goes on as with somebody new.
    await firm.say("你好", "greet")
    assert firm.state["facts"] == {}
    await firm.press("human")
    assert firm.state["case"]["number"] != number


async def _no_words_left(app: Running) -> None:
    """Opens every sealed column of what is left and looks for what the firm or an officer had said."""
    gone = ("钙钛矿", "西永", "300万", "13800138000", "太慢", "天气", "执照", "报表", "有意思")
    async with app.database.read() as session:
        for table in metadata.sorted_tables:
            for row in await session.execute(select(table)):
                for word in gone:
                    assert word not in str(tuple(row)), (table.name, word)


async def test_the_officers_page_is_told_and_finds_nothing(app: Running, firm: Firm, tmp_path: Path) -> None:
    _conversation_id, who = await everything(app, firm, tmp_path)
    number = firm.state["case"]["number"]
    await firm.press("data:erase:yes")
    async with app.database.read() as session:
        found = await session.execute(
            text("SELECT stream, kind FROM event WHERE stream LIKE 'desk%' ORDER BY stream, seq")
        )
        told = [tuple(row) for row in found]
        assert await session.scalar(select(Case.id).where(Case.number == number)) is None
    assert (f"desk:{who.id}", "erased") in told
    assert told[-1][0].startswith("desk:") or ("desk", "case") in told
    with pytest.raises(LookupError):
        async with app.database.write() as session:
            await handling.note(session, number, who, "noch da?")


async def test_another_firm_keeps_everything(app: Running, engine: FakeEngine, tmp_path: Path) -> None:
    one, other = Firm(app, engine), Firm(app, engine)
    await other.say("我们做工业软件，贷500万", "inform")
    await other.press("human")
    lines = await other.history()
    await one.say("我们做芯片", "inform")
    await one.press("human")
    await one.press("data:erase:yes")
    assert await other.history() == lines
    async with app.database.read() as session:
        assert list(await session.scalars(select(Case.number))) == [other.state["case"]["number"]]


async def test_typed_words_do_the_same(app: Running, firm: Firm) -> None:
    await firm.say("我们做芯片，贷300万", "inform")
    assert "找不回来" in await firm.say("把我的信息都删掉", "manage_data")
    assert "已删除" in await firm.say("确认删除", "nlu_fallback")
    assert "找不回来" in await firm.say("删除我的资料", "manage_data")
    await firm.say("你们有什么产品", "ask_product")
    # The question was another one's answer; nothing is erased by a late yes.
    assert "已删除" not in await firm.say("确认", "affirm")


async def test_the_shell_goes_when_nothing_is_said_for_a_day(app: Running, firm: Firm) -> None:
    await firm.say("我们做芯片，贷300万", "inform")
    await firm.press("data:erase:yes")
    async with app.database.write() as session:
        assert await erasure.remove_shells(session, now()) == 0
    async with app.database.write() as session:
        assert await erasure.remove_shells(session, now() + timedelta(days=2)) == 1
    async with app.database.read() as session:
        for table in (Conversation, Door, Message):
            assert await session.scalar(select(func.count()).select_from(table)) == 0
    response = await app.client.get("/api/v1/chat", headers=firm.headers)
    assert response.status_code == 404


async def test_a_talk_that_went_on_is_no_shell(app: Running, firm: Firm) -> None:
    await firm.press("data:erase:yes")
    await firm.say("我们做芯片，贷300万", "inform")
    async with app.database.write() as session:
        await session.execute(update(Message).values(created_at=now() - timedelta(days=3)))
        assert await erasure.remove_shells(session, now()) == 0


async def test_the_cleaner_clears_shells_and_lost_files(app: Running, firm: Firm, tmp_path: Path) -> None:
    await firm.press("data:erase:yes")
    lost = tmp_path / attachments.FOLDER / "ab" / "ab".ljust(40, "0")
    lost.parent.mkdir(parents=True)
    lost.write_bytes(b"no row")
    os.utime(lost, (1, 1))
    cleaner = Cleaner(app.database, tmp_path, clock=lambda: now() + timedelta(days=2))
    await cleaner.look()
    assert not lost.exists()
    async with app.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Conversation)) == 0
