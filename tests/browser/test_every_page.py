"""Every page of the access table, in both languages: loaded once each, it must read well for everybody."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.browser.people import DESKTOP, PHONE, Door, Watch
from tests.browser.reading import AXE, OF_LOOKS, TAGS, findings
from tests.browser.records import Address, addresses, linked, unwalked
from tests.browser.site import Site


@dataclass(frozen=True)
class Way:
    """One run over all pages; the second repeats only those rules whose answer colours, width or language change."""

    language: str
    theme: str
    size: ViewportSize
    other: ViewportSize | None
    rules: list[str]


WAYS = {
    "Chinese-light-wide": Way("zh-hans", "light", DESKTOP, PHONE, TAGS),
    "English-dark-narrow": Way("en", "dark", PHONE, None, OF_LOOKS),
}
LINKS = "[...document.querySelectorAll('main a[href^=\"/\"]')].map((link) => link.getAttribute('href'))"


@pytest.fixture(scope="module")
def pages(site: Site) -> list[Address]:
    return addresses(site)


@pytest.mark.parametrize(
    "way", [pytest.param(way, id=name, marks=pytest.mark.xdist_group(name)) for name, way in WAYS.items()]
)
def test_every_page_reads_well(door: Door, watch: Watch, pages: list[Address], way: Way) -> None:
    """It answers 200, holds WCAG 2.2 A and AA, fits both widths, stands still, says its pictures in words, and the
    console is silent. A record's page without an example is found by a link to it."""
    watch.expect("2026-02-30")  # a form of the gallery shows how a date that does not exist is refused
    watch.expect("status of 401")  # the page of a sign-in that failed outside
    tabs = {name: _tab(door, name, way) for name in sorted({each.account for each in pages})}
    found: list[str] = []
    opened: set[str] = set()
    for each in pages:
        tab = tabs[each.account]
        answer = tab.goto(each.path)
        if answer is None or answer.status not in {200, 401}:
            found.append(f"{each.name} {each.path}: {answer and answer.status}")
            continue
        assert tab.evaluate("document.documentElement.lang").startswith(way.language[:2])
        found += findings(tab, way.other, rules=way.rules, is_shell_known=each.account in opened)
        opened.add(each.account)
        pages += linked(tab.evaluate(LINKS), each.account, pages)
    found += [f"{name}: no link leads there; give it an example" for name in unwalked(pages)]

    assert not found, "\n".join(found)


def _tab(door: Door, account: str, way: Way) -> Page:
    page = door.open(account, path="", viewport=way.size, reduced_motion="reduce")
    page.context.add_init_script(AXE)  # once for all its pages: sent anew it would cost each a tenth of a second
    cookies = {"django_language": way.language, "shian_theme": way.theme}
    page.context.add_cookies([{"name": name, "value": value, "url": door.site.url} for name, value in cookies.items()])
    return page
