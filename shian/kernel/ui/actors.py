"""Who did it, in words: the text that a seal keeps (`demo`, a user name) becomes a name that a reader understands.

A record keeps its actor as text, so the notary and the tables above it know no users. What is shown is asked of
providers, once per page for all actors on it:

# apps.py of the app that knows the people, in ready():
register_actor_provider(names_of)                  # (user names, viewer) -> {user name: text}; one query

# a view, a table, a fact: any place that takes text
TimelineEntry(_("更正"), at, by=actor(version.by))
# a template
{{ batch.difference_by|actor }}

`actor` returns text that is looked up only when it is drawn; by then the view has built its rows, so that one look-up
serves them all. Outside a request (a worker, a command) a name stays as it is stored, and systems have their words.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from shian.kernel.ui.states import Text

Provider = Callable[[Collection[str], Any], Mapping[str, Text]]

SYSTEM_ACTORS: dict[str, Text] = {
    "demo": _("演示数据"),
    "cli": _("命令行"),
    "worker": _("后台任务"),
}
_providers: list[Provider] = []


class _Page:
    """The actors that one page names: those still to be looked up, and those known."""

    def __init__(self, viewer: Callable[[], Any]) -> None:
        self.viewer = viewer
        self.wanted: set[str] = set()
        self.known: dict[str, Text] = {}

    def text(self, name: str) -> str:
        if name not in self.known:
            asked = self.wanted | {name}
            for provider in _providers:
                self.known |= provider(sorted(asked), self.viewer())
            self.known |= {each: each for each in asked if each not in self.known}
            self.wanted.clear()
        return str(self.known[name])


_lazily = lazy(_Page.text, str)
_page: ContextVar[_Page | None] = ContextVar("actors_of_page", default=None)


def register_actor_provider(provider: Provider) -> None:
    """Name a function that turns user names into texts for a viewer; it leaves out names that it does not know."""
    if provider not in _providers:
        _providers.append(provider)


def is_system_actor(name: str) -> bool:
    """Is this the name of a system, not of a person? No account may take it."""
    return name in SYSTEM_ACTORS


def actor(name: str | None) -> Text:
    """The actor as the present viewer may read it; "" for nobody. Looked up when it is drawn."""
    if not name or name in SYSTEM_ACTORS:
        return SYSTEM_ACTORS.get(name or "", "")
    page = _page.get()
    if page is None:
        return name
    if name not in page.known:
        page.wanted.add(name)
    drawn: Text = _lazily(page, name)
    return drawn


@contextmanager
def actors_seen_by(viewer: Callable[[], Any]) -> Iterator[None]:
    """Within this block actors are shown as `viewer()` may see them; the viewer is asked for only when needed."""
    token = _page.set(_Page(viewer))
    try:
        yield
    finally:
        _page.reset(token)
