"""What officers do with a case: one function each, over a session that writes; the caller commits.

Each returns `Handled`: the conversation's version, and the streams whose listeners are rung after the commit.
Whatever may give the talk back to the bot takes the dialogue, which then reads what was said meanwhile.
"""

from __future__ import annotations

from bot.conversation.casework import CaseTaken, Handled, NotAllowed, Stale
from bot.conversation.moving import answered, move, withdraw
from bot.conversation.owning import assign, claim, hand_back, transfer
from bot.conversation.writing import correct_fact, note, write

__all__ = [
    "CaseTaken",
    "Handled",
    "NotAllowed",
    "Stale",
    "answered",
    "assign",
    "claim",
    "correct_fact",
    "hand_back",
    "move",
    "note",
    "transfer",
    "withdraw",
    "write",
]
