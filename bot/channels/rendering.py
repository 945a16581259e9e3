"""Rich replies as plain text: numbered choices, what a typed number means, and texts cut to a limit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from itertools import count, islice

from bot.channels.base import Abilities
from bot.conversation.wire import Button, Reply

Fits = Callable[[str], bool]
Choices = Mapping[str, Button]
"""What was offered, by label: `1`, `2` … or `a`, `b` …"""

# What people put around or after a number, after full-width forms and circled digits are made plain.
_TRIMMED = " .、。,，!！()[]【】〔〕<>《》\"'“”‘’\ufe0f\u20e3"
_NUMERALS = {char: place for place, char in enumerate("一二三四五六七八九十", start=1)} | {"两": 2}
_ORDINAL = re.compile(
    r"(?:我?(?:要|选择?|点|按))?(?:第(?P<nth>\d{1,2}|[一二两三四五六七八九十])(?:个|项|条|种|号)?|"
    r"选?(?P<bare>\d{1,2}|[一二三四五六七八九十])(?:号|选项)?)(?:吧|那个|这个|的)?"
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"

_SENTENCE = re.compile(r".*?(?:[。！？!?；;]+[”’」』）)〕】]*|\n+|$)", re.DOTALL)
_CLAUSE = re.compile(r".*?(?:[，,、：:]|$)", re.DOTALL)


def numbered(replies: Sequence[Reply], asking: str | None = None) -> tuple[list[str], dict[str, Button]]:
    """The text of each reply with its choices below, and the choices of all of them by label.

    The labels run through all replies of one turn. Where the question wants a number (去年营收多少万元？) the
    buttons beside it (不清楚, 为什么问) are lettered: a bare 2 must stay an answer.

    >>> numbered([Reply("有抵押吗？", [Button("有", "set:has_collateral:true")])])[0]
    ['有抵押吗？\\n  1. 有']
    """
    buttons = [button for reply in replies for button in reply.buttons]
    own_values = any(button.payload.startswith(f"set:{asking}:") for button in buttons)
    labels = iter(_labels(len(buttons), letters=asking is not None and not own_values))
    choices: dict[str, Button] = {}
    texts = []
    for reply in replies:
        lines = [reply.text] if reply.text else []
        for button in reply.buttons:
            label = next(labels)
            choices[label] = button
            lines.append(f"  {label}. {button.title}")
        texts.append("\n".join(lines))
    return texts, choices


def _labels(wanted: int, *, letters: bool) -> list[str]:
    if not letters:
        return [str(number) for number in range(1, wanted + 1)]
    doubled = (
        f"{_LETTERS[number // 26 - 1] if number >= 26 else ''}{_LETTERS[number % 26]}" for number in count()
    )
    return list(islice(doubled, wanted))


def chosen(typed: str, choices: Choices) -> Button | None:
    """The button that `typed` means: its label in one of the forms people use, its place, or its title.

    >>> offered = numbered([Reply("有抵押吗？", [Button("有", "y"), Button("没有", "n")])])[1]
    >>> [chosen(typed, offered).payload for typed in ("２", "2.", "第二个", "②", "没有", "选1")]
    ['n', 'n', 'n', 'n', 'n', 'y']
    >>> chosen("2万", offered) is None
    True
    """
    if not choices:
        return None
    label = unicodedata.normalize("NFKC", typed).strip().strip(_TRIMMED).strip().lower()
    if label in choices:
        return choices[label]
    for button in choices.values():
        if button.title == typed.strip():
            return button
    found = _ORDINAL.fullmatch(label)
    if found is None:
        return None
    words = found["nth"] or found["bare"]
    number = int(words) if words.isdigit() else _NUMERALS[words]
    if found["nth"]:
        # «The second» counts places, also where the labels are letters.
        return next(islice(choices.values(), number - 1, None), None) if number > 0 else None
    return choices.get(str(number))


def pieces(text: str, abilities: Abilities) -> list[str]:
    """`text` in as few messages as the channel's limits allow, cut where a sentence ends."""
    return split(text, max_bytes=abilities.max_bytes, max_chars=abilities.max_chars)


def split(text: str, *, max_bytes: int | None = None, max_chars: int | None = None) -> list[str]:
    """`text` in pieces that keep both limits, cut at a line or sentence end, else at a clause, else anywhere
    between two characters. Nothing but the white space around a cut is left out.

    >>> split("第一句。第二句。第三句。", max_chars=8)
    ['第一句。第二句。', '第三句。']
    """

    def fits(part: str) -> bool:
        return (max_chars is None or len(part) <= max_chars) and (
            max_bytes is None or len(part.encode()) <= max_bytes
        )

    done: list[str] = []
    open_piece = ""
    for part in _parts(text, fits):
        if fits((open_piece + part).strip()):
            open_piece += part
            continue
        done.append(open_piece)
        open_piece = part
    done.append(open_piece)
    return [piece.strip() for piece in done if piece.strip()]


def _parts(text: str, fits: Fits) -> list[str]:
    """Sentences; those that are too long themselves as clauses, and those again as characters."""
    found: list[str] = []
    for sentence in filter(None, _SENTENCE.findall(text)):
        if fits(sentence.strip()):
            found.append(sentence)
            continue
        for clause in filter(None, _CLAUSE.findall(sentence)):
            if fits(clause.strip()):
                found.append(clause)
            else:
                found += list(clause)
    return found
