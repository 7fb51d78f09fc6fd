"""Verbs of draws: draft, freeze, read, commit, reveal, run, confirm, replace, publish, cancel."""

from shian.engine.draws.actions.drafting import Draft, Randomness, cancel_draw, create_draw, edit_draw, freeze_draw
from shian.engine.draws.actions.drawing import confirm_draw, publish_draw, replace_pick, run_draw
from shian.engine.draws.actions.randomness import commit, enter_reading, reveal
from shian.engine.draws.actions.refusals import DrawRefused

__all__ = [
    "Draft",
    "DrawRefused",
    "Randomness",
    "cancel_draw",
    "commit",
    "confirm_draw",
    "create_draw",
    "edit_draw",
    "enter_reading",
    "freeze_draw",
    "publish_draw",
    "replace_pick",
    "reveal",
    "run_draw",
]
