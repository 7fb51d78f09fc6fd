"""What every record with a numbered series and states asks of its rows."""

import re
from typing import Any, TypeVar

from django.db.models import Manager, Model
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from shian.domains.fieldchecks.actions.refusals import CheckRefused

M = TypeVar("M", bound=Model)


def next_in_series(rows: Manager[Any], head: str, *, column: str = "number", digits: int = 2) -> str:
    """The head and the next number of its series: 1310-2026- gives 1310-2026-02. The last row is locked meanwhile;
    numbers of another shape, which files bring, belong to no series."""
    own = rows.select_for_update().filter(**{f"{column}__regex": f"^{re.escape(head)}[0-9]{{1,9}}$"})
    last = own.order_by(Length(column).desc(), f"-{column}").values_list(column, flat=True).first()
    return f"{head}{int(last.removeprefix(head)) + 1 if last else 1:0{digits}d}"


def locked_in(row: M, wanted: Any) -> M:
    """The row, locked, in the state that is wanted. Raises CheckRefused, which tells the state that it is in."""
    found: Any = type(row)._default_manager.select_for_update().get(pk=row.pk)
    if found.state != wanted:
        raise CheckRefused(_("现在是“%(state)s”，不能这样办理。") % {"state": found.get_state_display()})
    locked: M = found
    return locked
