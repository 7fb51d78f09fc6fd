"""What Python draws of a list: headings that sort, the column chooser, every kind of filter; all of it escaped."""

import pytest
from django.http import QueryDict

from shian.kernel.ui.controls import choices_html, filter_html, headings_html, query_copy
from shian.kernel.ui.pieces import Filter, FilterBar, Option
from shian.kernel.ui.tables import Column, ListQuery, Table

EVIL = '"><script>'
COLUMNS = (
    Column("name", EVIL, sort="name", is_fixed=True, help=EVIL),
    Column("size", "面积", kind="number", unit="㎡", sort="size"),
    Column("note", "备注", is_default=False),
)


def table(query: str) -> Table:
    return Table(COLUMNS, [], query=ListQuery.read(QueryDict(query), COLUMNS, default_sort="name"))


def test_a_heading_leads_to_the_same_list_in_its_order_from_the_beginning() -> None:
    asked = QueryDict("area=1310&area=131022&after=x&sort=size&q=%22")

    drawn = headings_html(table("sort=size").headings, asked)

    assert 'href="?area=1310&amp;area=131022&amp;sort=name&amp;q=%22"' in drawn
    assert 'href="?area=1310&amp;area=131022&amp;sort=-size&amp;q=%22"' in drawn
    assert [drawn.count(f'aria-sort="{order}"') for order in ("none", "ascending", "descending")] == [1, 1, 0]
    assert '<th scope="col" class="is-number is-end" aria-sort="ascending">' in drawn
    assert '<span class="sh-unit">（㎡）</span>' in drawn
    assert asked["after"] == "x"


def test_the_chooser_ticks_what_is_shown_and_keeps_what_is_fixed() -> None:
    drawn = choices_html(table("cols=note").offered)

    assert drawn.count(" checked") == 2
    assert 'value="name" checked disabled>' in drawn
    assert 'value="size">' in drawn
    assert 'value="note" checked>' in drawn


def test_a_copy_of_what_was_asked_is_changed_alone() -> None:
    asked = QueryDict("area=1310&area=131022")
    query = query_copy(asked)
    query.appendlist("area", "131022100")

    assert asked.getlist("area") == ["1310", "131022"]
    assert query_copy(None).urlencode() == ""


@pytest.mark.parametrize("kind", ["select", "checks", "text", "search", "date", "switch", "hidden"])
def test_no_kind_of_filter_lets_anything_in(kind: str) -> None:
    options = [Option(EVIL, EVIL, 1), Option("b", "乙")]

    drawn = filter_html(Filter(EVIL, EVIL, kind, options, value=EVIL, placeholder=EVIL))

    assert "<script" not in drawn
    assert "&quot;&gt;&lt;script&gt;" in drawn


def test_filters_say_what_is_chosen() -> None:
    options = [Option("a", "甲", 1_234), Option("b", "乙")]

    ticked = filter_html(Filter("kind", "业态", "checks", options, value=["a"]))
    assert 'value="a" checked>' in ticked
    assert '<span class="sh-count">1,234</span>' in ticked
    assert "btn is-used" in ticked
    chosen = filter_html(Filter("state", "状态", options=options, value="b", default="b"))
    assert '<option value="b" selected>乙</option>' in chosen
    assert "全部" not in chosen
    assert "is-used" not in chosen
    assert " checked" in filter_html(Filter("own", "只看我的", "switch", value="1"))


def test_the_search_stands_by_itself() -> None:
    bar = FilterBar([Filter("kind", "业态"), Filter("q", "名称", "search"), Filter("day", "日期", "date")])

    assert bar.search_html == bar.filters[1].html
    assert bar.controls_html.count('class="sh-filter') == 2
