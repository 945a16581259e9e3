"""`peipao officer`: who may log in to the desk."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.case_models import Officer
from bot.cases.officers import ROLES, OfficerError, add_officer, set_active, set_password
from bot.cli.failures import plain_failures
from bot.cli.migrate import current_database
from bot.logs import configure_logs
from bot.settings import load_settings

Result = TypeVar("Result")


def _in_database(work: Callable[[AsyncSession], Awaitable[Result]]) -> Result:
    """Runs `work` in one transaction; an error that the operator can mend ends the command with its words."""

    async def run() -> Result:
        async with current_database(settings) as database, database.write() as session:
            return await work(session)

    with plain_failures():
        settings = load_settings()
        configure_logs(settings)
        try:
            return asyncio.run(run())
        except OfficerError as error:
            raise click.ClickException(str(error)) from None


def _password() -> str:
    """Asked twice on a terminal; else one line of standard input. Never an argument: others could read it."""
    if sys.stdin.isatty():
        entered: str = click.prompt("口令", hide_input=True, confirmation_prompt="再输一次")
        return entered
    return sys.stdin.readline().rstrip("\r\n")


@click.group()
def officer() -> None:
    """Add, list and change the officers who may log in at the desk."""


@officer.command()
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default="officer", show_default=True)
@click.option("--title", default="", help="What firms see; the name unless given.")
def add(name: str, role: str, title: str) -> None:
    """Add the officer NAME. The password is asked for, or read from standard input."""
    password = _password()
    added = _in_database(lambda session: add_officer(session, name, password, title=title, role=role))
    click.echo(f"已添加：{added.name}（{added.role}）")


@officer.command("list")
def list_() -> None:
    """List all officers."""

    async def read(session: AsyncSession) -> list[Officer]:
        return list(await session.scalars(select(Officer).order_by(Officer.id)))

    for one in _in_database(read):
        click.echo("\t".join((one.name, one.title, one.role, "在用" if one.active else "停用")))


@officer.command()
@click.argument("name")
def password(name: str) -> None:
    """Give NAME a new password and end NAME's logins."""
    new = _password()
    _in_database(lambda session: set_password(session, name, new))
    click.echo("口令已更换。")


@officer.command()
@click.argument("name")
@click.option("--again", is_flag=True, help="Let NAME in again.")
def off(name: str, again: bool) -> None:
    """Keep NAME out of the desk; what NAME did stays."""
    _in_database(lambda session: set_active(session, name, again))
    click.echo("已恢复。" if again else "已停用。")
