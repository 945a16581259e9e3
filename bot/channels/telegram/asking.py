"""What the platform says of our bot, for the operator."""

from __future__ import annotations

from telegram import WebhookInfo
from telegram.error import InvalidToken, TelegramError

from bot.channels.base import Finding
from bot.channels.telegram.client import make_client
from bot.channels.telegram.running import PATH
from bot.channels.telegram.settings import TelegramSettings

# Updates that wait: more than this were not fetched for a while.
_MANY = 20


async def findings(own: TelegramSettings) -> list[Finding]:
    """Whether the token is known, and whether updates get through."""
    client, connections = make_client(own)
    try:
        me = await client.get_me()
        hook = await client.get_webhook_info()
    except InvalidToken:
        return [Finding("fault", "Telegram 不认这个 token：请向 BotFather 核对")]
    except TelegramError as error:
        return [Finding("fault", f"问不到 Telegram（{type(error).__name__}）：网络不通，或要设代理")]
    finally:
        for connection in connections:
            await connection.shutdown()
    return [Finding("ok", f"Telegram 认识机器人 @{me.username}"), *_hook(own, hook)]


def _hook(own: TelegramSettings, hook: WebhookInfo) -> list[Finding]:
    expected = own.public_url.rstrip("/") + PATH if own.public_url else ""
    found = []
    if hook.url != expected:
        found.append(Finding("warning", "在 Telegram 登记的 webhook 不是这里的地址：服务启动时会改过来"))
    elif hook.last_error_message:
        found.append(Finding("warning", f"Telegram 上次调用 webhook 失败：{hook.last_error_message[:120]}"))
    if hook.pending_update_count > _MANY:
        found.append(Finding("warning", f"有 {hook.pending_update_count} 条消息在 Telegram 等着取"))
    return found
