"""Policy questions, points, and what lies outside."""

from __future__ import annotations

from actions.base import DialogueAction


class ActionAskPolicy(DialogueAction):
    intent = "ask_policy"


class ActionEstimatePoints(DialogueAction):
    intent = "estimate_points"


class ActionOutOfScope(DialogueAction):
    intent = "out_of_scope"


class ActionAskBack(DialogueAction):
    """Not sure what is meant: ask back instead of guessing."""

    intent = "nlu_fallback"

    def name(self) -> str:
        return "action_ask_back"
