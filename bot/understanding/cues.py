"""What a message does, beside its facts: features for the intent model, each in 0–1."""

from __future__ import annotations

import re

from bot.understanding.analysis import Analysis, Finding
from bot.understanding.asked import says_dont_know, says_no, says_yes

_PATTERNS: dict[str, re.Pattern[str]] = {
    "question": re.compile(
        r"[?吗么]|多少|好多|怎么|咋|啥|什么|哪|能不能|可不可以|是不是|有没有|要不要|几|谁|多久|"
        r"如何|行不行|好久"
    ),
    "want": re.compile(r"想|需要|打算|借|贷|融|缺|差(?!不多)|周转|申请|要(?!求)"),
    "why": re.compile(
        r"为什么|为啥|凭什么|凭啥|咋个?(?:不|判|会)|怎么(?:会|就|不|判)|啥(?:理由|原因|依据)|"
        r"什么(?:理由|原因|依据)|依据|理由|原因"
    ),
    "improve": re.compile(
        r"差(?:什么|啥|哪|在哪|好多|多少)|怎么(?:才能|样才|提高|改|补|做才)|咋(?:个)?(?:才|"
        r"样才|改|提高)|补(?:什么|哪些|齐|足|哪|上)|还缺|还需要|改进|提升|达标|够得?上|欠缺|"
        r"短板"
    ),
    "points": re.compile(r"积分|测算|测评|估(?:一?下|算)|算一?(?:下|算)|打分|评分"),
    "eligible": re.compile(
        r"符不符合|合不合|能不能(?:申请|办|贷|拿|享受|用|上|走|过)|能(?:申请|办|贷|上|过|拿|"
        r"享受|走|用)[^,，]{0,12}(?:吗|不|么|\?)|可以(?:申请|办|贷|拿|享受|走)|符合|够格|"
        r"有资格|够不够|能贷|行不行|有戏|够条件|有没有(?:戏|机会|资格|希望)"
    ),
    "compare": re.compile(
        r"区别|不一样|差别|不同|哪个(?:好|更|划算|合适|适合|快|便宜)|对比|比较|"
        r"还是.{0,12}(?:好|合适|划算)|一回事|一个东西|vs|pk"
    ),
    "policy": re.compile(
        r"高企|高新技术企业|专精特新|小巨人|科技型|瞪羚|容亏|见贷即担|陪跑|便利店|风投中心|"
        r"创投中心|创新型中小|再贷款|政策|补贴|贴息|认定|入库|划型|三重困境|四支队伍"
    ),
    "human": re.compile(
        r"人工|真人|转(?:接)?(?:客服|专员|人)|找(?:个)?(?:人|专员|经理|懂)|客服|专员|工作人员|"
        r"活人|电话联系我|打(?:个)?电话|联系我|跟人(?:说|聊|谈)|和人(?:说|聊|谈)"
    ),
    "status": re.compile(
        r"进度|批了(?:没|吗|不)|到哪(?:一步|步|了)|办得?(?:咋|怎么)样|我的(?:单|申请|案|件|"
        r"业务|材料)|kc\d|受理(?:了)?(?:没|吗)|有(?:没有)?(?:消息|结果|回复)|审(?:到|完|核)|"
        r"查(?:一?下)?(?:我|单|进|案)|编号"
    ),
    "visit": re.compile(
        r"预约|上门|过来(?:一趟|找|咨询|看看)|到(?:店|你们|现场|便利店|大厅)|去(?:你们|店里|"
        r"现场|便利店)|来(?:一趟|你们|店)|面谈|见面|当面|约(?:个|一|下)"
    ),
    "complain": re.compile(
        r"破(?!产)|垃圾|烂|投诉|什么玩意|没用|太慢|骗|敷衍|态度|坑|忽悠|差劲|浪费时间|气死|烦|"
        r"无语|答非所问|听不懂|垮|扯|废话|智障|弱智|搞什么|差评|不满意|踢皮球"
    ),
    "restart": re.compile(
        r"重来|重新(?:来|开始|问|填|测)|从头|清空|归零|再来一遍|reset|restart|重置|另外一家|"
        r"换(?:一?个|一?家)公司"
    ),
    "data": re.compile(
        r"删(?:除|掉|了)|我的(?:信息|资料|数据|隐私|电话|手机|记录)|隐私|个人信息|注销|撤回|"
        r"清除|保存了|存了|留了|泄露|保密"
    ),
    "bot": re.compile(
        r"你(?:是谁|是什么|是干|能做|能干|会(?:干|做)|叫|是不是|是机器|有什么功|可以(?:做|干|"
        r"帮)|能帮)|机器人|谁开发|什么(?:功能|用处)|你们是(?:干|做|谁|什么)|干啥(?:的|子)"
    ),
    "greet": re.compile(
        r"^(?:你好|您好|hi|hello|嗨|在吗|在不在|早上好|下午好|晚上好|哈喽|有人吗|喂|早|上午好|"
        r"hey|你们好|您们好)"
    ),
    "thank": re.compile(r"谢|感谢|多谢|辛苦|thx|thanks|3q|麻烦了"),
    "bye": re.compile(r"再见|拜|回见|先这样|就这样吧|走了|bye|88|下次聊|改天"),
    "affirm": re.compile(
        r"^(?:对|是|嗯|好|行|可以|要得|没错|ok|得行|好的|对头|就是|是的|确认|同意|中|没问题|"
        r"好嘞|可|恩)[的了啊呀吧嘛哈滴。!,~]*$"
    ),
    "deny": re.compile(
        r"^(?:不|不是|没有|没得|不用|不要|不对|不行|算了|否|no|没|不了|不需要|不得行|莫得|别|"
        r"不必)[的了啊呀吧嘛哈。!,~]*$"
    ),
    "chat": re.compile(
        r"天气|股票|a股|彩票|社保|公积金|医保|个税|房价|笑话|诗|吃(?:饭|什么)|电影|游戏|比赛|"
        r"户口|驾照|签证|孩子|学校|房贷|车贷|信用卡|快递|外卖|唱|菜|旅游|高铁|地铁|违章|"
        r"营业执照|离婚|退休"
    ),
}


def find_cues(
    a: Analysis, findings: list[Finding], products: list[str], aspect: str | None, correction: float
) -> dict[str, float]:
    """Cues that are present; absent ones are left out."""
    cues: dict[str, float] = {name: 1.0 for name, pattern in _PATTERNS.items() if pattern.search(a.text)}
    if correction:
        cues["correction"] = correction
    if says_dont_know(a.text):
        cues["dont_know"] = 1.0
    if says_yes(a.text):
        cues["yes"] = 1.0
    if says_no(a.text):
        cues["no"] = 1.0
    if any(s.what_if for s in a.segments):
        cues["hypothetical"] = 1.0
    facts = {f.fact for f in findings}
    if facts:
        cues["facts"] = min(1.0, len(facts) / 4)
    if "amount_wan" in facts:
        cues["amount"] = 1.0
    if facts - {"amount_wan", "funding_kind", "purpose", "term_months", "org_type", "industry"}:
        cues["profile"] = 1.0
    if products:
        cues["product"] = 1.0
    if len(products) > 1:
        cues["products"] = 1.0
    if aspect:
        cues["aspect"] = 1.0
    if a.asked:
        cues["asked"] = 1.0
        if a.asked in facts:
            cues["answers"] = 1.0
    return cues
