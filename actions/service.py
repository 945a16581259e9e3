"""Officers, cases, visits, data and small talk."""

from __future__ import annotations

from actions.base import DialogueAction


class ActionRequestHuman(DialogueAction):
    intent = "request_human"


class ActionCaseStatus(DialogueAction):
    intent = "case_status"


class ActionBookVisit(DialogueAction):
    intent = "book_visit"


class ActionComplain(DialogueAction):
    intent = "complain"


class ActionRestart(DialogueAction):
    intent = "restart"


class ActionManageData(DialogueAction):
    intent = "manage_data"


class ActionAskBot(DialogueAction):
    intent = "ask_bot"


class ActionGreet(DialogueAction):
    intent = "greet"


class ActionThank(DialogueAction):
    intent = "thank"


class ActionGoodbye(DialogueAction):
    intent = "goodbye"
