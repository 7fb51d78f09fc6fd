"""Keyset paging for programs: a page ends where the next begins, whatever is inserted meanwhile.

    @router.read("", policy=…, response=PageOut[OperatorOut])
    def operators(request, page: Query[PageQuery]): return page_of(request, page, rows, ("id",), draw)

The cursor is opaque and signed together with the path and the filters that it belongs to. Order fields must be unique
together, and never NULL.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar

from django.core.signing import BadSignature, Signer
from django.db.models import F
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.http import HttpRequest, QueryDict
from ninja import Field, Schema

from shian.kernel.api.problems import Problem

T = TypeVar("T")
MOST = 500
USUAL = 100


class PageQuery(Schema):
    """How much of a list, and from where."""

    limit: int = Field(USUAL, ge=1, le=MOST, description="Items on a page.")
    cursor: str = Field("", max_length=2000, description="Taken from the `next` of the page before.")


class PageOut(Schema, Generic[T]):
    """One page; `next` is the address of the next one, null on the last. The Link header says the same."""

    items: list[T]
    next: str | None


def page_of(
    request: HttpRequest,
    page: PageQuery,
    rows: Any,
    order: Sequence[str],
    draw: Callable[[Any], Any],
    *,
    is_descending: bool = False,
) -> dict[str, Any]:
    """One page of a queryset as {items, next}. Raises Problem for a cursor that is not of this list."""
    place = _place(request, page.cursor, len(order))
    if place is not None:
        beyond = TupleLessThan if is_descending else TupleGreaterThan
        rows = rows.filter(beyond(Tuple(*map(F, order)), tuple(place)))
    found = list(rows.order_by(*(f"-{name}" if is_descending else name for name in order))[: page.limit + 1])
    return _page(request, page, found, lambda item: [_value(item, name) for name in order], draw)


def page_of_few(
    request: HttpRequest, page: PageQuery, items: Iterable[Any], key: Callable[[Any], Any], draw: Callable[[Any], Any]
) -> dict[str, Any]:
    """One page of what stands in memory, by a unique key. Raises Problem for a cursor that is not of this list."""
    place = _place(request, page.cursor, 1)
    listed = sorted(items, key=key)
    if place is not None:
        listed = [item for item in listed if key(item) > place[0]]
    return _page(request, page, listed[: page.limit + 1], lambda item: [key(item)], draw)


def _page(
    request: HttpRequest,
    page: PageQuery,
    found: list[Any],
    place_of: Callable[[Any], list[Any]],
    draw: Callable[[Any], Any],
) -> dict[str, Any]:
    items = found[: page.limit]
    address = None
    if len(found) > page.limit:
        address = _address(request, _signer(request).sign_object(place_of(items[-1])))
        request.next_page = address  # type: ignore[attr-defined]
    return {"items": [draw(item) for item in items], "next": address}


def _place(request: HttpRequest, cursor: str, width: int) -> list[Any] | None:
    if not cursor:
        return None
    try:
        place = _signer(request).unsign_object(cursor)
    except (BadSignature, ValueError):
        raise Problem("cursor-invalid") from None
    if not isinstance(place, list) or len(place) != width:
        raise Problem("cursor-invalid")
    return place


def _signer(request: HttpRequest) -> Signer:
    """Bound to the list: another path, or other filters, make another signature."""
    return Signer(salt=f"api.cursor:{request.path}?{_filters(request).urlencode()}")


def _filters(request: HttpRequest) -> QueryDict:
    params = QueryDict(mutable=True)
    for name in sorted(request.GET):
        if name not in {"cursor", "limit"}:
            params.setlist(name, request.GET.getlist(name))
    return params


def _address(request: HttpRequest, cursor: str) -> str:
    params = request.GET.copy()
    params["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{params.urlencode()}")


def _value(item: Any, name: str) -> Any:
    for part in name.split("__"):
        item = getattr(item, part)
    return item if isinstance(item, int | float | str) else str(item)
