"""How far a message has got, what is left of a platform's quota, and sending once more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from case_stage import TUESDAY, Firm, Stage
from sqlalchemy import select, update

from bot.cases import quotas
from bot.cases.case_models import Case, Officer
from bot.cases.models import Door, Message, Outbox
from bot.channels.base import Abilities
from bot.channels.pull import PullChannel
from bot.conversation import events
from bot.conversation.handling import NotAllowed, write
from bot.desk.case_file import read_talk
from bot.desk.delivery import retry
from bot.desk.quota import Way, shown, way_to


class Platform(PullChannel):
    """A platform that counts, as far as the desk is concerned."""

    pull = False

    def __init__(self, **able: bool) -> None:
        super().__init__("platform", "某平台", Abilities(**able))


async def written(stage: Stage, officer: Officer, status: str, error: str | None = None) -> tuple[Firm, int]:
    """A message of `officer` whose delivery ended with `status`; and its number in the talk."""
    firm = await stage.firm()
    version = (await stage.take(firm, officer)).version
    async with stage.database.write() as session:
        await write(session, firm.number, officer, version, "请补材料")
        mine = select(Message).where(
            Message.conversation_id == firm.conversation_id, Message.author == "officer"
        )
        message = (await session.scalars(mine)).one()
        await session.execute(
            update(Outbox)
            .where(Outbox.message_id == message.id)
            .values(status=status, error=error, attempts=8)
        )
        return firm, message.seq


async def outbox_of(stage: Stage, firm: Firm, seq: int) -> Outbox:
    async with stage.database.read() as session:
        query = (
            select(Outbox)
            .join(Message, Message.id == Outbox.message_id)
            .where(Message.conversation_id == firm.conversation_id, Message.seq == seq)
        )
        return (await session.scalars(query)).one()


@pytest.mark.parametrize("status", ["failed", "unknown"])
async def test_what_did_not_arrive_is_sent_once_more(stage: Stage, wang: Officer, status: str) -> None:
    firm, seq = await written(stage, wang, status, "对方已拉黑")
    async with stage.database.write() as session:
        talk = await read_talk(session, wang, firm.number, seq - 1)
        assert talk is not None
        told = talk.delivery[talk.messages[0].id]
        assert (told.status, told.error) == (status, "对方已拉黑")
        done = await retry(session, firm.number, wang, seq)
    assert events.case(firm.number) in done.streams
    row = await outbox_of(stage, firm, seq)
    assert (row.status, row.attempts, row.error) == ("queued", 0, None)
    assert "retried" in [line.kind for line in await stage.timeline(firm)]


@pytest.mark.parametrize("status", ["queued", "sending", "sent", "dropped"])
async def test_nothing_else_is_sent_twice(stage: Stage, wang: Officer, status: str) -> None:
    firm, seq = await written(stage, wang, status)
    async with stage.database.write() as session:
        with pytest.raises(NotAllowed):
            await retry(session, firm.number, wang, seq)
    assert (await outbox_of(stage, firm, seq)).status == status


async def test_only_its_officer_sends_again(stage: Stage, wang: Officer) -> None:
    firm, seq = await written(stage, wang, "failed")
    colleague, lead = await stage.officer("li"), await stage.officer("chen", "lead")
    stranger = await stage.officer("zhou", teams=("investment_manager",))
    for officer, refusal in ((colleague, NotAllowed), (lead, NotAllowed), (stranger, LookupError)):
        async with stage.database.write() as session:
            with pytest.raises(refusal):
                await retry(session, firm.number, officer, seq)
    # Nor what the firm itself wrote, or a message that is not there.
    for number in (1, 999):
        async with stage.database.write() as session:
            with pytest.raises(NotAllowed):
                await retry(session, firm.number, wang, number)


async def test_the_officer_sees_what_is_left(stage: Stage, wang: Officer) -> None:
    firm = await stage.firm()
    channels = {"web": Platform(counted=True)}
    async with stage.database.write() as session:
        await quotas.grant(session, firm.door_id, "message", 5, 48 * 3600.0, TUESDAY)
        for _ in range(4):
            await quotas.take(session, firm.door_id, TUESDAY)
        one_left = shown(await way_to(session, firm.conversation_id, TUESDAY), channels)
        assert (one_left.open, one_left.low) == (True, True)
        assert "还可以发 1 条" in one_left.text
        await quotas.take(session, firm.door_id, TUESDAY)
        none_left = shown(await way_to(session, firm.conversation_id, TUESDAY), channels)
        assert (none_left.open, none_left.low) == (False, True)
        later = TUESDAY + timedelta(hours=49)
        await quotas.grant(session, firm.door_id, "event", 3, 60.0, later)
        assert "还可以发 3 条" in shown(await way_to(session, firm.conversation_id, later), channels).text


async def test_no_way_is_said_to_be_none(stage: Stage, wang: Officer) -> None:
    firm = await stage.firm()
    async with stage.database.write() as session:
        door = await session.get_one(Door, firm.door_id)
        door.closed_at = stage.clock()
        await session.flush()
        gone = shown(await way_to(session, firm.conversation_id, TUESDAY), {"web": Platform()})
    assert not gone.open
    assert "没有渠道可以送达" in gone.text


def test_a_page_takes_files_and_a_channel_that_is_off_takes_nothing() -> None:
    page = PullChannel("web", "网页", Abilities(buttons=True))
    way = Way("web", "", 0, None)
    assert shown(way, {"web": page}).files
    assert shown(way, {"web": page}).open
    assert not shown(way, {}).open
    assert not shown(way, {"web": Platform(counted=True)}).files


async def test_a_stranger_reads_no_talk(stage: Stage, wang: Officer) -> None:
    firm = await stage.firm()
    stranger = await stage.officer("zhou", teams=("investment_manager",))
    async with stage.database.write() as session:
        assert await read_talk(session, stranger, firm.number, 0) is None
        case = (await session.scalars(select(Case).where(Case.number == firm.number))).one()
        case.owner_id = stranger.id
        await session.flush()
        # Their own case is theirs to read, whatever its team.
        assert await read_talk(session, stranger, firm.number, 0) is not None
