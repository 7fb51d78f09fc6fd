from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.template import engines
from django.test import RequestFactory
from django.test.signals import template_rendered
from django.utils.translation import override

from shian.kernel.ui import gallery, navigation, views

COMPONENTS = Path(views.__file__).parent / "templates" / "ui" / "components"
NOT_IN_A_BUILT_PAGE = {"unbuilt.html"}  # says that the scripts are not built


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


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_gallery_shows_every_component_in_the_language_of_the_page(language: str) -> None:
    drawn: set[str] = set()

    def note(template: Any, **signal: Any) -> None:
        drawn.add(Path(template.name or "").name)

    navigation.drawn.cache_clear()  # a sidebar that another test drew would not be drawn again
    template_rendered.connect(note)
    with override(language):
        html = views.gallery(request_of()).content.decode()
    template_rendered.disconnect(note)

    assert f'<html lang="{language}"' in html
    assert {path.name for path in COMPONENTS.glob("*.html")} - NOT_IN_A_BUILT_PAGE <= drawn
    assert ("Remedies completed" in html) is (language == "en")
    assert ("整改完成率" in html) is (language == "zh-hans")


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
