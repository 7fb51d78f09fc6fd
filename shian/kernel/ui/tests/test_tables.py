from datetime import date

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import RequestFactory

from shian.kernel.ui.tables import Cell, Column, Empty, ListQuery, Row, Table, sorted_rows

COLUMNS = (
    Column("name", "名称", sort="name", is_fixed=True),
    Column("area_m2", "面积", kind="number", unit="㎡", sort="area_m2"),
    Column("state", "状态"),
    Column("opened_on", "开业", sort="opened_on", is_default=False),
)


def read(text: str, **more: str) -> ListQuery:
    return ListQuery.read(QueryDict(text), COLUMNS, default_sort="name", **more)


def drawn(table: Table, url: str = "/operators/") -> str:
    return render_to_string("ui/components/table.html", {"table": table, "request": RequestFactory().get(url)})


def test_query_reads_order_columns_and_place() -> None:
    query = read("sort=-area_m2&cols=state&after=abc")

    assert query.order == ("area_m2", "pk")
    assert query.is_descending
    assert query.shown == ("name", "state")
    assert query.after == "abc"
    assert not query.is_last


@pytest.mark.parametrize("text", ["sort=password", "sort=state", "sort=", ""])
def test_query_falls_back_to_the_default_order(text: str) -> None:
    assert read(text).order == ("name", "pk")


def test_unique_field_is_not_named_twice() -> None:
    assert read("", unique="name").order == ("name",)


def test_unknown_columns_are_ignored() -> None:
    assert read("cols=password").shown == ("name", "area_m2", "state")
    assert read("cols=opened_on").shown == ("name", "opened_on")


def test_heading_offers_the_other_direction_when_sorted() -> None:
    by_name, by_area, *_ = Table(COLUMNS, [], query=read("sort=name")).headings

    assert (by_name.next_sort, by_name.aria_sort) == ("-name", "ascending")
    assert (by_area.next_sort, by_area.aria_sort) == ("area_m2", "none")


def test_row_is_drawn_by_column_with_link_unit_badge_and_dash() -> None:
    rows = [Row({"name": "甲", "area_m2": 1200, "state": Cell("逾期 3 天", state="overdue")}, url="/operators/1/")]
    html = drawn(Table(COLUMNS, rows, query=read("cols=area_m2&cols=state&cols=opened_on")))

    assert '<a href="/operators/1/">甲</a>' in html
    assert "1,200" in html
    assert 'data-label="面积（㎡）"' in html
    assert "sh-badge-overdue" in html
    assert "逾期 3 天" in html
    assert "sh-nothing" in html


def test_phones_know_cells_with_a_state_and_cells_with_nothing() -> None:
    rows = [Row({"name": Cell("", note="n"), "area_m2": Cell(None), "state": Cell("", state="due")})]
    html = drawn(Table(COLUMNS, rows))

    assert '<td class="is-text" data-label="名称">' in html
    assert '<td class="is-number is-end is-nothing"' in html
    assert '<td class="is-text is-state"' in html


def test_ticks_and_edges_of_rows() -> None:
    html = drawn(Table(COLUMNS, [Row({"name": "甲"}, url="/1/", key='"k"', state="overdue")], has_ticks=True))

    assert '<tr class="is-overdue" data-href="/1/">' in html
    assert 'value="&quot;k&quot;" data-tick' in html


def test_values_are_escaped() -> None:
    rows = [Row({"name": Cell("<b>x</b>", note="<i>n</i>", title='"t"'), "state": "<u>"}, url='/"x')]
    html = drawn(Table(COLUMNS, rows))

    assert "<b>" not in html
    assert "<i>" not in html
    assert "<u>" not in html
    assert "&quot;t&quot;" in html


def test_sort_links_keep_filters_and_drop_the_place() -> None:
    html = drawn(Table(COLUMNS, [Row({"name": "甲"})], query=read("")), "/operators/?kind=sell&after=abc&cols=name")

    assert "?kind=sell&amp;cols=name&amp;sort=area_m2" in html


def test_totals_stand_under_their_columns() -> None:
    table = Table(COLUMNS, [Row({"name": "甲", "area_m2": 5})], totals={"name": "合计", "area_m2": 5})

    assert [str(html) for _css, _label, html in table.footer][:3] == ["合计", "5", ""]


def test_empty_table_says_why_and_what_to_do() -> None:
    html = drawn(Table(COLUMNS, [], empty=Empty("没有符合条件的主体", "请放宽筛选条件。", "/operators/", "查看全部")))

    assert "没有符合条件的主体" in html
    assert "请放宽筛选条件。" in html
    assert '<a class="btn btn-primary" href="/operators/">查看全部</a>' in html


def test_rows_in_memory_sort_with_empty_values_last() -> None:
    rows = [Row({"area_m2": None}), Row({"area_m2": Cell(2)}), Row({"area_m2": 9})]

    ascending = sorted_rows(rows, read("sort=area_m2"))
    descending = sorted_rows(rows, read("sort=-area_m2"))

    assert [row.cell(COLUMNS[1]).value for row in ascending] == [2, 9, None]
    assert [row.cell(COLUMNS[1]).value for row in descending] == [9, 2, None]


def test_dates_are_recognised_without_a_kind() -> None:
    assert Cell(date(2026, 11, 21)).html(COLUMNS[2]) == "2026-11-21"
