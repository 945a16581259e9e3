"""After a change of policy: cases judged again, consent to be contacted, and whom to call."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from policy_stage import CATALOG, Desk, Office, office, without_e, zipped
from sqlalchemy import select

from bot.cases.case_models import Case, CaseEvent
from bot.cases.models import Conversation
from bot.cases.officers import find_officer
from bot.cli.outreach import outreach
from bot.clock import today
from bot.conversation.handling import claim
from bot.policy.files import read_folder
from bot.policy.outreach import call_list
from bot.settings import Settings

pytestmark = pytest.mark.app

GRADE_E = "set:knowledge_value_grade:E"


@pytest.fixture
async def older(tmp_path: Path) -> Path:
    """A catalog folder in which grade E is not enough."""
    folder = tmp_path / "older"
    for name, text in without_e().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture
async def place(settings: Settings, older: Path) -> AsyncIterator[Office]:
    async with office(settings, older) as running:
        yield running


async def hand_over(place: Office) -> tuple[str, str]:
    """(session, number) of a firm of grade E that looked at the loan."""
    session = (await place.client.say(None, payload=GRADE_E))["session"]
    await place.client.say(session, payload="check:knowledge_value_loan")
    handed = await place.client.say(session, payload="human")
    asked = handed["replies"][-1]
    assert [button["payload"] for button in asked["buttons"]] == ["contact:yes", "contact:no"]
    assert handed["state"]["case"]["number"] in handed["replies"][-2]["text"]
    return session, handed["state"]["case"]["number"]


async def better(place: Office) -> Desk:
    """A lead takes the version into use under which grade E is enough."""
    lead = await place.log_in("fuzeren", "lead")
    sent = await lead.upload(("catalog.zip", zipped(read_folder(CATALOG))))
    await lead.use(sent.headers["location"])
    return lead


async def consent(place: Office) -> list[tuple[bool | None, bool]]:
    async with place.app.database.read() as session:
        talks = await session.scalars(select(Conversation).order_by(Conversation.created_at))
        return [(talk.may_contact, talk.may_contact_at is not None) for talk in talks]


async def the_case(place: Office) -> Case:
    async with place.app.database.read() as session:
        return (await session.scalars(select(Case))).one()


async def test_a_case_is_judged_again_and_the_brief_takes_it(place: Office) -> None:
    first = place.policy.catalog.version
    _, number = await hand_over(place)
    assert (await the_case(place)).catalog_version == first
    lead = await better(place)
    assert "政策资料已有更新" in (await lead.get(f"/desk/cases/{number}")).text
    # What was handed over stays as it was judged until somebody decides otherwise.
    assert (await the_case(place)).brief["check"]["verdict"] == "ineligible"
    shown = (await lead.get(f"/desk/cases/{number}/again")).text
    assert first in shown
    assert place.policy.catalog.version in shown
    assert "已在市科技局系统取得知识价值信用等级" in shown

    path = f"/desk/cases/{number}/again"
    assert (await lead.post(path, path, {})).status_code == 303
    case = await the_case(place)
    assert case.catalog_version == case.brief["catalog_version"] == place.policy.catalog.version
    assert case.brief["check"]["verdict"] == "meets_published"
    page = (await lead.get(f"/desk/cases/{number}")).text
    assert "按新的政策资料重新判断" in page
    assert "政策资料已有更新" not in page
    async with place.app.database.read() as session:
        kinds = list(await session.scalars(select(CaseEvent.kind).order_by(CaseEvent.id)))
    assert kinds == ["opened", "rejudged"]


async def test_only_who_works_on_a_case_replaces_its_judgement(place: Office) -> None:
    _, number = await hand_over(place)
    await better(place)
    other = await place.log_in("zhuanyuan", "officer")
    path = f"/desk/cases/{number}/again"
    assert (await other.get(path)).status_code == 200
    assert (await other.post(path, path, {})).status_code == 403
    assert (await other.get("/desk/cases/KC20200101-0001/again")).status_code == 404


async def test_words_added_while_waiting_are_judged_under_the_version_of_that_time(place: Office) -> None:
    session, _ = await hand_over(place)
    await better(place)
    told = await place.client.say(session, payload="set:is_hnte:true")
    assert "政策资料有更新" in told["replies"][0]["text"]
    case = await the_case(place)
    assert case.catalog_version == case.brief["catalog_version"] == place.policy.catalog.version


async def test_consent_is_stored_with_its_time_and_can_be_taken_back(place: Office) -> None:
    session, _ = await hand_over(place)
    assert await consent(place) == [(None, False)]
    told = await place.client.say(session, payload="contact:yes")
    assert "记下了" in told["replies"][0]["text"]
    assert await consent(place) == [(True, True)]
    await place.client.say(session, payload="contact:no")
    assert await consent(place) == [(False, True)]
    # Asked once: another hand-over does not ask again.
    again = await place.client.say(session, payload="human")
    assert all(not reply["buttons"] for reply in again["replies"])


async def test_who_starts_anew_has_agreed_to_nothing(place: Office) -> None:
    session, _ = await hand_over(place)
    await place.client.say(session, payload="contact:yes")
    await place.client.say(session, payload="restart")
    assert await consent(place) == [(None, False)]


async def test_consent_counts_while_an_officer_answers(place: Office) -> None:
    session, number = await hand_over(place)
    await place.hire("zhuanyuan", "officer")
    async with place.app.database.write() as database_session:
        officer = await find_officer(database_session, "zhuanyuan")
        assert officer is not None
        await claim(database_session, number, officer)
    told = await place.client.say(session, payload="contact:yes")
    assert (told["replies"], told["state"]["mode"]) == ([], "human")
    assert await consent(place) == [(True, True)]


async def test_only_firms_that_agreed_and_are_better_off_are_listed(place: Office) -> None:
    agreed, number = await hand_over(place)
    await place.client.say(agreed, payload="contact:yes")
    refused, _ = await hand_over(place)
    await place.client.say(refused, payload="contact:no")
    unasked = (await place.client.say(None, payload=GRADE_E))["session"]
    await place.client.say(unasked, payload="check:knowledge_value_loan")
    grade_a = (await place.client.say(None, payload="set:knowledge_value_grade:A"))["session"]
    await place.client.say(grade_a, payload="contact:yes")
    no_case = (await place.client.say(None, payload=GRADE_E))["session"]
    await place.client.say(no_case, payload="contact:yes")
    old = place.policy.catalog.version
    async with place.app.database.read() as session:
        assert await call_list(session, today()) == []
    await better(place)
    async with place.app.database.read() as session:
        calls = await call_list(session, today())
    assert [call.case for call in calls] == [number, None]
    assert {(call.change.product, call.change.before, call.change.after) for call in calls} == {
        ("knowledge_value_loan", "ineligible", "meets_published")
    }
    assert {(call.old_version, call.new_version) for call in calls} == {(old, place.policy.catalog.version)}
    assert "知识价值信用等级" in calls[0].change.why
    assert (calls[0].channels, calls[0].open) == (["web"], True)
    # Who comes back is told by the bot, and need not be called any more.
    told = await place.client.say(agreed, payload="check:knowledge_value_loan")
    assert "由“不满足”变为“满足已公布条件”" in told["replies"][0]["text"]
    async with place.app.database.read() as session:
        assert [call.case for call in await call_list(session, today())] == [None]


async def test_the_command_lists_them(
    settings: Settings, older: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with office(settings, older) as place:
        session, number = await hand_over(place)
        await place.client.say(session, payload="contact:yes")
        await better(place)
    monkeypatch.setenv("PEIPAO_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PEIPAO_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("PEIPAO_KEYS", settings.keys)
    monkeypatch.setenv("PEIPAO_CATALOG_DIR", str(older))

    async def run(*words: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, outreach, ["list", *words])

    shown = await run()
    assert shown.exit_code == 0, shown.output
    assert f"{number}\t知识价值信用贷\t不满足 → 满足已公布条件" in shown.stdout
    assert "1家企业" in shown.stdout
    [line] = [json.loads(text) for text in (await run("--jsonl")).stdout.splitlines() if text.startswith("{")]
    assert (line["case"], line["change"]["before"], line["change"]["after"]) == (
        number,
        "ineligible",
        "meets_published",
    )
