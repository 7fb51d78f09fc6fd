"""Paged over groups of django.contrib.auth: this app has no table of its own."""

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.http import QueryDict

from shian.kernel.ui.keyset import Page, keyset_page, sliced_page
from shian.kernel.ui.tables import Column, ListQuery

COLUMNS = (Column("name", "名称", sort="name"), Column("label", "标签", sort="app_label"))

pytestmark = pytest.mark.django_db


@pytest.fixture
def groups() -> list[str]:
    names = [f"组{number:02d}" for number in range(1, 24)]
    Group.objects.bulk_create(Group(name=name) for name in names)
    return names


def page_of(text: str = "", size: int = 10) -> Page[Group]:
    query = ListQuery.read(QueryDict(text), COLUMNS, default_sort="name")
    return keyset_page(Group.objects.filter(name__startswith="组"), query, size=size)


def names_of(page: Page[Group]) -> list[str]:
    return [group.name for group in page.items]


def test_walking_forward_meets_every_row_once(groups: list[str]) -> None:
    met, token = [], ""
    while True:
        page = page_of(f"after={token}")
        met += names_of(page)
        token = page.next
        if not token:
            break

    assert met == groups
    assert page.total == 23


def test_walking_back_from_the_last_page_meets_the_same_pages(groups: list[str]) -> None:
    last = page_of("last=1")
    middle = page_of(f"before={last.previous}")
    first = page_of(f"before={middle.previous}")

    assert names_of(last) == groups[20:]
    assert names_of(middle) == groups[10:20]
    assert names_of(first) == groups[:10]
    assert (first.previous, last.next) == ("", "")


def test_positions_are_told_from_both_ends(groups: list[str]) -> None:
    first = page_of()
    second = page_of(f"after={first.next}")
    last = page_of("last=1")
    back = page_of(f"before={last.previous}")

    assert (first.start, first.end) == (1, 10)
    assert (second.start, second.end) == (11, 20)
    assert (last.start, last.end) == (21, 23)
    assert (back.start, back.end) == (11, 20)
    assert names_of(page_of(f"before={second.previous}")) == groups[:10]


def test_descending_order_pages_too(groups: list[str]) -> None:
    first = page_of("sort=-name")
    second = page_of(f"sort=-name&after={first.next}")

    assert names_of(first) + names_of(second) == groups[::-1][:20]


def test_ties_are_broken_by_the_unique_field() -> None:
    types = ContentType.objects.all()
    met, token = [], ""
    while True:
        query = ListQuery.read(QueryDict(f"sort=label&after={token}"), COLUMNS)
        page = keyset_page(types, query, size=3)
        met += [row.pk for row in page.items]
        token = page.next
        if not token:
            break

    assert sorted(met) == sorted(types.values_list("pk", flat=True))


@pytest.mark.parametrize("token", ["nonsense", "WzEsMl0", "WyJ4IiwgMV0", "%00", "e30", "WzEsIm5vIiwibm8iXQ"])
def test_damaged_token_gives_the_first_page(groups: list[str], token: str) -> None:
    assert names_of(page_of(f"after={token}")) == groups[:10]
    assert names_of(page_of(f"before={token}")) == groups[:10]


def test_page_costs_two_queries(groups: list[str], django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        page_of("last=1")


def test_empty_list_has_an_empty_page() -> None:
    page = page_of()

    assert (page.items, page.total, page.start, page.end, page.next) == ([], 0, 0, 0, "")


def test_order_by_a_nullable_field_is_refused() -> None:
    from django.contrib.auth import get_user_model

    query = ListQuery(order=("last_login", "pk"))

    with pytest.raises(TypeError, match="may be NULL"):
        keyset_page(get_user_model().objects.all(), query)


@pytest.mark.parametrize(
    ("asked", "first", "before", "after"),
    [
        ({}, 0, "", "3"),
        ({"after": "3"}, 3, "3", "6"),
        ({"before": "3"}, 0, "", "3"),
        ({"last": ""}, 6, "6", ""),
        ({"after": "99"}, 6, "6", ""),
        ({"after": "x"}, 0, "", "3"),
    ],
)
def test_a_list_in_its_order_is_cut_into_pages(asked, first, before, after) -> None:
    query = ListQuery(after=asked.get("after", ""), before=asked.get("before", ""), is_last="last" in asked)
    page = sliced_page(range(7), query, size=3)
    assert page.items == list(range(7))[first : first + 3]
    assert (page.start, page.previous, page.next, page.total) == (first + 1, before, after, 7)


def test_an_empty_list_has_one_empty_page() -> None:
    page = sliced_page([], ListQuery())
    assert (page.items, page.start, page.end, page.next, page.previous) == ([], 0, 0, "", "")
