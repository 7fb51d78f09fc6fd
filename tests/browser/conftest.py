"""The machine's own Chromium, quiet and without the network, before a city that the program itself serves."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, expect

from tests.browser.people import Door, Watch
from tests.browser.site import Site, served
from tests.browser.wire import Wire, wired
from tools.browser_tests import chromium

QUIET = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    # Each page begins with cold code, axe's too: what optimizing compilers make of it is thrown away before it pays.
    "--js-flags=--no-opt,--no-maglev",
]
# Files that run or wait longest begin first, after the ways over all pages, so that no process is left alone with one.
LONGEST = ("offline_killed", "recall", "states", "offline", "offline_duties", "offline_pages", "evaluation", "reports")


def pytest_configure() -> None:
    """Playwright keeps an event loop in this thread, which Django would take for a mistake."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=30_000)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of a file share a process, unless they say otherwise; those that do are the longest."""
    places = {f"test_{name}": place for place, name in enumerate(LONGEST)}
    assert all((Path(__file__).parent / f"{name}.py").exists() for name in places)
    items.sort(
        key=lambda item: (item.get_closest_marker("xdist_group") is None, places.get(item.path.stem, len(places)))
    )
    for item in items:
        item.add_marker(pytest.mark.browser)
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture(scope="session", autouse=True)
def site(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Before the browser starts, because the city may have to be made first."""
    with django_db_blocker.unblock(), served(tmp_path_factory.mktemp("home")) as site:
        yield site


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": chromium(), "args": QUIET}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture(scope="session")
def sessions() -> dict[str, Any]:
    return {}


@pytest.fixture(autouse=True)
def watch() -> Iterator[Watch]:
    """Every journey fails on an error in the console, a refused script or style, or an uncaught exception."""
    watch = Watch()
    yield watch
    assert watch.complaints() == []


@pytest.fixture
def door(site: Site, new_context: Callable[..., BrowserContext], watch: Watch, sessions: dict[str, Any]) -> Door:
    return Door(site, new_context, watch, sessions)


@pytest.fixture(scope="module")
def wire(site: Site) -> Iterator[Wire]:
    """A relay between browser and server that a test can cut."""
    with wired(site.url) as wire:
        yield wire


@pytest.fixture(scope="session")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo as large as a phone takes it, and too large to be sent as it is."""
    path = tmp_path_factory.mktemp("pictures") / "photo.jpg"
    Image.effect_noise((400, 300), 60).resize((2400, 1800)).convert("RGB").save(path)
    return path
