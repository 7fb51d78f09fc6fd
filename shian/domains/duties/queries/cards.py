"""Process cards (C-12): what an official of a level is told at a step. They stand in the sheets as notes named
tip_<step>_<level>, so that phones have them without a network and they are published and replaced with the sheet."""

from datetime import date

from shian.domains.duties.queries.visit_numbers import numbers_at
from shian.engine.forms.models import FormVersion
from shian.engine.forms.queries import version_in_force

STEPS = ("prepare", "arrive", "check", "problem", "sign")
MARK = "tip_"


def card_version(day: date) -> FormVersion | None:
    """The sheet in force whose notes are the cards; the cards are the same in each of them."""
    forms = sorted({key for each in numbers_at(day).sheets.values() for key in each.values()})
    return next((found for key in forms if (found := version_in_force(key, day))), None)


def tips_at(day: date) -> dict[tuple[str, str], str]:
    """(level, step) → text, as of the day."""
    version = card_version(day)
    found: dict[tuple[str, str], str] = {}
    for each in version.definition.walk() if version else ():
        if each.type == "note" and each.name.startswith(MARK):
            step, _sign, level = each.name.removeprefix(MARK).partition("_")
            found[level, step] = each.label
    return found
