"""Fixed sentences. What people read is Chinese; numbers in them come from arguments."""

from __future__ import annotations

import datetime

from bot.dialogue.turn import Button

VERDICT = {
    "eligible": "符合",
    "meets_published": "满足已公布条件",
    "unknown": "待确认",
    "ineligible": "不满足",
}
HUMAN = Button("转陪跑专员", "human")
RESTART = Button("重新开始", "restart")
KEEP = Button("不用了", "keep")
SKIP_TITLE = "不清楚"
WHY_ASK = Button("为什么问这个", "why")
DISCLAIMER = "这是预审，不是审批。最终决定在办理方：{lender}。"
EXAMPLE = "比如：我们是做芯片的，成立三年，6项发明专利，去年营收1500万，没抵押，想贷300万周转。"
WELCOME = (
    "您好，我是陪跑服务的对话助手，可以帮科技企业：找合适的融资产品、先看够不够条件（逐条说明依据）、"
    "解答政策问题，也可以把您转给陪跑专员。"
)
TELL_ME = f"用一两句话说说您的企业和需要就行，{EXAMPLE}"
OUT_OF_SCOPE = (
    "这个我答不了：我只管重庆高新区科技企业的融资产品、资格条件和陪跑服务。"
    "政务咨询可打12345；社保、公积金、税务、工商登记请找对应的办事窗口。"
)
NO_ANSWER = "这个问题公开资料里没有找到答案，我不乱说。可以转陪跑专员替您问清楚。"
ENGINE_DOWN = "理解服务这会儿没有回应。您写的已经记下，一条也不会丢；您可以稍后再发，或者直接转陪跑专员。"


def day(date: datetime.date) -> str:
    return f"{date.year}年{date.month}月{date.day}日"


def case_created(
    number: str, first_reply_by: datetime.date, opinion_by: datetime.date, note: str = ""
) -> str:
    """What the firm is told when its case is made: the number, and the service's own aims."""
    told = (
        f"已为您转陪跑专员，编号 {number}。我们争取在{day(first_reply_by)}前首次回复、"
        f"在{day(opinion_by)}前给出办理意见（按工作日计）。这是服务自己的目标，不代表银行或基金会批准。"
    )
    return told + (f"({note})" if note else "")


STATUS = {
    "queued": "等专员接手",
    "claimed": "专员已接手",
    "in_review": "专员正在研究",
    "waiting_firm": "等您补充情况",
    "submitted": "已提交银行、担保机构或基金",
    "approved": "办理方已同意",
    "declined": "办理方没有同意",
    "closed": "已办结",
    "withdrawn": "已撤回",
}
INTENT_TITLES = {
    "seek_funding": "找融资产品",
    "inform": "补充企业情况",
    "ask_product": "了解某个产品",
    "compare_products": "比较几个产品",
    "check_eligibility": "看够不够条件",
    "ask_why": "问为什么这样判断",
    "ask_improve": "问还差什么",
    "estimate_points": "了解创新积分",
    "ask_policy": "问政策或资格",
    "correct_info": "更正说过的情况",
    "request_human": "找陪跑专员",
    "case_status": "查办件进度",
    "book_visit": "约到店时间",
    "complain": "反映问题",
    "manage_data": "查看或删除我的信息",
    "ask_bot": "问我能做什么",
    "restart": "重新开始",
}
