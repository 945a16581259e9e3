"""Telegram: a bot with inline buttons. Off unless a token is set: its servers are abroad."""

from __future__ import annotations

from bot.channels.base import Finding, Installed, Place
from bot.channels.telegram.settings import TelegramSettings, telegram_settings
from bot.settings import PREFIX, Settings, SettingsError, unread_settings

_NAME = f"{PREFIX}TELEGRAM_"


def create(place: Place) -> Installed | None:
    own = telegram_settings(place.settings)
    if not own.token:
        return None
    # Only here: python-telegram-bot takes a while to load, and most installations do not use it.
    from bot.channels.telegram.channel import TelegramChannel
    from bot.channels.telegram.client import make_client
    from bot.channels.telegram.inbox import Inbox
    from bot.channels.telegram.routes import router
    from bot.channels.telegram.running import Running

    client, connections = make_client(own)
    channel = TelegramChannel(client)
    inbox = Inbox(place.database, place.conversations, client, own.account)
    running = Running(own, client, connections, channel, inbox)
    return Installed(channel, [router(own.secret, client, inbox)], running.life)


def check(settings: Settings) -> list[Finding]:
    try:
        own = telegram_settings(settings)
    except SettingsError as error:
        return [Finding("fault", str(error))]
    if not own.token:
        return [Finding("off", f"未启用：没有设置 {_NAME}TOKEN（服务器在境外，默认不用）")]
    found = []
    for variable in unread_settings(TelegramSettings, settings, "telegram"):
        found.append(Finding("warning", f"{variable}：Telegram 没有这一项，是不是拼错了？"))
    if own.public_url and not own.secret:
        found.append(
            Finding("fault", f"没有设置 {_NAME}SECRET：webhook 一律拒绝；请设一个随机字符串（字母数字）")
        )
    if own.public_url and not own.public_url.startswith("https://"):
        found.append(Finding("fault", f"{_NAME}PUBLIC_URL 不是 https：Telegram 不会调用"))
    if settings.env == "production" and not own.public_url:
        found.append(
            Finding("warning", f"没有设置 {_NAME}PUBLIC_URL：生产环境也在长轮询，同时只能有一个进程")
        )
    if not own.api_url.startswith("https://"):
        found.append(Finding("warning", f"{_NAME}API_URL 不是 https：token 会明文传输"))
    if found:
        return found
    way = "webhook" if own.public_url else "长轮询"
    return [Finding("ok", f"已设置（{way}）；首次对话会告知内容出境，这里不收文件")]


async def ask(settings: Settings) -> list[Finding]:
    """What the platform says of the bot; nothing where it is not set up."""
    try:
        own = telegram_settings(settings)
    except SettingsError:
        return []
    if not own.token:
        return []
    from bot.channels.telegram.asking import findings

    return await findings(own)
