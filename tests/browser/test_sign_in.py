"""The first page anybody sees."""

import pytest
from playwright.sync_api import Page, expect

from shian.kernel.accounts.models import Role, User

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("round_", [1, 2])
def test_officer_signs_in(page: Page, live_server, transactional_db, round_: int) -> None:
    alice = User(username="alice", display_name="艾丽", role=Role.ADMIN)
    alice.set_password("correct horse battery")
    alice.save()

    page.goto(f"{live_server.url}/")
    page.fill("input[name=login]", "alice")
    page.fill("input[name=password]", "correct horse battery")
    page.press("input[name=password]", "Enter")

    expect(page).to_have_url(f"{live_server.url}/")
    expect(page.locator("body")).to_contain_text("食安")
