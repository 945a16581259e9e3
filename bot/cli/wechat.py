"""`peipao wechat`: what has to be set up once at WeChat."""

from __future__ import annotations

import asyncio

import click
import msgspec

from bot.channels.base import TryLater
from bot.channels.wechat.account import OfficialAccount
from bot.channels.wechat.api import ApiError, Unclear
from bot.channels.wechat.menu import menu
from bot.channels.wechat.settings import wechat_settings
from bot.cli.failures import plain_failures
from bot.cli.migrate import current_database
from bot.logs import configure_logs
from bot.settings import Settings, load_settings

_REFUSED = {48001: "公众号没有自定义菜单的接口权限（需要认证的服务号）", 40018: "菜单名称太长"}


@click.group()
def wechat() -> None:
    """Set up the Official Account (公众号)."""


@wechat.command("menu")
@click.option("--show", is_flag=True, help="Print the menu and send nothing.")
def menu_(show: bool) -> None:
    """Put the service's menu under the account's talk, in the place of the present one."""
    if show:
        click.echo(msgspec.json.format(msgspec.json.encode(menu()), indent=2).decode())
        return
    with plain_failures():
        settings = load_settings()
        configure_logs(settings)
        own = wechat_settings(settings)
        if not own.app_id or not own.app_secret:
            raise click.ClickException(
                "还没有设置公众号：请设置 PEIPAO_WECHAT_APP_ID 和 PEIPAO_WECHAT_APP_SECRET。"
            )
        asyncio.run(_create(settings))
    click.echo("菜单已创建。手机上已打开的对话要过一会儿或重新关注后才看得到。")


async def _create(settings: Settings) -> None:
    async with current_database(settings) as database:
        account = OfficialAccount(wechat_settings(settings), database)
        try:
            await account.create_menu(menu())
        except ApiError as error:
            raise click.ClickException(f"微信不接受：{_REFUSED.get(error.code, error)}") from None
        except (TryLater, Unclear) as error:
            raise click.ClickException(f"没有成功：{error}") from None
        finally:
            await account.close()
