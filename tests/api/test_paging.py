"""Pages hold every row once, whatever comes and goes meanwhile."""

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shian.kernel.api.paging import PageQuery, page_of, page_of_few
from shian.kernel.api.problems import Problem
from shian.registers.products.models import Product

pytestmark = pytest.mark.django_db
CODES = st.sets(st.integers(0, 60), max_size=25)


def codes_of(page: dict) -> list[str]:
    return list(page["items"])


def page(limit: int, cursor: str, path: str = "/api/v1/products", **filters: str) -> dict:
    request = RequestFactory().get(path, {**filters, "limit": limit, "cursor": cursor})
    return page_of(request, PageQuery(limit=limit, cursor=cursor), Product.objects.all(), ("code",), lambda p: p.code)


def cursor_of(page: dict) -> str:
    return QueryDict(page["next"].partition("?")[2])["cursor"] if page["next"] else ""


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(before=CODES, between=st.lists(CODES, max_size=6), limit=st.integers(1, 7))
def test_rows_that_stay_are_seen_once_whatever_comes_between(
    before: set[int], between: list[set[int]], limit: int
) -> None:
    Product.objects.all().delete()
    add(before)
    seen: list[str] = []
    cursor, steps = "", iter(between)
    while True:
        found = page(limit, cursor)
        seen += codes_of(found)
        cursor = cursor_of(found)
        add(next(steps, set()) - before)
        if not cursor:
            break

    assert seen == sorted(set(seen))
    assert {f"{each:03}" for each in before} <= set(seen)


def add(codes: set[int]) -> None:
    known = set(Product.objects.values_list("code", flat=True))
    Product.objects.bulk_create(
        Product(code=f"{each:03}", name="x", scope="食品") for each in codes if f"{each:03}" not in known
    )


def test_a_cursor_is_good_for_its_own_list_only() -> None:
    add({1, 2, 3})
    cursor = cursor_of(page(1, ""))

    assert codes_of(page(1, cursor)) == ["002"]
    assert codes_of(page(2, cursor)) == ["002", "003"]
    for path, filters in (("/api/v1/areas", {}), ("/api/v1/products", {"scope": "食品"})):
        with pytest.raises(Problem, match="cursor-invalid"):
            page(1, cursor, path, **filters)
    with pytest.raises(Problem, match="cursor-invalid"):
        page(1, cursor[:-1] + ("A" if cursor[-1] != "A" else "B"))


def test_a_cursor_of_another_width_is_refused() -> None:
    add({1, 2})
    request = RequestFactory().get("/api/v1/products", {"limit": 1})
    wide = page_of(request, PageQuery(limit=1), Product.objects.all(), ("name", "code"), lambda p: p.code)

    with pytest.raises(Problem, match="cursor-invalid"):
        page(1, cursor_of(wide))


def test_what_stands_in_memory_is_paged_alike() -> None:
    items = ["c", "a", "b"]
    request = RequestFactory().get("/api/v1/figures", {"limit": 2})
    first = page_of_few(request, PageQuery(limit=2), items, str, str)
    second = page_of_few(request, PageQuery(limit=2, cursor=cursor_of(first)), [*items, "aa"], str, str)

    assert (first["items"], second["items"], second["next"]) == (["a", "b"], ["c"], None)


def test_rows_come_newest_first_where_a_list_says_so() -> None:
    add({1, 2, 3})
    request = RequestFactory().get("/api/v1/products", {"limit": 2})
    query = PageQuery(limit=2)
    first = page_of(request, query, Product.objects.all(), ("code",), lambda p: p.code, is_descending=True)
    second = page_of(
        request,
        PageQuery(limit=2, cursor=cursor_of(first)),
        Product.objects.all(),
        ("code",),
        lambda p: p.code,
        is_descending=True,
    )

    assert (first["items"], second["items"]) == (["003", "002"], ["001"])
