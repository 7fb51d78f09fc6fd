"""Named reads of operators."""

from collections.abc import Collection
from typing import Any

from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from shian.kernel.scope.models import ScopedQuerySet
from shian.registers.operators.models import Operator
from shian.registers.operators.rules import search_query


def operators_named(text: str, user: Any) -> ScopedQuerySet[Operator]:
    """Operators whose name, code, licence or initials match: two Chinese characters suffice.

    Chinese text goes through the bigram index, Latin letters through pinyin initials and codes.
    """
    rows = Operator.objects.visible_to(user)
    cleaned = "".join(text.split())
    if not cleaned:
        return rows
    if cleaned.isascii():
        upper = cleaned.upper()
        exact = Q(uscc=upper) | Q(licence_no=upper) | Q(code=upper)
        return rows.filter(exact | Q(_matches(upper.lower())))
    return rows.filter(_matches(cleaned))


def operator_names(codes: Collection[str], user: Any) -> dict[str, str]:
    """Code → name of these operators, as far as the user's reach goes."""
    if not codes:
        return {}
    return dict(Operator.objects.visible_to(user).filter(code__in=codes).values_list("code", "name"))


def _matches(text: str) -> RawSQL:
    """Through the GIN index; the query is ready-made, no text-search configuration takes part."""
    sql = '"operators_operator"."search" @@ %s::tsquery'
    return RawSQL(sql, [search_query(text)], output_field=BooleanField())  # noqa: S611 (constant text, bound value)
