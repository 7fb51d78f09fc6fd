from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.template import engines
from django.test import RequestFactory

from shian.kernel.ui import gallery, views


def request_of(path: str = "/ui/", *, is_staff: bool = True) -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = SimpleNamespace(
        is_authenticated=True, is_staff=is_staff, is_superuser=False, role="admin", username="示例用户"
    )
    request.session = {}
    return request


@pytest.fixture(autouse=True)
def _bare_context(monkeypatch: pytest.MonkeyPatch) -> None:
    """The processors of auth and messages need a session; the gallery needs neither."""
    engine = engines["django"].engine
    wanted = [name for name in engine.context_processors if "auth" not in name and "messages" not in name]
    monkeypatch.setattr(engine, "context_processors", wanted)
    engine.__dict__.pop("template_context_processors", None)


def test_gallery_shows_every_component() -> None:
    html = views.gallery(request_of()).content.decode()

    for sign in ("sh-stat", "sh-steps", "sh-timeline", "sh-facts", "sh-table", "sh-pager", "sh-empty", "sh-errors"):
        assert f'class="{sign}' in html or f" {sign}" in html, sign
    assert 'data-island="chart"' in html
    assert 'data-island="map"' in html
    assert '<html lang="zh-hans"' in html
    assert 'href="#main"' in html


@pytest.mark.parametrize("pattern", gallery.PATTERNS)
def test_every_pattern_is_rendered(pattern: str) -> None:
    html = views.gallery_pattern(request_of(f"/ui/{pattern}/"), pattern).content.decode()

    assert html.count("<h1") == (0 if pattern == "plain" else 1)
    assert html.count("<main") == 1


def test_unknown_pattern_is_not_found() -> None:
    with pytest.raises(Http404):
        views.gallery_pattern(request_of(), "nothing")


def test_gallery_is_for_staff() -> None:
    with pytest.raises(PermissionDenied):
        views.gallery(request_of(is_staff=False))


def test_map_example_answers_geojson() -> None:
    assert b'"Polygon"' in views.gallery_outline(request_of()).content
    assert b'"count"' in views.gallery_points(request_of("/ui/points.json?zoom=11")).content


@pytest.mark.parametrize(
    ("answer", "status", "word"),
    [
        (lambda request: views.forbidden(request, PermissionDenied("只对创建办开放。")), 403, "只对创建办开放。"),
        (lambda request: views.not_found(request), 404, "没有找到这一页"),
        (lambda request: views.server_error(request), 500, "没有保存任何内容"),
    ],
)
def test_error_page_says_what_to_do(answer, status: int, word: str) -> None:
    response = answer(request_of())

    assert response.status_code == status
    assert word in response.content.decode()
