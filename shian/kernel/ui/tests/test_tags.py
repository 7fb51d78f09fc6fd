import json
from pathlib import Path

import pytest
from django import forms
from django.http import QueryDict
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import gettext_lazy, override

from shian.kernel.ui import build
from shian.kernel.ui.icons import icon_svg
from shian.kernel.ui.pieces import AreaLevel, AreaPicker, Filter, FilterBar, Option, picked_area
from shian.kernel.ui.tables import Column


def drawn(source: str, url: str = "/", **values: object) -> str:
    context = Context({"request": RequestFactory().get(url), **values})
    return Template("{% load ui %}" + source).render(context)


def test_number_carries_its_unit() -> None:
    assert drawn('{% num 64098 "家" %}') == '<span class="num">64,098</span> <span class="sh-unit">家</span>'
    assert drawn("{{ 64098|number }} {{ 0.5|number:1 }}") == "64,098 0.5"


def test_a_bare_counter_is_no_word_in_english() -> None:
    counted = '<span class="num">3</span> <span class="sh-unit">个</span>'

    assert drawn("{% num 3 unit %}", unit=gettext_lazy("个")) == counted
    with override("en"):
        assert drawn("{% num 3 unit %}", unit=gettext_lazy("个")) == '<span class="num">3</span>'
        assert "operators" in drawn("{% num 3 unit %}", unit=gettext_lazy("家"))
        assert 'data-label="Files"' in Column("files", "Files", unit=gettext_lazy("个")).openings("")[0]


def test_state_badge_has_icon_and_word() -> None:
    html = drawn('{% state_badge "due" %}{% state_badge "unheard-of" "未知" %}')

    assert "sh-badge-due" in html
    assert "将到期" in html
    assert "sh-badge-waiting" in html
    assert html.count("<svg") == 2


def test_icon_has_a_label_or_is_hidden() -> None:
    assert 'aria-hidden="true"' in icon_svg("search")
    assert 'role="img" aria-label="&lt;x&gt;"' in icon_svg("search", "<x>")
    with pytest.raises(LookupError, match=r"icons\.svg"):
        icon_svg("no-such-icon")


def test_query_replace_changes_drops_and_keeps() -> None:
    html = drawn('{% query_replace sort="-name" after=None %}', "/?kind=a&kind=b&after=x")

    assert html == "?kind=a&amp;kind=b&amp;sort=-name"


def test_query_fields_keep_what_a_form_does_not_own() -> None:
    html = drawn('{% query_fields names "after" %}', "/?q=x&area=1&after=y&sort=name", names=["q", "area"])

    assert html == '<input type="hidden" name="sort" value="name">'


@pytest.mark.parametrize(
    ("values", "key"),
    [
        (["131022", "131022100"], "131022100"),
        (["131022", ""], "131022"),
        (["131003", "131022100"], "131003"),
        (["", "131022100"], "131022100"),
        ([], ""),
    ],
)
def test_leftover_township_of_another_county_is_dropped(values: list[str], key: str) -> None:
    assert picked_area(values) == key


def test_filter_bar_counts_what_the_url_sets() -> None:
    area = AreaPicker([AreaLevel("县", [Option("131022", "甲县")], "131022")])
    bar = FilterBar([Filter("q", "名称", kind="search"), Filter("kind", "类别", value=["a", "b"])], area=area)

    assert bar.used_count(QueryDict("kind=a&kind=b&area=131022&q=&sort=name")) == 2
    assert bar.names == ["q", "kind", "area"]


def test_what_the_page_chose_by_itself_is_no_filter() -> None:
    options = [Option("open", "在营"), Option("closed", "已注销")]
    usual = Filter("state", "状态", options=options, value="open", default="open")
    chosen = Filter("state", "状态", options=options, value="closed", default="open")
    request = RequestFactory().get("/?state=open&as_of=2026-11-21")
    bar = FilterBar([usual, Filter("as_of", "时点", "date", value="2026-11-21", default="2026-11-21")])

    html = render_to_string("ui/components/filterbar.html", {"bar": bar, "request": request})

    assert bar.used_count(request.GET) == 0
    assert bar.used_count(QueryDict("state=closed&as_of=2026-11-20")) == 2
    assert "is-used" not in html
    assert "全部状态" not in html
    assert "is-used" in render_to_string(
        "ui/components/filterbar.html", {"bar": FilterBar([chosen]), "request": request}
    )


class OneField(forms.Form):
    name = forms.CharField(label="名称", help_text="与执照一致。")
    size = forms.ChoiceField(choices=[("m", "中型")], widget=forms.RadioSelect, required=False)


def test_widget_ties_help_and_error_to_the_control() -> None:
    html = drawn("{% widget field %}", field=OneField({"name": ""})["name"])

    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name-help id_name-error"' in html
    assert "form-control is-invalid" in html


def test_build_is_read_again_after_a_rebuild(tmp_path: Path, settings) -> None:
    path = settings.SHIAN_VITE_MANIFEST = tmp_path / "manifest.json"
    path.write_text(json.dumps({build.MAIN: {"file": "assets/main-1.js", "css": ["assets/main-1.css"]}}))

    html = drawn("{% vite_assets %}")

    assert '<link rel="stylesheet" href="/static/assets/main-1.css">' in html
    assert '<script type="module" src="/static/assets/main-1.js"></script>' in html
    assert drawn("{% vite_asset %}") == "/static/assets/main-1.js"
    assert build.check_build() == []


def test_missing_build_is_said_and_breaks_nothing(tmp_path: Path, settings) -> None:
    settings.SHIAN_VITE_MANIFEST = tmp_path / "nothing.json"

    assert drawn("{% vite_assets %}{% vite_asset %}") == ""
    assert [warning.id for warning in build.check_build()] == ["ui.W001"]
    assert "npm run build" in Template('{% include "ui/components/unbuilt.html" %}').render(Context())
