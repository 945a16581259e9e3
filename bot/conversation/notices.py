"""What the firm is told when its case moves. Chinese; never an officer's internal reason."""

from __future__ import annotations

from datetime import date, datetime

from bot.cases.clock import SHANGHAI
from bot.cases.routing import TEAMS
from bot.conversation.wire import Button

LEAVE_NUMBER = Button("留个电话", "phone")
_MOVED = {
    "in_review": "专员正在研究",
    "waiting_firm": "等您补充情况。您补充以后我们接着办；等待期间不计入我们自己的办理时限",
    "submitted": "已提交银行、担保机构或基金，由办理方决定",
    "approved": "办理方已同意",
    "declined": "办理方没有同意。专员会跟您说明情况，也看看还有没有别的办法",
    "closed": "已办结，有需要随时再来。这次办得怎么样？请打个分，不想评也没关系",
    "withdrawn": "已撤回，有需要随时再来",
}


def claimed(number: str, owner: str) -> str:
    return f"{owner}已接手您的办件 {number}，接下来由{owner}和您谈，助手先不插话。"


def resumed(number: str, owner: str) -> str:
    return f"{owner}回到您的办件 {number}，接下来由{owner}和您谈，助手先不插话。"


def passed_on(number: str, owner: str) -> str:
    return f"您的办件 {number} 转由{owner}继续办理，前面谈过的都会带过去。"


def to_team(number: str, team: str) -> str:
    return (
        f"您的办件 {number} 已转给{TEAMS.get(team, '陪跑专员')}，等他们接手；前面谈过的都会带过去。"
        "这段时间可以继续问我。"
    )


def moved(number: str, status: str) -> str:
    return f"您的办件 {number} 有新进展：{_MOVED[status]}。"


def stars(number: str) -> list[Button]:
    """What a firm may answer when its case is closed: one to five stars, or nothing."""
    given = [Button("★" * count, f"rate:{number}:{count}") for count in range(5, 0, -1)]
    return [*given, Button("不评了", f"rate:{number}:skip")]


def on_the_way(next_contact_on: date) -> str:
    """What follows a yes: the service goes on."""
    return f"陪跑不到此为止，专员会在{day(next_contact_on)}前后再联系您。"


def answered(number: str) -> str:
    return f"收到您补充的情况，办件 {number} 接着办，专员正在研究。"


def handed_back(number: str, owner: str) -> str:
    """The bot's first words after a human."""
    return f"{owner}先谈到这里，接下来由我继续帮您。办件 {number} 仍由{owner}负责，需要时说“转人工”就行。"


def wanted(number: str, owner: str) -> str:
    """The firm asks for its officer again, while the bot has the talk."""
    return f"好的，已请{owner}回来接着和您谈，办件还是 {number}。这段时间可以继续问我。"


def nobody_there(opens_at: datetime, note: str = "") -> str:
    """Nobody is on duty: when somebody will be, that the place is kept, and that a number may be left."""
    local = opens_at.astimezone(SHANGHAI)
    known = f"（{note}）" if note else ""
    return (
        f"现在没有专员值班，{day(local.date())}{local:%H:%M}起有人{known}。您的排位保留，不用重新排队；"
        "这段时间可以继续问我，也可以留个电话，专员上班后打给您。"
    )


def day(date_: date) -> str:
    return f"{date_.year}年{date_.month}月{date_.day}日"
