"""What every record with states asks of its rows."""

from typing import Any, TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _

from shian.domains.fieldchecks.actions.refusals import CheckRefused

M = TypeVar("M", bound=Model)


def locked_in(row: M, wanted: Any) -> M:
    """The row, locked, in the state that is wanted. Raises CheckRefused, which tells the state that it is in."""
    found: Any = type(row)._default_manager.select_for_update().get(pk=row.pk)
    if found.state != wanted:
        raise CheckRefused(_("现在是“%(state)s”，不能这样办理。") % {"state": found.get_state_display()})
    locked: M = found
    return locked
