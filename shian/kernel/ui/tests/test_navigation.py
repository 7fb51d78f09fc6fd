from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy, override

from shian.kernel.ui import navigation, panels
from shian.kernel.ui.context import Shell


def officer(role: str = "office", *, is_superuser: bool = False) -> SimpleNamespace:
    return SimpleNamespace(role=role, is_superuser=is_superuser, is_authenticated=True)


def request_of(path: str = "/", role: str = "office", **more: str) -> HttpRequest:
    request = RequestFactory().get(path, more)
    request.user = officer(role)
    return request


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(navigation, "_entries", {})
    navigation.register_nav(group="system", label="组件", url_name="ui:gallery", icon="checklist", key="g c")
    navigation.register_nav(
        group="work", label="语言", url_name="set_language", icon="language", roles={"admin"}, count=lambda _: 3
    )
    navigation.register_nav(group="work", label="无此页", url_name="nowhere:at_all", icon="x")
    yield
    navigation._pages_of.cache_clear()


def labels(groups: list[navigation.NavGroup]) -> list[str]:
    return [str(link.label) for group in groups for link in group.links]


def test_entries_are_cut_by_role_and_missing_pages_left_out(entries: None) -> None:
    assert labels(navigation.nav_for(officer("office"), request_of())) == ["组件"]
    assert labels(navigation.nav_for(officer("admin"), request_of())) == ["语言", "组件"]
    assert labels(navigation.nav_for(officer("x", is_superuser=True), request_of())) == ["语言", "组件"]


def test_entry_is_active_on_the_pages_beneath_it(entries: None) -> None:
    inside = navigation.nav_for(officer(), request_of("/ui/list/"))[0].links[0]
    outside = navigation.nav_for(officer(), request_of("/operators/"))[0].links[0]

    assert (inside.is_active, outside.is_active) == (True, False)
    assert inside.key == "c"


def test_count_is_asked_of_visible_entries_only(entries: None) -> None:
    links = navigation.nav_for(officer("admin"), request_of())[0].links

    assert links[0].count == 3


def test_what_is_drawn_follows_role_page_count_and_language(entries: None, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = [3]
    navigation.register_nav(
        group="work", label=gettext_lazy("语言"), url_name="set_language", icon="language", roles={"admin"},
        count=lambda _: counted[0],
    )  # fmt: skip

    def sidebar(path: str = "/", role: str = "admin", language: str = "zh-hans") -> str:
        with override(language):
            return Shell(request_of(path, role)).sidebar

    first = sidebar()
    assert ">3<" in first
    assert sidebar() is first
    assert "language" not in sidebar(role="office")
    assert "aria-current" not in first
    assert 'href="/ui/" aria-current="page"' in sidebar("/ui/list/")
    assert ">Language<" in sidebar(language="en")
    counted[0] = 4
    assert ">4<" in sidebar()
    assert ">3<" not in sidebar()


def test_unknown_group_is_refused() -> None:
    with pytest.raises(LookupError, match="Unknown navigation group"):
        navigation.register_nav(group="misc", label="x", url_name="x", icon="x")


def test_there_are_at_most_eight_groups() -> None:
    assert len(navigation.GROUPS) <= 8


@pytest.fixture
def operator_panels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "_panels", {})
    panels.register_panel(
        record="operator",
        key="samples",
        label="抽检",
        order=20,
        count=lambda _, subject: len(str(subject)),
        render=lambda _, subject: mark_safe(f"<p>{subject}</p>"),
    )
    panels.register_panel(
        record="operator", key="cases", label="案件", order=10, url=lambda _: "/cases/", roles={"admin"}
    )


def test_tabs_carry_counts_and_the_open_one(operator_panels: None) -> None:
    tabs = panels.tabs_for("operator", "abc", request_of("/operators/1/", tab="samples"))

    assert [(str(tab.label), tab.count, tab.is_active) for tab in tabs] == [("概况", None, False), ("抽检", 3, True)]
    assert tabs[1].url == "/operators/1/?tab=samples"


def test_panels_of_other_roles_stay_closed(operator_panels: None) -> None:
    office = request_of("/operators/1/", tab="cases")
    admin = request_of("/operators/1/", role="admin")

    assert panels.tabs_for("operator", "abc", office)[0].is_active
    assert [str(tab.label) for tab in panels.tabs_for("operator", "abc", admin)] == ["概况", "案件", "抽检"]


def test_open_panel_gives_its_body(operator_panels: None) -> None:
    assert panels.panel_body("operator", "abc", request_of(tab="samples")) == "<p>abc</p>"
    assert panels.panel_body("operator", "abc", request_of()) == ""


def test_panel_needs_exactly_one_way_to_open() -> None:
    with pytest.raises(TypeError, match="either"):
        panels.register_panel(record="operator", key="x", label="x")
