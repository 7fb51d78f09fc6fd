"""Keyset paging: the thousandth page costs what the first costs, because no row is counted off.

    page = keyset_page(Operator.objects.visible_to(request.user), query, size=50)

`query` is a tables.ListQuery. All order fields share one direction, so the place is one row comparison
`(name, id) > (…, …)` that an index on the same columns answers. An order field must never be NULL: annotate a Coalesce
and sort by the annotation otherwise. The token in the URL holds the position and the values of the edge row.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import F, Model, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from shian.kernel.ui.tables import ListQuery

T = TypeVar("T")
M = TypeVar("M", bound=Model)
SIZE = 50


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list. `next` and `previous` are tokens for ?after= and ?before=; "" when there is none."""

    items: list[T]
    total: int
    start: int  # position of the first item, counted from 1; 0 when the page is empty
    next: str = ""
    previous: str = ""

    @property
    def end(self) -> int:
        return self.start + len(self.items) - 1 if self.items else 0


def keyset_page(rows: QuerySet[M, T], query: ListQuery, *, size: int = SIZE, total: int | None = None) -> Page[T]:
    """The page of `rows` that `query` asks for; a damaged token gives the first page. `total` saves the count."""
    order = query.order or ("pk",)
    _refuse_nullable(rows.model, order)
    count = rows.order_by().count() if total is None else total
    if query.is_last:
        return _backward(rows, query, order, size=count % size or size, count=count, place=None)
    if query.before and (place := _place(query.before, order)):
        try:
            return _backward(rows, query, order, size=size, count=count, place=place)
        except (ValueError, ValidationError):
            place = None
    try:
        return _forward(rows, query, order, size=size, count=count, place=_place(query.after, order))
    except (ValueError, ValidationError):
        return _forward(rows, query, order, size=size, count=count, place=None)


def page_of_first(items: list[T], total: int, query: ListQuery) -> Page[T]:
    """The first page from rows that were read already, in the order of the query, with how many there are in all."""
    following = _token(len(items), items[-1], query.order or ("pk",)) if total > len(items) else ""
    return Page(items, total, 1 if items else 0, next=following)


def sliced_page(rows: Sequence[T], query: ListQuery, *, size: int = SIZE) -> Page[T]:
    """The page of a list that stands in its order already and is short enough to be read whole; tokens are places."""
    last = (len(rows) - 1) // size * size if rows else 0
    asked = int(query.after) if query.after.isdecimal() else 0
    if query.before.isdecimal():
        asked = max(0, int(query.before) - size)
    start = last if query.is_last else min(asked, last)
    end = start + size
    return Page(
        list(rows[start:end]), len(rows), start + 1 if rows else 0, next=str(end) if end < len(rows) else "",
        previous=str(start) if start else "",
    )  # fmt: skip


def _forward(rows: Any, query: ListQuery, order: Sequence[str], *, size: int, count: int, place: Any) -> Page[Any]:
    seen, values = place or (0, None)
    found = list(_ordered(rows, order, query.is_descending, values)[: size + 1])
    items = found[:size]
    start = seen + 1 if items else 0
    return Page(
        items,
        count,
        start,
        next=_token(seen + size, items[-1], order) if len(found) > size else "",
        previous=_token(seen + 1, items[0], order) if items and seen else "",
    )


def _backward(rows: Any, query: ListQuery, order: Sequence[str], *, size: int, count: int, place: Any) -> Page[Any]:
    position, values = place or (count + 1, None)
    found = list(_ordered(rows, order, not query.is_descending, values)[: size + 1])
    items = found[:size][::-1]
    start = max(1, position - len(items)) if items else 0
    return Page(
        items,
        count,
        start,
        next=_token(start + len(items) - 1, items[-1], order) if items and place else "",
        previous=_token(start, items[0], order) if len(found) > size else "",
    )


def _ordered(rows: Any, order: Sequence[str], is_descending: bool, values: Sequence[Any] | None) -> Any:
    if values is not None:
        beyond = TupleLessThan if is_descending else TupleGreaterThan
        rows = rows.filter(beyond(Tuple(*map(F, order)), tuple(values)))
    return rows.order_by(*(f"-{name}" if is_descending else name for name in order))


def _token(position: int, item: Any, order: Sequence[str]) -> str:
    text = json.dumps([position, *(_plain(_value(item, name)) for name in order)], ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _place(token: str, order: Sequence[str]) -> tuple[int, list[Any]] | None:
    try:
        position, *values = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (ValueError, TypeError):
        return None
    return (position, values) if isinstance(position, int) and len(values) == len(order) else None


def _value(item: Any, name: str) -> Any:
    if isinstance(item, dict):
        return item[name]
    for part in name.split("__"):
        item = getattr(item, part)
    return item


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | float | str) else str(value)


def _refuse_nullable(model: type[Model], order: Sequence[str]) -> None:
    for name in order:
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        if getattr(field, "null", False):
            raise TypeError(f"{model.__name__}.{name} may be NULL: annotate a Coalesce and sort by the annotation.")
