"""Who looks at the pages: signed in once per account, and watched for what the browser complains about."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, WebError

from tests.browser.site import Site

# What a software renderer says about itself; nothing that a page could do about it.
ITS_OWN = re.compile(r"GPU stall due to ReadPixels|GL Driver Message")
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@dataclass
class Watch:
    """Errors and warnings of the console (refused scripts and styles among them) and uncaught exceptions."""

    expected: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def follow(self, context: BrowserContext) -> None:
        context.on("console", self._hear)
        context.on("weberror", self._catch)

    def expect(self, pattern: str) -> None:
        """A complaint that belongs to this journey, such as the 404 that it asks for."""
        self.expected.append(pattern)

    def complaints(self) -> list[str]:
        return [line for line in self.said if not any(re.search(each, line) for each in self.expected)]

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not ITS_OWN.search(message.text):
            page = message.page.url if message.page else ""
            self.said.append(f"{message.text} {message.location['url']} (on {page})")

    def _catch(self, error: WebError) -> None:
        self.said.append(f"{error.error} ({error.page.url if error.page else ''})")


@dataclass
class Door:
    """Opens pages for an account; each account signs in once and then carries its session along."""

    site: Site
    new_context: Callable[..., BrowserContext]
    watch: Watch
    sessions: dict[str, Any]

    def open(self, account: str = "", path: str = "/", **terms: Any) -> Page:
        """A page in a context of its own, blank without a path; without an account it is a stranger's."""
        if account and account not in self.sessions:
            self._sign_in(account)
        terms = {"viewport": DESKTOP, "storage_state": self.sessions.get(account), **terms}
        context = self.new_context(base_url=self.site.url, **terms)
        context.set_default_timeout(30_000)
        self.watch.follow(context)
        page = context.new_page()
        if path:
            page.goto(path)
        return page

    def _sign_in(self, account: str) -> None:
        """As its form does it, without drawing the form: test_accounts.py and others go through the page itself."""
        context = self.new_context(base_url=self.site.url)
        address = "/account/login/"
        context.request.get(address)
        token = next(each["value"] for each in context.cookies() if each["name"] == "csrftoken")
        fields = {"csrfmiddlewaretoken": token, "login": account, "password": self.site.passwords[account]}
        answer = context.request.post(address, form=fields, max_redirects=0)
        assert answer.status == 302, answer.text()
        self.sessions[account] = context.storage_state()
        context.close()


def sign_in(page: Page, account: str, password: str) -> None:
    page.get_by_label("用户名").fill(account)
    page.get_by_label("密码", exact=True).fill(password)
    follow(page.get_by_role("button", name="登录", exact=True))


def follow(control: Locator) -> None:
    """Press what leads to another page, or to this one anew, and wait until it stands: what is read or asked for next
    would race with it."""
    with control.page.expect_navigation():
        control.click()
