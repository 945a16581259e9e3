"""How a question is worded: plain text with full names, the subjects it names, the facets it asks about."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from bot.knowledge.passages import Topic
from bot.understanding.lexicon import Lexicon
from bot.understanding.normalise import normalise
from bot.understanding.products import ProductFinder
from bot.understanding.terms import Term

# Chongqing words and their written counterparts, longer ones first: 好多钱 before 好多.
_DIALECT = (
    ("好多钱", "多少钱"), ("好多", "多少"), ("好久", "多久"), ("啷个", "怎么"), ("咋个", "怎么"),
    ("咋样", "怎么样"), ("咋", "怎么"), ("啥子", "什么"), ("啥", "什么"), ("没得", "没有"),
    ("晓得", "知道"), ("一哈", "一下"),
)  # fmt: skip

FACETS: tuple[tuple[str, str], ...] = (
    ("rate", "利率|利息|几个点|年化|贵不贵|rate"),
    ("fee", "担保费|收费|费率|手续费|费用|收多少|收不收|要交钱|收几个点"),
    ("term", "几年|期限|多长|贷多久|借多久|展期|一年一续|年期"),
    ("materials", "材料|资料|手续|准备|证件|清单|提交"),
    ("process", "怎么申请|流程|怎么办|步骤|登记|怎么弄|怎么操作|哪一步|怎么做|怎么走|分期"),
    ("time", "多久批|几天|下款|放款时间|到账|批得快|批下来|多久放|多长时间|办多久|工作日|时限"),
    ("contact", "电话|地址|在哪|找谁|哪家银行|哪个银行|哪些银行|联系|哪里|哪个办|哪个部门|找哪|归哪|谁在管"),
    ("conditions", "条件|门槛|要求|资格|哪些企业|什么企业|能不能|标准|要满足|适合|怎么评|怎么才能"),
    ("amount", "额度|最高|多少钱|上限|能贷多少|多少万|最多|单笔|授信多少"),
    ("figures", "累计|规模|放了|支持了|多少家|几家|多少户|总共|余额|多少亿|多少个项目|做了多少|成效"),
    ("case", "案例|例子|哪家企业|成功|哪些企业拿|投过"),
    ("document", "文件|文号|办法|若干措施|哪年|什么时候|号文|新规"),
    ("share", "股份|占股|转股|退出|比例"),
    ("overview", "是什么|什么是|介绍|什么意思|讲讲|说说|怎么回事|什么东西|干什么|做什么"),
)
_FACETS = tuple(re.compile(pattern) for _, pattern in FACETS)
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_PLACES = re.compile(
    "北京|上海|天津|深圳|广州|杭州|南京|苏州|无锡|宁波|合肥|武汉|长沙|西安|郑州|青岛|济南|厦门|福州|东莞|佛山|"
    "成都|绵阳|天府|德阳|宜宾|贵阳|贵安|昆明|南宁|兰州|沈阳|大连|哈尔滨|长春|南昌|太原|海口|三亚|香港|澳门|台湾|"
    "河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|"
    "青海|内蒙|广西|西藏|宁夏|新疆|淮安|龙岩|中关村|光谷|张江|浦东|雄安|万州|涪陵|黔江"
)
_INSTITUTION = re.compile(
    "上海交通大学|上海交大|北京大学|浙江大学|四川大学|西安交大|天津大学|南京大学|四川方面"
)


class Worded(msgspec.Struct, frozen=True):
    """A text made comparable: ``facets`` are 0/1 in the order of FACETS, ``places`` other places named."""

    plain: str
    topics: frozenset[str]
    facets: tuple[float, ...]
    numbers: frozenset[str]
    places: frozenset[str]


class Wording:
    """Words texts in the terms of the knowledge base; names misspelt by sound are recognised."""

    def __init__(self, topics: Mapping[str, Topic]) -> None:
        self._full: dict[str, str] = {}
        self._topic_of: dict[str, str] = {}
        spellings: dict[str, tuple[str, ...]] = {}
        for key, topic in topics.items():
            names = [normalise(name).plain for name in topic.names]
            words = [normalise(word).plain for word in topic.words]
            self._full.update((name, names[0]) for name in names)
            self._topic_of.update(dict.fromkeys((*names, *words), key))
            spellings[key] = tuple(names)
        longest_first = sorted(self._topic_of, key=lambda word: (-len(word), word))
        self._exact = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
        self._finder = ProductFinder(Lexicon(products=spellings, facts={}))
        self._first = {key: names[0] for key, names in spellings.items() if names}

    def word(self, text: str) -> Worded:
        """Word a question or a passage."""
        plain = normalise(text).plain
        for spoken, written in _DIALECT:
            plain = plain.replace(spoken, written)
        exact = [
            Term("topic", self._topic_of[match[0]], match.start(), match.end())
            for match in self._exact.finditer(plain)
        ]
        found = self._finder.find(plain, exact, [])
        topics = frozenset(key for key, _, _ in found)
        for key, start, end in reversed(found):
            said = plain[start:end]
            full = self._full.get(said) or (said if said in self._topic_of else self._first[key])
            plain = plain[:start] + full + plain[end:]
        return Worded(
            plain=plain,
            topics=topics,
            facets=tuple(float(bool(pattern.search(plain))) for pattern in _FACETS),
            numbers=frozenset(_DIGITS.findall(plain)),
            places=frozenset(_PLACES.findall(_INSTITUTION.sub("", plain))),
        )
