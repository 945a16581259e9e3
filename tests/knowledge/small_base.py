"""A tiny knowledge base and a stand-in for the sentence model."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from bot.catalog.model import Source

TOPICS = """
topics:
  loan: {names: [甲级信用贷款, 甲贷], words: []}
  fund: {names: [乙号基金], words: [基金]}
"""
NOT_OURS = """
not_ours:
  杂项:
    - 今天天气怎么样
    - 社保怎么交
    - 附近有什么好吃的
"""
PASSAGES = """
passages:
  - id: loan.limit
    title: 甲级信用贷款的额度
    text: 甲级信用贷款最高500万元。
    source: paper
    sureness: 高
    scope: zone
    phrasings: [甲贷最高多少, 甲级信用贷款能贷好多钱, 甲贷额度上限]
  - id: loan.undisclosed
    title: 甲级信用贷款没有公布的内容
    text: 甲级信用贷款的利率、期限，公开资料没有给出，可向银行咨询。
    source: paper
    sureness: 高
    scope: zone
    silent: true
    phrasings: [甲贷利率多少, 甲级信用贷款可以贷几年, 甲贷利息高不高]
  - id: fund.overview
    title: 乙号基金是什么
    text: 乙号基金规模5亿元，投早期企业。
    source: [paper, page]
    sureness: 中
    scope: zone
    phrasings: [乙号基金是什么, 乙号基金规模, 有没有投早期的基金]
  - id: elsewhere.fund
    title: 丙城的基金（外地做法）
    text: 这是丙城的做法，不是重庆口径：丙城基金规模9亿元。
    source: page
    sureness: 中
    scope: elsewhere
    only_if: [丙城]
    phrasings: [丙城基金规模, 丙城有什么基金, 丙城的基金是什么]
"""


class LetterModel:
    """Vectors from hashed characters and pairs: nearness of spelling stands in for nearness of meaning."""

    def __init__(self) -> None:
        self.embedded = 0

    def vector(self, text: str) -> np.ndarray:
        made = np.zeros(384, dtype=np.float32)
        for size in (1, 2):
            for at in range(len(text) - size + 1):
                made[zlib.crc32(text[at : at + size].encode()) % 384] += 1
        return made / (np.linalg.norm(made) or 1)

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        self.embedded += len(texts)
        return np.stack([self.vector(text) for text in texts])


SOURCES = {
    "paper": Source(
        id="paper",
        title="甲贷办法",
        number="甲发〔2024〕1号",
        issuer="管委会",
        date="2024-01-02",
        sureness="高",
    ),
    "page": Source(
        id="page", title="基金介绍", issuer="x.cn 转载", date="2023", sureness="中", kind="repost"
    ),
}
