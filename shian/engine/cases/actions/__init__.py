"""Verbs of cases. Each seals what it does in its own transaction."""

from shian.engine.cases.actions.climbing import climb_ladders
from shian.engine.cases.actions.feeds import digest_of, end_feed, make_feed
from shian.engine.cases.actions.joining import merge_case, note_case, resume_case, suspend_case
from shian.engine.cases.actions.moving import Given, Outcome, move_case, move_cases
from shian.engine.cases.actions.opening import Opening, open_case
from shian.engine.cases.actions.redating import NewDate, redate_cases
from shian.engine.cases.actions.requests import ask_extension, ask_transfer, decide_request
from shian.engine.cases.actions.sealing import CaseChanged, CaseRefused, Evidence

__all__ = [
    "CaseChanged",
    "CaseRefused",
    "Evidence",
    "Given",
    "NewDate",
    "Opening",
    "Outcome",
    "ask_extension",
    "ask_transfer",
    "climb_ladders",
    "decide_request",
    "digest_of",
    "end_feed",
    "make_feed",
    "merge_case",
    "move_case",
    "move_cases",
    "note_case",
    "open_case",
    "redate_cases",
    "resume_case",
    "suspend_case",
]
