"""Search over talks: two characters suffice, numbers of people are not found, a copy is mute."""

from __future__ import annotations

import random

import pytest
from case_stage import Stage, make_stage
from sqlalchemy import func, select, text

from bot.cases import search
from bot.cases.case_models import Audit, Officer
from bot.cases.database import Database
from bot.cases.firm_models import SearchGram
from bot.cases.masking import mask
from bot.cases.routing import Traits
from bot.conversation import handling


@pytest.fixture
def stage(database: Database, monkeypatch: pytest.MonkeyPatch) -> Stage:
    return make_stage(database, monkeypatch)


async def found(stage: Stage, officer: Officer, words: str) -> list[str]:
    async with stage.database.write() as session:
        return [hit.number for hit in await search.search(session, officer, words)]


PRIVATE = [
    "13800138000",
    "138 0013 8000",
    "138-0013-8000",
    "１３８００１３８０００",
    "+86 13800138000",
    "一三八零零一三八零零零",
    "023-68686868",
    "(023)68686868",
    "400-820-8820",
    "500107199003071234",
    "50010719900307123X",
    "500107 19900307 1234",
    "91500107MA5U1234XK",
    "6222021234567890123",
    "E12345678",
    "zhang.san@example.com",
]


@pytest.mark.parametrize("number", PRIVATE)
def test_numbers_of_people_are_masked(number: str) -> None:
    assert mask(f"联系{number}谢谢") == "联系***谢谢"


@pytest.mark.parametrize(
    "words",
    [
        "去年营收15000000元",
        "2026年11月24日",
        "KC20261124-0001",
        "贷300万,3年,6项专利",
        "三百二十五万",
        "研发占比6.5%",
        "100000000元",
    ],
)
def test_amounts_dates_and_case_numbers_stay(words: str) -> None:
    assert mask(words) == words


async def test_words_of_two_characters_are_found_in_what_people_wrote(stage: Stage) -> None:
    officer = await stage.officer("a")
    chips, batteries = await stage.firm(), await stage.firm()
    await stage.writes(chips, "我们做碳化硅芯片，想扩产")
    await stage.writes(batteries, "做钠离子电池的，想扩大生产")
    assert await found(stage, officer, "芯片") == [chips.number]
    assert await found(stage, officer, "电池") == [batteries.number]
    assert await found(stage, officer, "碳化硅") == [chips.number]
    assert await found(stage, officer, "扩产") == [chips.number]
    # Both pairs stand in the second text, the word does not.
    assert await found(stage, officer, "生产扩大") == []
    assert await found(stage, officer, "硅片") == []
    assert set(await found(stage, officer, "贷款")) == {chips.number, batteries.number}


async def test_every_word_must_stand_somewhere_in_the_talk(stage: Stage) -> None:
    officer = await stage.officer("a")
    one, other = await stage.firm(), await stage.firm()
    await stage.writes(one, "做AI芯片")
    await stage.writes(one, "厂房在西永")
    await stage.writes(other, "做AI芯片，厂房在金凤")
    assert await found(stage, officer, "芯片 西永") == [one.number]
    assert set(await found(stage, officer, "ＡＩ芯片　厂房")) == {one.number, other.number}
    assert await found(stage, officer, other.number.lower()) == [other.number]


async def test_an_officers_words_are_found_and_the_bots_are_not(stage: Stage) -> None:
    officer = await stage.officer("a")
    firm = await stage.firm()
    async with stage.database.write() as session:
        await handling.claim(session, firm.number, officer)
    version = (await stage.conversation(firm)).version
    async with stage.database.write() as session:
        await handling.write(session, firm.number, officer, version, "请补一份审计报告")
    assert await found(stage, officer, "审计") == [firm.number]
    # «已接手您的办件» is the system's own sentence.
    assert await found(stage, officer, "已接手") == []


async def test_numbers_of_people_are_not_found(stage: Stage) -> None:
    officer = await stage.officer("a")
    firm = await stage.firm()
    await stage.writes(firm, "打我电话13800138000，身份证500107199003071234，贷款急用")
    assert await found(stage, officer, "急用") == [firm.number]
    for words in ("3800", "1990", "38001", "71234"):
        assert await found(stage, officer, words) == []
    for words in ("13800138000", "500107199003071234", "***"):
        # Masked in the query too: nothing is left to look for.
        with pytest.raises(search.TooShort):
            await found(stage, officer, words)
    async with stage.database.write() as session:
        [hit] = await search.search(session, officer, "急用")
    assert "138" not in hit.lines[0].text
    assert "急用" in hit.lines[0].text


async def test_only_cases_that_the_officer_may_see_and_each_is_noted(stage: Stage) -> None:
    mine = await stage.officer("mine", teams=("loan_officer",))
    auditor = await stage.officer("auditor", "auditor")
    loan = await stage.firm(traits=Traits(kinds=("credit",)))
    fund = await stage.firm(traits=Traits(kinds=("equity",)))
    for firm in (loan, fund):
        await stage.writes(firm, "做光刻胶")
    assert await found(stage, mine, "光刻胶") == [loan.number]
    assert await found(stage, mine, fund.number) == []
    assert set(await found(stage, auditor, "光刻胶")) == {loan.number, fund.number}
    async with stage.database.read() as session:
        rows = await session.execute(select(Audit.actor, Audit.subject).where(Audit.action == "found_case"))
        noted = [tuple(row) for row in rows]
    assert noted == [
        (f"officer:{mine.id}", f"case:{loan.number}"),
        (f"officer:{auditor.id}", f"case:{fund.number}"),
        (f"officer:{auditor.id}", f"case:{loan.number}"),
    ]


@pytest.mark.parametrize("words", ["", "  ", "芯", "芯 片"])
async def test_less_than_two_characters_is_refused(stage: Stage, words: str) -> None:
    officer = await stage.officer("a")
    with pytest.raises(search.TooShort, match="两个字"):
        await found(stage, officer, words)


async def test_a_copy_of_the_database_does_not_tell_what_was_written(stage: Stage) -> None:
    firm = await stage.firm()
    await stage.writes(firm, "碳化硅芯片")
    async with stage.database.read() as session:
        rows = (await session.execute(text("SELECT gram FROM search_gram"))).scalars().all()
        bodies = (await session.execute(text("SELECT body FROM message"))).scalars().all()
    assert len(rows) >= 4
    plain = "碳化硅芯片".encode()
    assert not any(plain in bytes(body) for body in bodies)
    # Nobody without the key can reckon the hash of a pair.
    assert not {search.grams(stage.database.sealer, pair).pop() for pair in ("碳化", "化硅")} & {
        hash("碳化"),
        int.from_bytes("碳化".encode(), "big"),
    }
    assert all(-(2**63) <= row < 2**63 for row in rows)


async def test_the_index_is_written_with_the_message_or_not_at_all(stage: Stage) -> None:
    firm = await stage.firm()
    async with stage.database.read() as session:
        before = await session.scalar(select(func.count()).select_from(SearchGram))
    async with stage.database.write() as session:
        await stage._write(session, firm.conversation_id, firm.door_id, "要撤回的话")
        await session.rollback()
    async with stage.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(SearchGram)) == before


async def test_random_texts_are_found_by_any_part_of_theirs(stage: Stage) -> None:
    officer = await stage.officer("a")
    signs = "芯片电池材料生物医药软件光电仪器研发贷款"
    texts: dict[str, str] = {}
    for _ in range(12):
        firm = await stage.firm()
        texts[firm.number] = "".join(random.choices(signs, k=random.randint(2, 30)))
        await stage.writes(firm, texts[firm.number])
    for _ in range(40):
        source = random.choice(list(texts.values()))
        begin = random.randrange(len(source) - 1)
        part = source[begin : begin + random.randint(2, 5)]
        if len(part) < 2:
            continue
        # Everybody also wrote 要贷款，转人工.
        expected = {number for number, one in texts.items() if part in one or part in "要贷款"}
        assert set(await found(stage, officer, part)) == expected, part
