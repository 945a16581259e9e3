"""What a firm states, corrects, or does not know."""

from __future__ import annotations

from actions.base import DialogueAction


class ActionSeekFunding(DialogueAction):
    intent = "seek_funding"


class ActionInform(DialogueAction):
    intent = "inform"


class ActionCorrectInfo(DialogueAction):
    intent = "correct_info"


class ActionDontKnow(DialogueAction):
    intent = "dont_know"


class ActionAffirm(DialogueAction):
    intent = "affirm"


class ActionDeny(DialogueAction):
    intent = "deny"
