"""`peipao visits`: the places and times at which firms can be received."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import TypeVar

import click
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import audit, visits
from bot.cases.clock import SHANGHAI, is_working_day, local_day, now
from bot.cli.failures import plain_failures
from bot.cli.migrate import current_database
from bot.logs import configure_logs
from bot.settings import load_settings

Result = TypeVar("Result")
_SPAN = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
_MOST_DAYS = 120


def _in_database(work: Callable[[AsyncSession], Awaitable[Result]]) -> Result:
    """Runs `work` in one transaction; what the operator can mend ends the command with its words."""

    async def run() -> Result:
        async with current_database(settings) as database, database.write() as session:
            return await work(session)

    with plain_failures():
        settings = load_settings()
        configure_logs(settings)
        try:
            return asyncio.run(run())
        except visits.VisitError as error:
            raise click.ClickException(str(error)) from None


@click.group("visits")
def visits_() -> None:
    """Set up the places and times at which firms can be received."""


@visits_.command("place")
@click.argument("name")
@click.option("--address", default="", help="How to get there; firms see it.")
@click.option("--close", is_flag=True, help="Do not offer the place any more; bookings stay.")
def place(name: str, address: str, close: bool) -> None:
    """Add the place NAME, or close it."""

    async def work(session: AsyncSession) -> int:
        if close:
            known = next((one for one in await visits.places(session) if one.name == name.strip()), None)
            if known is None:
                raise visits.VisitError("没有这个地点。")
            await visits.close_place(session, known.id)
            found = known.id
        else:
            found = (await visits.add_place(session, name, address)).id
        await audit.note(session, "cli", "close_place" if close else "add_place", f"visit_place:{found}")
        return found

    number = _in_database(work)
    click.echo(f"地点 {number} {'已停用' if close else '已添加'}：{name.strip()}")


@visits_.command("slots")
@click.argument("place_id", type=int)
@click.argument("first", type=click.DateTime(["%Y-%m-%d"]))
@click.argument("spans", nargs=-1, required=True)
@click.option("--days", default=1, show_default=True, help="For so many working days from FIRST on.")
@click.option("--room", default=1, show_default=True, help="How many firms each time is for.")
def slots(place_id: int, first: datetime, spans: tuple[str, ...], days: int, room: int) -> None:
    """Add times at PLACE_ID from the day FIRST on: SPANS like 09:30-10:30, in Chongqing's time.

    With --days the days off in between are left out; the day FIRST itself is always meant.
    """
    parsed = [_span(span) for span in spans]
    if not 1 <= days <= _MOST_DAYS:
        raise click.BadParameter(f"1–{_MOST_DAYS} 天", param_hint="--days")

    async def work(session: AsyncSession) -> int:
        made = 0
        for day in _working_days(first.date(), days):
            midnight = datetime.combine(day, datetime.min.time(), SHANGHAI)
            for begin, end in parsed:
                slot = await visits.add_slot(session, place_id, midnight + begin, midnight + end, room)
                await audit.note(session, "cli", "add_slot", f"visit_slot:{slot.id}")
                made += 1
        return made

    click.echo(f"已添加 {_in_database(work)} 个时段。")


@visits_.command("drop")
@click.argument("slot_id", type=int)
def drop(slot_id: int) -> None:
    """Take the time SLOT_ID back as far as nobody has booked it."""

    async def work(session: AsyncSession) -> None:
        await visits.drop_slot(session, slot_id)
        await audit.note(session, "cli", "drop_slot", f"visit_slot:{slot_id}")

    _in_database(work)
    click.echo("已收回，已经约好的不变。")


@visits_.command("list")
def list_() -> None:
    """List the places, and the times from today on."""

    async def work(session: AsyncSession) -> list[str]:
        lines = [
            f"地点 {one.id}\t{one.name}\t{one.address}\t{'在用' if one.active else '停用'}"
            for one in await visits.places(session)
        ]
        today = datetime.combine(local_day(now()), datetime.min.time(), SHANGHAI)
        for slot, taken in await visits.all_slots(session, today):
            lines.append(f"时段 {slot.id}\t{slot.place}\t{slot.when}\t已约 {taken}，还可约 {slot.left}")
        return lines

    for line in _in_database(work):
        click.echo(line)


def _span(text: str) -> tuple[timedelta, timedelta]:
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        raise click.BadParameter(f"“{text}”应写成 09:30-10:30", param_hint="SPANS")
    begin_h, begin_m, end_h, end_m = (int(part) for part in match.groups())
    begin, end = (
        timedelta(hours=begin_h, minutes=begin_m),
        timedelta(hours=end_h, minutes=end_m),
    )
    if not begin < end <= timedelta(days=1) or max(begin_m, end_m) > 59:
        raise click.BadParameter(f"没有“{text}”这段时间", param_hint="SPANS")
    return begin, end


def _working_days(first: date, days: int) -> list[date]:
    found = [first]
    day = first
    while len(found) < days:
        day += timedelta(days=1)
        if is_working_day(day)[0]:
            found.append(day)
    return found
