"""The sidebar: every app registers its own entries; the shell knows none of them.

    # apps.py, in ready():
    register_nav(group="operators", label=_("经营主体"), url_name="census:operator_list", icon="building-store",
                 order=10, roles=None, key="o")

`group` is one of GROUPS below (fixed order, at most eight). `roles` is a set of role values that see the entry,
None for everybody signed in. `key` is the letter that follows `g` on the keyboard. `count` may return a number
shown beside the label; it runs on every page, so it must be one cheap indexed query.

What is drawn follows from language, entries, addresses, the active entry and the counts and from nothing else. So it
is drawn once for each of these and kept (`drawn`); a change in any of them is another question.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from shian.kernel.ui.addresses import address_space, page_addresses
from shian.kernel.ui.states import Text

GROUPS: dict[str, Text] = {
    "work": _("工作"),
    "campaign": _("创建推进"),
    "evaluation": _("评价考核"),
    "organisation": _("组织与示范"),
    "operators": _("主体与区划"),
    "supervision": _("日常监管"),
    "figures": _("台账、指标与报告"),
    "system": _("数据与系统"),
}

Counter = Callable[[HttpRequest], int | None]


@dataclass(frozen=True, eq=False)
class NavEntry:
    """Compared by identity: its texts are lazy, and comparing them would translate them."""

    group: str
    label: Text
    url_name: str
    icon: str
    order: int
    roles: frozenset[str] | None
    key: str
    count: Counter | None
    is_exact: bool = False


@dataclass(frozen=True)
class NavLink:
    """An entry as one user sees it on one page."""

    entry: NavEntry
    url: str
    is_active: bool
    count: int | None

    @property
    def label(self) -> Text:
        return self.entry.label

    @property
    def icon(self) -> str:
        return self.entry.icon

    @property
    def key(self) -> str:
        return self.entry.key


@dataclass(frozen=True)
class NavGroup:
    key: str
    links: tuple[NavLink, ...]

    @property
    def label(self) -> Text:
        return GROUPS[self.key]


_entries: dict[str, NavEntry] = {}
_homes: dict[str, str] = {}
_without_search: set[str] = set()


def register_nav(
    *,
    group: str,
    label: Text,
    url_name: str,
    icon: str,
    order: int = 100,
    roles: Collection[str] | None = None,
    key: str = "",
    count: Counter | None = None,
    is_exact: bool = False,
) -> None:
    """Adds one entry; registering the same url name again replaces it. `key` is "o" or "g o". System administrators see
    every entry but those that are for exactly their roles."""
    if group not in GROUPS:
        raise LookupError(f"Unknown navigation group {group!r}; choose one of {', '.join(GROUPS)}.")
    letter = key.removeprefix("g").strip() if len(key) > 1 else key
    allowed = None if roles is None else frozenset(roles)
    _entries[url_name] = NavEntry(group, label, url_name, icon, order, allowed, letter, count, is_exact)
    _pages_of.cache_clear()


def register_home(role: str, url_name: str, *, searches: bool = True) -> None:
    """Give a role a first page of its own. Its sidebar then shows only the entries that name the role; where it does
    not search, the bar above has no field for it."""
    _homes[role] = url_name
    _pages_of.cache_clear()
    if not searches:
        _without_search.add(role)


def may_search(user: object) -> bool:
    """Does the bar above offer the user the search of operators?"""
    return str(getattr(user, "role", "")) not in _without_search


def home_of(user: object) -> str:
    """The name of the first page of the user's role; "" where it is everybody's."""
    return _homes.get(str(getattr(user, "role", "")), "")


def nav_for(user: object, request: HttpRequest) -> tuple[NavGroup, ...]:
    """The groups and entries this user may open; the entry that contains the present page is active."""
    role, sees_all = str(getattr(user, "role", "")), bool(getattr(user, "is_superuser", False))
    groups = _pages_of(role, sees_all, address_space())
    urls = [url for pages in groups.values() for _entry, url in pages]
    active = max((url for url in urls if _contains(url, request.path)), key=len, default="")
    return tuple(
        NavGroup(key, tuple(_link(entry, url, active, request) for entry, url in pages))
        for key, pages in groups.items()
    )


@lru_cache(maxsize=64)
def _pages_of(role: str, sees_all: bool, space: tuple[str, str]) -> dict[str, list[tuple[NavEntry, str]]]:
    """Group → the entries that the role may open, in their order, with their addresses in that space."""
    allowed = [entry for entry in _entries.values() if (sees_all and not entry.is_exact) or _may_see(role, entry)]
    allowed.sort(key=lambda entry: entry.order)
    urls = page_addresses(entry.url_name for entry in allowed)
    pages = [(entry, url) for entry, url in zip(allowed, urls, strict=True) if url]
    grouped = {key: [page for page in pages if page[0].group == key] for key in GROUPS}
    return {key: found for key, found in grouped.items() if found}


@lru_cache(maxsize=256)
def drawn(template: str, language: str, groups: tuple[NavGroup, ...]) -> SafeString:
    """A template whose only variable is `groups`, in that language."""
    with override(language):
        return SafeString(render_to_string(template, {"groups": groups}))


def _link(entry: NavEntry, url: str, active: str, request: HttpRequest) -> NavLink:
    count = entry.count(request) if entry.count else None
    return NavLink(entry, url, url == active, count)


def _may_see(role: str, entry: NavEntry) -> bool:
    return role not in _homes if entry.roles is None else role in entry.roles


def _contains(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))
