"""Every page of the access table must read well for everybody.

Each is read once, by all rules, at both widths, loaded at one and read by axe at the other, in turn; half of them in
Chinese and light, half in English and dark, the addresses of one page in turn. `make test-all` reads every page both
ways, loaded at both widths.
"""

from collections import Counter
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.browser.people import DESKTOP, PHONE, Door, Watch
from tests.browser.reading import AXE, findings
from tests.browser.records import Address, addresses, unwalked
from tests.browser.site import Site
from tests.extent import IS_WHOLE


@dataclass(frozen=True)
class Way:
    """One run over pages: how they are shown, and where each account's first is loaded."""

    language: str
    theme: str
    first: ViewportSize


WAYS = {
    "Chinese-light": Way("zh-hans", "light", DESKTOP),
    "English-dark": Way("en", "dark", PHONE),
}
BOTH = 2  # pages, of which axe reads one at each width


@pytest.fixture(scope="module")
def pages(site: Site) -> list[Address]:
    found = addresses(site)
    assert not (lost := unwalked(found)), f"give an example to {sorted(lost)}"
    return found


def dealt(pages: list[Address], turn: int) -> list[Address]:
    """The pages of this turn, 0 or 1: by the place of their names, and in turn where a name has several addresses."""
    places = {name: place for place, name in enumerate(sorted({each.name for each in pages}))}
    seen, found = Counter[str](), []
    for each in pages:
        if IS_WHOLE or (places[each.name] + seen[each.name]) % 2 == turn:
            found.append(each)
        seen[each.name] += 1
    return found


@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in WAYS])
def test_every_page_reads_well(door: Door, watch: Watch, pages: list[Address], name: str) -> None:
    """It answers 200, holds WCAG 2.2 A and AA, fits both widths, stands still, says its pictures in words, and the
    console is silent."""
    watch.expect("2026-02-30")  # a form of the gallery shows how a date that does not exist is refused
    watch.expect("status of 401")  # the page of a sign-in that failed outside
    way, mine = WAYS[name], dealt(pages, [*WAYS].index(name))
    tabs = {account: _tab(door, account, way) for account in sorted({each.account for each in mine})}
    found: list[str] = []
    opened = Counter[str]()
    for each in mine:
        tab = tabs[each.account]
        answer = tab.goto(each.path)
        if answer is None or answer.status not in {200, 401}:
            found.append(f"{each.name} {each.path}: {answer and answer.status}")
            continue
        assert tab.evaluate("document.documentElement.lang").startswith(way.language[:2])
        other = PHONE if tab.viewport_size == DESKTOP else DESKTOP
        found += findings(tab, other, is_shell_known=opened[each.account] >= BOTH)
        opened[each.account] += 1

    assert not found, "\n".join(found)


@pytest.mark.parametrize("sizes", [(1, 1, 1), (2, 3, 1), (4,)])
def test_no_page_is_left_out_of_both_ways(sizes: tuple[int, ...]) -> None:
    pages = [Address(f"p{name}", f"/{name}/{n}/", "") for name, size in enumerate(sizes) for n in range(size)]

    assert {*dealt(pages, 0), *dealt(pages, 1)} == {*pages}


def _tab(door: Door, account: str, way: Way) -> Page:
    page = door.open(account, path="", viewport=way.first, reduced_motion="reduce")
    page.context.add_init_script(AXE)  # once for all its pages: sent anew it would cost each a tenth of a second
    cookies = {"django_language": way.language, "shian_theme": way.theme}
    page.context.add_cookies([{"name": name, "value": value, "url": door.site.url} for name, value in cookies.items()])
    return page
