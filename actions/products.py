"""Questions about products and verdicts."""

from __future__ import annotations

from actions.base import DialogueAction


class ActionAskProduct(DialogueAction):
    intent = "ask_product"


class ActionCompareProducts(DialogueAction):
    intent = "compare_products"


class ActionCheckEligibility(DialogueAction):
    intent = "check_eligibility"


class ActionAskWhy(DialogueAction):
    intent = "ask_why"


class ActionAskImprove(DialogueAction):
    intent = "ask_improve"
