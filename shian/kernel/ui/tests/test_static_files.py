"""Front-end files while the server runs: a new build is picked up whole, an old one is gone without an error."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client, RequestFactory

from shian.kernel.ui import build
from shian.kernel.ui.middleware import StaticFilesMiddleware
from shian.kernel.ui.templatetags.ui import vite_asset


def built(folder: Path, digest: str) -> str:
    """A build of one script in that folder, in place of the one before; the script's name."""
    name = f"assets/main-{digest}.js"
    (folder / ".vite").mkdir(parents=True, exist_ok=True)
    (folder / "assets").mkdir(exist_ok=True)
    for old in (folder / "assets").iterdir():
        old.unlink()
    (folder / name).write_text(f"// {digest}", encoding="utf-8")
    (folder / ".vite" / "manifest.json").write_text(json.dumps({build.MAIN: {"file": name}}), encoding="utf-8")
    return name


@pytest.fixture
def dist(tmp_path: Path, settings: Any) -> Iterator[Path]:
    built(tmp_path, "aaaaaaaa")
    settings.STATICFILES_DIRS = [tmp_path]
    settings.WHITENOISE_AUTOREFRESH = False
    settings.SHIAN_VITE_MANIFEST = tmp_path / ".vite" / "manifest.json"
    finders.get_finder.cache_clear()
    yield tmp_path
    finders.get_finder.cache_clear()


@pytest.fixture
def server(dist: Path) -> StaticFilesMiddleware:
    """A server that started on the build of `dist`."""
    return StaticFilesMiddleware(lambda request: HttpResponse("not a file", status=404))


def fetched(server: StaticFilesMiddleware, url: str) -> tuple[int, str]:
    answer = server(RequestFactory().get(url))
    text = b"".join(answer).decode()
    answer.close()
    return answer.status_code, text


def test_a_new_build_is_served_as_its_manifest_names_it(server: StaticFilesMiddleware, dist: Path) -> None:
    before = vite_asset()
    assert fetched(server, before) == (200, "// aaaaaaaa")

    built(dist, "bbbbbbbb")

    assert vite_asset() == "/static/assets/main-bbbbbbbb.js"
    assert fetched(server, vite_asset()) == (200, "// bbbbbbbb")
    assert fetched(server, before) == (404, "not a file")


def test_a_new_file_is_kept_as_long_as_the_old_ones(server: StaticFilesMiddleware, dist: Path) -> None:
    built(dist, "bbbbbbbb")

    answer = server(RequestFactory().get(vite_asset()))
    answer.close()

    assert answer["Cache-Control"] == "max-age=315360000, public, immutable"


@pytest.mark.parametrize("url", ["/static/../secret", "/static/assets", "/static/", "/static/assets/../../x"])
def test_nothing_else_becomes_a_file(server: StaticFilesMiddleware, dist: Path, url: str) -> None:
    (dist.parent / "secret").write_text("secret", encoding="utf-8")

    assert fetched(server, url) == (404, "not a file")


def test_the_running_system_serves_through_it(client: Client, settings: Any) -> None:
    assert "shian.kernel.ui.middleware.StaticFilesMiddleware" in settings.MIDDLEWARE
    answer = client.get("/static/ui/mark.svg")
    answer.close()

    assert answer.status_code == 200
