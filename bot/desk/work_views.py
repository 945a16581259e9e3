"""What an officer may do with a case, and how its clocks, notes and journey stand. Pure."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from bot.cases.case_models import ENDED, Officer
from bot.cases.clock import local_day
from bot.cases.desk_models import CaseClock, Milestone
from bot.cases.journey import STAGES
from bot.cases.moves import targets_of
from bot.cases.office import Office
from bot.cases.routing import CLAIMERS, TEAMS
from bot.cases.targets import due_at, used_s
from bot.conversation.moving import roles_of
from bot.desk.access import LEADS
from bot.desk.case_file import CaseFile
from bot.desk.quota import Shown
from bot.desk.talk_views import moment
from bot.desk.words import MODES, STATUSES, TARGETS, chinese_day, duration

# Who owns a case changes by claim, assignment and transfer, never by a plain move.
_NOT_MOVES = ("queued", "claimed")
_TO_TEAM = ("claimed", "in_review", "waiting_firm")


class Clock(msgspec.Struct, frozen=True):
    """A target: `state` is `ahead`, `soon`, `late`, `stopped`, `met` or `missed`; `percent` of it is used."""

    name: str
    state: str
    text: str
    due: str
    percent: int


class NoteLine(msgspec.Struct, frozen=True):
    who: str
    at: str
    iso: str
    text: str


class MilestoneLine(msgspec.Struct, frozen=True):
    stage: str
    text: str
    when: str
    reached: bool


class Stop(msgspec.Struct, frozen=True):
    """A station of the journey: `done`, `here` or `ahead`."""

    name: str
    title: str
    state: str


class Choice(msgspec.Struct, frozen=True):
    value: str
    title: str


class Can(msgspec.Struct, frozen=True, kw_only=True):
    """What the officer may do now. The server decides again when it is done."""

    claim: bool
    resume: bool
    pass_on: bool
    write: bool
    moves: list[Choice]
    transfer: list[Choice]
    teams: list[Choice]
    assign: list[Choice]
    hand_back: bool
    note: bool
    correct: bool
    journey: bool


class WorkView(msgspec.Struct, frozen=True, kw_only=True):
    """The part of the case page that changes while one works. The three numbers guard what is sent back."""

    version: int
    case_version: int
    state_rev: int
    mode: str
    mode_text: str
    team: str
    mine: bool
    can: Can
    clocks: list[Clock]
    notes: list[NoteLine]
    stops: list[Stop]
    milestones: list[MilestoneLine]
    next_contact: str
    contact_due: bool
    way: Shown
    phone: str
    stars: str
    offered_to: str


def work_view(file: CaseFile, officer: Officer, way: Shown, at: datetime) -> WorkView:
    """How the case stands for `officer` at the moment `at`."""
    case, conversation, today = file.case, file.conversation, local_day(at)
    contact = case.next_contact_on
    return WorkView(
        version=conversation.version,
        case_version=case.version,
        state_rev=conversation.state_rev,
        mode=conversation.mode,
        mode_text=MODES.get(conversation.mode, ""),
        team=TEAMS.get(case.team, ""),
        mine=case.owner_id == officer.id,
        can=_can(file, officer, at),
        clocks=[clock_view(one, file.office, at) for one in file.clocks],
        notes=[
            NoteLine(
                file.officers.get(one.officer_id, ""), moment(one.at, today), one.at.isoformat(), one.text
            )
            for one in file.notes
        ],
        stops=_stops(case.journey),
        milestones=[_milestone(one) for one in file.milestones],
        next_contact=chinese_day(contact) if contact else "",
        contact_due=contact is not None and contact <= today and case.status == "approved",
        way=way,
        phone=conversation.phone or "",
        stars=_stars(file),
        offered_to=_offered_to(file, at),
    )


def _can(file: CaseFile, officer: Officer, at: datetime) -> Can:
    case, conversation = file.case, file.conversation
    ended, lead, works = case.status in ENDED, officer.role in LEADS, officer.role in CLAIMERS
    mine = works and case.owner_id == officer.id and not ended
    roles = roles_of(officer, case)
    held = file.offer is not None and file.offer.expires_at > at
    mine_to_take = file.offer is not None and held and file.offer.officer_id == officer.id
    hands_on = case.owner_id is not None and not ended and (mine or lead)
    people = [
        Choice(str(one.id), one.title + ("" if one.on_duty else "（不在岗）"))
        for one in file.people
        if one.id != case.owner_id
    ]
    return Can(
        claim=works and case.status == "queued" and (not held or mine_to_take or lead),
        resume=mine and conversation.mode != "human",
        pass_on=mine_to_take,
        write=mine and conversation.mode == "human" and conversation.owner_id == officer.id,
        moves=[Choice(one, STATUSES[one]) for one in targets_of(case.status, roles) if one not in _NOT_MOVES],
        transfer=people if hands_on else [],
        teams=(
            [Choice(team, title) for team, title in TEAMS.items()]
            if hands_on and case.status in _TO_TEAM
            else []
        ),
        assign=people if lead and not ended else [],
        hand_back=hands_on and conversation.mode == "human",
        note=officer.role != "auditor",
        correct=bool(roles) and not ended,
        journey=bool(roles) and case.status == "approved",
    )


def clock_view(clock: CaseClock, office: Office, at: datetime) -> Clock:
    """How a target stands; what is left is working time."""
    used = used_s(clock, office.hours, at)
    left = clock.allowed_s - used
    percent = 100 if clock.allowed_s <= 0 else min(100, used * 100 // clock.allowed_s)
    due = due_at(clock, office.hours)
    by = "" if due is None else moment(due, local_day(at))
    name = TARGETS.get(clock.target, clock.target)
    if clock.ended_at is not None:
        state, text = {
            "met": ("met", "按时完成"),
            "missed": ("missed", f"超时 {duration(-left)}"),
        }.get(clock.status, ("stopped", "不再计时"))
    elif clock.running_since is None:
        state, text = "stopped", f"等企业补充，暂停；还剩 {duration(left)}"
    elif left <= 0:
        state, text = "late", f"已超 {duration(-left)}"
    else:
        state, text = ("soon" if percent >= 80 else "ahead"), f"还剩 {duration(left)}"
    return Clock(name, state, text, by, percent)


def _stops(stage: str | None) -> list[Stop]:
    if stage is None:
        return []
    order = list(STAGES)
    here = order.index(stage) if stage in order else 0
    return [
        Stop(name, title, "done" if place < here else "here" if place == here else "ahead")
        for place, (name, title) in enumerate(STAGES.items())
    ]


def _milestone(row: Milestone) -> MilestoneLine:
    reached = row.reached_on is not None
    when = _when(row.reached_on, "达到") or _when(row.due_on, "前要达到")
    return MilestoneLine(STAGES.get(row.stage, row.stage), str(row.body.get("text") or ""), when, reached)


def _when(day: date | None, words: str) -> str:
    return "" if day is None else f"{chinese_day(day)}{words}"


def _stars(file: CaseFile) -> str:
    if file.rating is None:
        return ""
    return f"{file.rating.stars} 星" if file.rating.stars else "企业没有打分"


def _offered_to(file: CaseFile, at: datetime) -> str:
    """Who is asked to take the case now, and until when."""
    if file.offer is None or file.offer.expires_at <= at:
        return ""
    return (
        f"{file.officers.get(file.offer.officer_id, '')}，到 {moment(file.offer.expires_at, local_day(at))}"
    )
