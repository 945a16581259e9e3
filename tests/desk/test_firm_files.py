"""A firm sends a file on its own page: kept with consent only, for the people of its case."""

from __future__ import annotations

from access_table import picture
from app_harness import Client, Running
from sqlalchemy import select

from bot.cases.case_models import Case
from bot.cases.firm_models import Attachment
from bot.cases.models import Message

FILES = "/api/v1/chat/files"
EXE = {"file": ("程序.png", b"MZ\x90\x00" + bytes(64), "image/png")}


async def agreed(client: Client) -> tuple[str, str]:
    """A firm that asked for an officer, and so agreed; its session and its case's number."""
    session = (await client.say(None, "想贷300万"))["session"]
    answer = await client.say(session, payload="human")
    return session, answer["state"]["case"]["number"]


async def test_a_picture_is_kept_and_shown_to_the_case(running: Running, client: Client) -> None:
    session, number = await agreed(client)
    as_firm = {"X-Peipao-Session": session}
    answer = await client.post(FILES, headers=as_firm, files=picture())
    assert answer.status_code == 200, answer.text
    assert "证照.png" in answer.json()["replies"][0]["text"]
    async with running.database.read() as reading:
        case = (await reading.scalars(select(Case).where(Case.number == number))).one()
        row = (await reading.scalars(select(Attachment))).one()
        message = await reading.get_one(Message, row.message_id)
        assert row.conversation_id == message.conversation_id == case.conversation_id
        assert (message.author, message.kind) == ("firm", "image")
    mine = await client.get(f"{FILES}/{row.key}", headers=as_firm)
    assert mine.content == picture()["file"][1].read()
    assert mine.headers["content-disposition"].startswith("inline")
    assert "sandbox" in mine.headers["content-security-policy"]
    other = (await client.say(None, "想贷100万"))["session"]
    assert (await client.get(f"{FILES}/{row.key}", headers={"X-Peipao-Session": other})).status_code == 404


async def test_nothing_is_kept_without_consent(running: Running, client: Client) -> None:
    session = (await client.say(None, "想贷300万"))["session"]
    answer = await client.post(FILES, headers={"X-Peipao-Session": session}, files=picture())
    assert answer.status_code == 403
    async with running.database.read() as reading:
        assert await reading.scalar(select(Attachment.id)) is None
        folder = running.services.settings.data_dir / "attachments"
        assert not list(folder.rglob("*")) if folder.exists() else True


async def test_what_a_file_is_called_does_not_decide(running: Running, client: Client) -> None:
    session, _number = await agreed(client)
    answer = await client.post(FILES, headers={"X-Peipao-Session": session}, files=EXE)
    assert answer.status_code == 415
    async with running.database.read() as reading:
        assert await reading.scalar(select(Attachment.id)) is None


async def test_a_stranger_has_no_talk_to_send_into(client: Client) -> None:
    answer = await client.post(FILES, headers={"X-Peipao-Session": "nobody"}, files=picture())
    assert answer.status_code == 404
    assert (await client.post(FILES, json={"file": "x"})).status_code in (404, 415)
