"""An assessor follows an item to its figure, its rows and their proof, verifies it; every look is written down."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import override_settings
from playwright.sync_api import Locator, Page, expect

from shian.config import verbs
from shian.kernel.notary.actions import sequence
from tests.browser.people import Door, Watch, follow
from tests.browser.reading import findings
from tests.browser.site import Site
from tests.city import connected_to


@pytest.fixture(scope="module")
def numbered(site: Site) -> None:
    """What the worker does every second: everything that was sealed gets its leaf under a signed checkpoint."""
    name, home = urlsplit(site.environment["DATABASE_URL"]).path.lstrip("/"), Path(site.environment["SHIAN_HOME"])
    with connected_to(name), override_settings(SHIAN_HOME=home):
        while sequence(at=verbs.now()):
            pass


def opened_seal(door: Door) -> Page:
    """From the portal's first page over item, figure and rows to the seal of a row."""
    page = door.open("assessor")
    expect(page).to_have_url(f"{door.site.url}/assess/")
    expect(page.locator("h1 .sh-heading-count")).to_have_text("94")
    follow(page.get_by_role("link", name="1.4.2", exact=False).first)
    follow(page.locator(".sh-facts a[href*='township_coverage']").first)
    follow(page.locator(".sh-figure-number a"))
    follow(page.locator("table[data-rows] tbody tr a").first)
    follow(page.locator("a.sh-seal").first)
    expect(page.locator("#verify.is-ready")).to_be_visible()
    return page


def verdict(page: Page) -> Locator:
    return page.locator("#verify [data-result] .sh-callout-title")


def test_an_assessor_verifies_the_proof_of_a_row_and_a_changed_byte_fails(
    door: Door, numbered: None, tmp_path: Path
) -> None:
    page = opened_seal(door)
    page.get_by_role("button", name="核对", exact=True).click()
    expect(verdict(page)).to_have_text("成立")
    expect(page.locator("#verify [data-result] li")).to_have_count(3)
    assert findings(page) == []

    proof = page.evaluate("fetch(location.pathname + 'proof.json').then((answer) => answer.text())")
    told = json.loads(proof)
    told["entry"] = told["entry"].replace('"actor":"', '"actor":"x', 1)
    changed, kept = tmp_path / "changed.json", tmp_path / "kept.json"
    changed.write_text(json.dumps(told))
    kept.write_text(proof)

    page.get_by_label("核对本机文件").set_input_files(changed)
    expect(verdict(page)).to_have_text("不成立")
    page.get_by_label("核对本机文件").set_input_files(kept)
    expect(verdict(page)).to_have_text("成立")
    page.get_by_label("日志公钥").fill("x")
    page.get_by_role("button", name="核对", exact=True).click()
    expect(verdict(page)).to_contain_text("公钥格式不正确")


def test_the_assessor_changes_nothing_and_the_office_reads_every_look(door: Door, watch: Watch, numbered: None) -> None:
    watch.expect("status of 403")
    page = door.open("assessor", "/assess/items/1.4.2/")
    status = page.evaluate("""async () => (await fetch('/campaign/reasons/adopt/', {
      method: 'POST', headers: { 'X-CSRFToken': document.querySelector('meta[name=csrf-token]').content },
    })).status""")
    assert status == 403

    office = door.open("office", "/assess/looks/")

    expect(office.locator("table[data-rows] tbody")).to_contain_text("/assess/items/1.4.2/")
