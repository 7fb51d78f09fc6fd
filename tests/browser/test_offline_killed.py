"""The browser is killed at ten points on the way of a check; each comes in once, whole, with its own time."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.browser.phone import begin, enter, fill, finish, issue_form, kill, made, phone, received, sent, unsent
from tests.browser.site import Site
from tests.browser.wire import Cut, Wire

FORM = "off_kill"
SUBMISSION = "/submissions/"


@dataclass(frozen=True)
class Point:
    """Where the browser dies: what the inspector has done by then, and what went over the wire. A point without a cut
    lies before anything is sent."""

    name: str
    act: Callable[[Page, str, Path], None]
    cut: Cut | None = None
    posts_before: int = 0
    is_draft: bool = False


def _begun(page: Page, number: str, picture: Path) -> None:
    begin(page, FORM)
    page.locator("[data-question=number] input").fill(number)
    expect(page.locator(".sf-saved")).to_contain_text("已保存")


def _answered(page: Page, number: str, picture: Path) -> None:
    begin(page, FORM)
    fill(page, number, None)


def _photographed(page: Page, number: str, picture: Path) -> None:
    begin(page, FORM)
    fill(page, number, picture)


def _finished(page: Page, number: str, picture: Path) -> None:
    made(page, FORM, number, picture)


POINTS = [
    Point("a check is begun", _begun, is_draft=True),
    Point("it is answered", _answered, is_draft=True),
    Point("its photo is taken", _photographed, is_draft=True),
    Point("it is finished, off line", _finished),
    Point("its answers leave", _finished, "before"),
    Point("half of its answers arrive", _finished, "half"),
    Point("its answers are in, the phone does not hear of it", _finished, "after"),
    Point("its photo leaves", _finished, "before", posts_before=1),
    Point("half of its photo arrives", _finished, "half", posts_before=1),
    Point("its photo is in, the phone does not hear of it", _finished, "after", posts_before=1),
]


def test_a_browser_that_is_killed_at_any_of_ten_points_loses_and_doubles_nothing(
    playwright: Playwright, site: Site, wire: Wire, picture: Path, tmp_path: Path
) -> None:
    issue_form(site, FORM)
    profile = tmp_path / "phone"
    with phone(playwright, profile, wire.url) as context:
        enter(_page(context), site, wire.url)
        _work_and_die(context, profile, wire, 0, picture)
    for number in range(len(POINTS)):
        with phone(playwright, profile, wire.url) as context:
            _go_on(context, wire, site, number, picture)
            if number + 1 < len(POINTS):
                _work_and_die(context, profile, wire, number + 1, picture)

    found = received(site, FORM)
    assert [each["number"] for each in found] == [f"{number:02d}" for number in range(len(POINTS))]
    assert all(each["is_whole"] and len(each["files"]) == 1 for each in found), found
    assert len({each["ended_at"] for each in found}) == len(POINTS)


def _work_and_die(context: BrowserContext, profile: Path, wire: Wire, number: int, picture: Path) -> None:
    point = POINTS[number]
    wire.is_down = point.cut is None
    context.set_offline(wire.is_down)
    if point.cut:
        wire.cut(SUBMISSION, point.cut, after=point.posts_before)
    point.act(_page(context), f"{number:02d}", picture)
    if point.cut:
        wire.wait()
    kill(profile)


def _go_on(context: BrowserContext, wire: Wire, site: Site, number: int, picture: Path) -> None:
    """The phone starts again and has forgotten its session, as a browser that ends does; the inspector gets one."""
    point, page = POINTS[number], _page(context)
    wire.is_down = False
    page.goto("/field/")
    expect(page.get_by_text("登录已过期")).to_be_visible()
    enter(page, site, wire.url)
    if point.is_draft:
        page.get_by_role("link", name="继续").click()
        expect(page.locator("[data-question=number] input")).to_have_value(f"{number:02d}")
        if point.act is _photographed:
            expect(page.locator(".sf-photo")).to_be_visible()
        else:
            fill(page, f"{number:02d}", picture)
        finish(page)
    page.goto("/field/#/queue")
    expect(sent(page)).to_have_count(number + 1)
    expect(unsent(page)).to_have_count(0)


def _page(context: BrowserContext) -> Page:
    context.set_default_timeout(30_000)
    return context.pages[0]
