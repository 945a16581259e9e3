"""Finds talks by words, two characters suffice, in a database whose copy tells nobody what was written.

Every two neighbouring characters of what people write are kept as a keyed hash. A word's pairs are looked up
and intersected; only what is left, and only of cases that the officer may see, is opened and compared. What a
copy of the database still shows is how many different pairs a message has and which messages share some.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import delete, event, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, UOWTransaction

from bot.cases import audit
from bot.cases.case_models import Case, Officer
from bot.cases.columns import sealer_of
from bot.cases.firm_models import SearchGram
from bot.cases.masking import MASK, mask
from bot.cases.models import Message
from bot.cases.routing import may_see
from bot.cases.sealing import Sealer

_COLUMN = "search_gram.gram"
# The bot's own sentences would answer every query: only what people write is found.
INDEXED = ("firm", "officer")
_BLANKS = re.compile(r"\s+")
_NUMBER = re.compile(r"KC\d{8}-\d{4,}", re.IGNORECASE)
_MOST_WORDS, _LONGEST = 6, 40
# Messages that share a word's pairs; the newest are looked at.
_MOST_CANDIDATES = 2000
_AROUND = 24
_LINES = 3
# SQLite takes so many values in one statement at least.
_CHUNK = 400


class TooShort(ValueError):
    """The query has no word of two characters; the message says so in Chinese."""

    def __init__(self) -> None:
        super().__init__("请至少输入两个字。")


class Line(msgspec.Struct, frozen=True):
    """A message in which a word was found: its number in the talk, and the word with what stands around it,
    numbers of people masked."""

    seq: int
    author: str
    at: datetime
    text: str


class Hit(msgspec.Struct, frozen=True):
    """A case in whose talk every word was found; `lines` are some of the places, newest first."""

    number: str
    status: str
    team: str
    owner_id: int | None
    created_at: datetime
    lines: list[Line]


def normal(text: str) -> str:
    """`text` as it is indexed and compared: numbers of people masked, one width and case, single blanks."""
    return _BLANKS.sub(" ", mask(text).casefold()).strip()


def grams(sealer: Sealer, text: str) -> set[int]:
    """The keyed hashes of all pairs of `text`, signed 64 bits; blanks and masks have none."""
    found = set()
    for piece in normal(text).replace(MASK, " ").split(" "):
        for place in range(len(piece) - 1):
            found.add(int(sealer.lookup(piece[place : place + 2], _COLUMN)[:16], 16) - 2**63)
    return found


@event.listens_for(Session, "after_flush")
def _index_new(session: Session, _context: UOWTransaction) -> None:
    """Whatever stores a message indexes it in the same transaction."""
    new = [one for one in session.new if isinstance(one, Message) and one.author in INDEXED]
    if not new:
        return
    sealer = sealer_of(session.get_bind().dialect)
    rows = [row for message in new for row in _rows(sealer, message.id, _text(message))]
    if rows:
        session.connection().execute(insert(SearchGram), rows)


async def index(session: AsyncSession, message_id: int, text: str) -> None:
    """Indexes a message of a person that was not stored through the session's objects."""
    rows = _rows(sealer_of(session.get_bind().dialect), message_id, text)
    if rows:
        await session.execute(insert(SearchGram), rows)


def _rows(sealer: Sealer, message_id: int, text: str) -> list[dict[str, int]]:
    return [{"gram": gram, "message_id": message_id} for gram in sorted(grams(sealer, text))]


def _text(message: Message) -> str:
    return str((message.body or {}).get("text") or "")


async def forget(session: AsyncSession, message_ids: Iterable[int]) -> None:
    """Takes messages out of the index."""
    ids = list(message_ids)
    for begin in range(0, len(ids), _CHUNK):
        await session.execute(
            delete(SearchGram).where(SearchGram.message_id.in_(ids[begin : begin + _CHUNK]))
        )


async def search(session: AsyncSession, officer: Officer, words: str, *, limit: int = 30) -> list[Hit]:
    """The cases in whose talk every one of `words` (parted by blanks) was written, newest first.

    A case number finds its case. Every case that is shown is noted in the audit log: the session must write.

    Raises:
        TooShort: there is nothing of two characters to look for.
    """
    sought = list(dict.fromkeys(one[:_LONGEST] for one in normal(words).split(" ") if one))[:_MOST_WORDS]
    numbers = [one.upper() for one in sought if _NUMBER.fullmatch(one)]
    if numbers:
        hits = await _by_number(session, officer, numbers)
    else:
        hits = await _by_words(session, officer, [one for one in sought if len(one) > 1], limit)
    for hit in hits:
        await audit.note(session, f"officer:{officer.id}", "found_case", f"case:{hit.number}")
    return hits


async def _by_number(session: AsyncSession, officer: Officer, numbers: Sequence[str]) -> list[Hit]:
    cases = await session.scalars(select(Case).where(Case.number.in_(numbers)).order_by(Case.id.desc()))
    return [_hit(case, []) for case in cases if may_see(officer, case)]


async def _by_words(session: AsyncSession, officer: Officer, words: Sequence[str], limit: int) -> list[Hit]:
    sealer = sealer_of(session.get_bind().dialect)
    wanted = {word: pairs for word in words if (pairs := grams(sealer, word))}
    if not wanted:
        raise TooShort
    found: dict[str, dict[str, list[int]]] = {}
    for word, pairs in wanted.items():
        found[word] = await _candidates(session, pairs)
    talks = set.intersection(*(set(by_talk) for by_talk in found.values()))
    hits: list[Hit] = []
    for case in await _cases(session, sorted(talks)):
        if not may_see(officer, case):
            continue
        by_word = {word: by_talk[case.conversation_id] for word, by_talk in found.items()}
        lines = await _compare(session, by_word)
        if lines:
            hits.append(_hit(case, lines))
        if len(hits) == limit:
            break
    return hits


async def _candidates(session: AsyncSession, pairs: set[int]) -> dict[str, list[int]]:
    """Messages that have all of `pairs`, newest first, by conversation."""
    having = (
        select(SearchGram.message_id)
        .where(SearchGram.gram.in_(sorted(pairs)))
        .group_by(SearchGram.message_id)
        .having(func.count() == len(pairs))
        .order_by(SearchGram.message_id.desc())
        .limit(_MOST_CANDIDATES)
        .subquery()
    )
    rows = await session.execute(
        select(Message.id, Message.conversation_id)
        .join(having, having.c.message_id == Message.id)
        .order_by(Message.id.desc())
    )
    found: defaultdict[str, list[int]] = defaultdict(list)
    for message_id, conversation_id in rows:
        found[conversation_id].append(message_id)
    return found


async def _cases(session: AsyncSession, talks: Sequence[str]) -> list[Case]:
    found: list[Case] = []
    for begin in range(0, len(talks), _CHUNK):
        query = select(Case).where(Case.conversation_id.in_(talks[begin : begin + _CHUNK]))
        found += await session.scalars(query)
    return sorted(found, key=lambda case: case.id, reverse=True)


async def _compare(session: AsyncSession, by_word: dict[str, list[int]]) -> list[Line]:
    """Places where the words really stand (pairs alone may be in another order); empty unless all do."""
    lines: dict[int, Line] = {}
    for word, ids in by_word.items():
        seen = False
        for begin in range(0, len(ids), _CHUNK):
            query = select(Message).where(Message.id.in_(ids[begin : begin + _CHUNK]))
            for message in await session.scalars(query.order_by(Message.id.desc())):
                text = normal(_text(message))
                at = text.find(word)
                if at < 0:
                    continue
                seen = True
                if len(lines) == _LINES:
                    break
                excerpt = _excerpt(text, at, len(word))
                lines.setdefault(message.id, Line(message.seq, message.author, message.created_at, excerpt))
        if not seen:
            return []
    return [lines[key] for key in sorted(lines, reverse=True)]


def _excerpt(text: str, at: int, length: int) -> str:
    begin, end = max(0, at - _AROUND), at + length + _AROUND
    return ("…" if begin else "") + text[begin:end] + ("…" if end < len(text) else "")


def _hit(case: Case, lines: list[Line]) -> Hit:
    return Hit(case.number, case.status, case.team, case.owner_id, case.created_at, lines)
