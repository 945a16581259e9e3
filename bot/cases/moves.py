"""Who may move a case from which state to which: one table, and nothing else decides it."""

from __future__ import annotations

from collections.abc import Iterable

STATUSES = (
    "queued",
    "claimed",
    "in_review",
    "waiting_firm",
    "submitted",
    "approved",
    "declined",
    "closed",
    "withdrawn",
)
# `officer` is the case's owner, for a claim anybody of the team; `system` is the service itself.
ROLES = ("officer", "lead", "admin", "firm", "system")

_DESK = frozenset({"officer", "lead", "admin"})
_LEADS = frozenset({"lead", "admin"})
_ANSWERED = _DESK | {"firm"}
_WITHDRAWS = _DESK | {"firm", "system"}

MOVES: dict[tuple[str, str], frozenset[str]] = {
    # Claimed by an officer, or assigned by a lead.
    ("queued", "claimed"): _DESK,
    ("queued", "closed"): _LEADS,
    ("claimed", "queued"): _DESK,
    ("claimed", "in_review"): _DESK,
    ("claimed", "waiting_firm"): _DESK,
    ("claimed", "closed"): _DESK,
    ("in_review", "queued"): _DESK,
    ("in_review", "waiting_firm"): _DESK,
    ("in_review", "submitted"): _DESK,
    ("in_review", "closed"): _DESK,
    ("waiting_firm", "queued"): _DESK,
    # What the firm was waited for came: its own message ends the waiting.
    ("waiting_firm", "in_review"): _ANSWERED,
    ("waiting_firm", "submitted"): _DESK,
    ("waiting_firm", "closed"): _DESK,
    ("submitted", "in_review"): _DESK,
    ("submitted", "waiting_firm"): _DESK,
    ("submitted", "approved"): _DESK,
    ("submitted", "declined"): _DESK,
    # A bank that never answers: somebody besides the owner looks before it is laid aside.
    ("submitted", "closed"): _LEADS,
    ("approved", "closed"): _DESK,
    # Another product may fit.
    ("declined", "in_review"): _DESK,
    ("declined", "closed"): _DESK,
    # A firm may step back until somebody has decided.
    ("queued", "withdrawn"): _WITHDRAWS,
    ("claimed", "withdrawn"): _WITHDRAWS,
    ("in_review", "withdrawn"): _WITHDRAWS,
    ("waiting_firm", "withdrawn"): _WITHDRAWS,
    ("submitted", "withdrawn"): _WITHDRAWS,
}
"""(from, to) → who may. What is not listed nobody may; `closed` and `withdrawn` are final."""


def may_move(frm: str, to: str, roles: str | Iterable[str]) -> bool:
    """Whether somebody who is one of `roles` may move a case from `frm` to `to`."""
    held = {roles} if isinstance(roles, str) else set(roles)
    return bool(MOVES.get((frm, to), frozenset()) & held)


def targets_of(frm: str, roles: str | Iterable[str]) -> list[str]:
    """The states to which somebody who is one of `roles` may move a case that is in `frm`."""
    held = {roles} if isinstance(roles, str) else set(roles)
    return [to for to in STATUSES if may_move(frm, to, held)]
