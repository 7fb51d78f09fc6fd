"""Rows that are locked in the state that a step wants."""

from typing import Any, TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _

from shian.domains.duties.actions.refusals import DutyRefused

M = TypeVar("M", bound=Model)


def locked_in(row: M, *wanted: Any) -> M:
    """The row, locked, in one of these states. Raises DutyRefused, which tells the state that it is in."""
    found: Any = type(row)._default_manager.select_for_update().get(pk=row.pk)
    if found.state not in wanted:
        raise DutyRefused(_("现在是“%(state)s”，不能这样办理。") % {"state": found.get_state_display()})
    locked: M = found
    return locked
