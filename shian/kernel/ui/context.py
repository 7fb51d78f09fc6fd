"""What the shell needs on every page; computed only when a template asks for it."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from shian.kernel.ui.addresses import page_address
from shian.kernel.ui.bell import Bell, bell_for
from shian.kernel.ui.navigation import NavGroup, drawn, home_of, may_search, nav_for

THEMES = frozenset({"light", "dark"})


@dataclass(frozen=True)
class Language:
    code: str
    name: str
    is_active: bool


class Shell:
    """Navigation, search, language and theme of the page that answers this request."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def groups(self) -> tuple[NavGroup, ...]:
        user = getattr(self._request, "user", None)
        if user is None or not user.is_authenticated:
            return ()
        return nav_for(user, self._request)

    @property
    def sidebar(self) -> SafeString:
        """The groups and their links."""
        return drawn("ui/components/navigation.html", get_language() or "", self.groups)

    @property
    def shortcuts(self) -> SafeString:
        """The dialog of keyboard shortcuts with the entries that a letter after "g" opens."""
        return drawn("ui/components/shortcuts.html", get_language() or "", self.groups)

    @cached_property
    def bell(self) -> Bell | None:
        return bell_for(self._request)

    @property
    def theme(self) -> str:
        chosen = self._request.COOKIES.get("shian_theme", "")
        return chosen if chosen in THEMES else ""

    @property
    def search_url(self) -> str:
        if not may_search(getattr(self._request, "user", None)):
            return ""
        return page_address(getattr(settings, "SHIAN_SEARCH_URL_NAME", "census:operator_list"))

    @property
    def home_url(self) -> str:
        own = home_of(getattr(self._request, "user", None))
        return page_address(own or getattr(settings, "SHIAN_HOME_URL_NAME", "office:home")) or "/"

    @property
    def logout_url(self) -> str:
        return page_address("account_logout")

    @property
    def account_url(self) -> str:
        return page_address("accounts:account_detail")

    @property
    def password_url(self) -> str:
        return page_address("account_change_password")

    @property
    def language_url(self) -> str:
        return page_address("set_language")

    @property
    def languages(self) -> list[Language]:
        return [Language(code, name, code == get_language()) for code, name in settings.LANGUAGES]

    @property
    def path(self) -> str:
        return self._request.get_full_path()


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Context processor: `shell` in every template."""
    return {"shell": Shell(request)}
