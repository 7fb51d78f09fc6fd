"""Numbers of records that are no cases but are counted as cases are: a head, and the next number after it."""

import re
from typing import Any

from django.db.models import Manager
from django.db.models.functions import Length


def next_in_series(rows: Manager[Any], head: str, *, column: str = "number", digits: int = 2) -> str:
    """The head and the next number of its series: 1310-2026- gives 1310-2026-02. The last row is locked meanwhile;
    numbers of another shape, which files bring, belong to no series."""
    own = rows.select_for_update().filter(**{f"{column}__regex": f"^{re.escape(head)}[0-9]{{1,9}}$"})
    last = own.order_by(Length(column).desc(), f"-{column}").values_list(column, flat=True).first()
    return f"{head}{int(last.removeprefix(head)) + 1 if last else 1:0{digits}d}"
