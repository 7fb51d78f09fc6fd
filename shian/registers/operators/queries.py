"""Named reads of operators."""

from typing import Any

from shian.kernel.scope.models import ScopedQuerySet
from shian.registers.operators.models import Operator
from shian.registers.operators.rules import search_query


def operators_named(text: str, user: Any) -> ScopedQuerySet[Operator]:
    """Operators whose name, code, licence or initials match: two Chinese characters suffice.

    Chinese text goes through the bigram index, Latin letters through pinyin initials and codes.
    """
    from django.db.models import Q
    from django.db.models.expressions import RawSQL

    rows = Operator.objects.visible_to(user)
    cleaned = "".join(text.split())
    if not cleaned:
        return rows
    if cleaned.isascii():
        upper = cleaned.upper()
        exact = Q(uscc=upper) | Q(licence_no=upper) | Q(code=upper)
        return rows.filter(exact | Q(search=RawSQL("%s::tsquery", [search_query(upper.lower())])))
    return rows.filter(search=RawSQL("%s::tsquery", [search_query(cleaned)]))
