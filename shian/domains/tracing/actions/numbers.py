"""Numbers of what is made here; files bring their own, which may have the same form."""

from datetime import date
from typing import Any

from shian.domains.tracing.rules.certificates import number_of


def free_number(rows: Any, issuer: str, day: date, column: str = "number") -> str:
    """The day's next number of the issuer that no row has in its unique `column`. The caller holds the graph."""
    stem = number_of(issuer, f"{day:%Y%m%d}", 0)[:-3]
    taken = set(rows.filter(**{f"{column}__startswith": stem}).values_list(column, flat=True))
    serials = range(len(taken) + 1, 2 * len(taken) + 2)
    return next(told for each in serials if (told := number_of(issuer, f"{day:%Y%m%d}", each)) not in taken)
