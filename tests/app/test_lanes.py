"""Lanes: one run at a time, and no kick that falls between a look and a sleep is missed."""

from __future__ import annotations

import asyncio

from bot.conversation.lanes import Lanes


async def test_a_kick_between_look_and_sleep_ends_the_sleep() -> None:
    looked: list[str] = []
    done = asyncio.Event()

    async def work(lane: str) -> None:
        lanes.looking(lane)
        assert not lanes.kicked(lane)
        looked.append(lane)
        if len(looked) == 1:
            # Somebody stores and kicks after the look, before the sleep.
            lanes.kick(lane)
            assert lanes.kicked(lane)
            await lanes.until_kick(lane, 3600)
            lanes.looking(lane)
            await lanes.until_kick(lane, 0.001)
        else:
            done.set()

    lanes = Lanes(work)
    async with asyncio.timeout(30):
        lanes.kick("a")
        await done.wait()
    # The kick also made the work run once more.
    assert looked == ["a", "a"]
    await lanes.finish(1)


async def test_lanes_run_beside_each_other_and_each_only_once_at_a_time() -> None:
    inside: dict[str, int] = {}
    most: dict[str, int] = {}
    gate = asyncio.Event()
    entered = asyncio.Semaphore(0)

    async def work(lane: str) -> None:
        inside[lane] = inside.get(lane, 0) + 1
        most[lane] = max(most.get(lane, 0), inside[lane])
        entered.release()
        await gate.wait()
        inside[lane] -= 1

    lanes = Lanes(work)
    for lane in ("a", "b"):
        lanes.kick(lane)
    async with asyncio.timeout(30):
        # Both are inside at once while neither may go on.
        await entered.acquire()
        await entered.acquire()
        for _ in range(2):
            lanes.kick("a")
        gate.set()
        # Both kicks together made one more run of `a`.
        await entered.acquire()
    await lanes.finish(5)
    assert most == {"a": 1, "b": 1}
    assert entered.locked()
