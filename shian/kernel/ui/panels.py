"""Tabs of a shared record: an app shows its rows on another app's record page without being imported by it.

# apps.py of a domain, in ready():
register_panel(record="operator", key="samples", label=_("抽检"), order=40,
               count=lambda request, operator: queries.samples_of(operator, request.user).count(),
               render=views.operator_samples_panel)        # (request, record) -> HTML, e.g. render_to_string(...)
# or url=lambda operator: reverse(...) when the rows have a page of their own

# view of the record:
tabs = tabs_for("operator", operator, request)             # the tab named by ?tab= is active
body = panel_body("operator", operator, request)           # its HTML; "" when the first tab (facts) is open
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from shian.kernel.ui.pieces import Tab
from shian.kernel.ui.states import Text

Count = Callable[[HttpRequest, Any], int | None]
Render = Callable[[HttpRequest, Any], SafeString]
PARAMETER = "tab"


@dataclass(frozen=True)
class Panel:
    key: str
    label: Text
    order: int
    count: Count | None
    render: Render | None
    url: Callable[[Any], str] | None
    roles: frozenset[str] | None


_panels: dict[str, dict[str, Panel]] = {}


def register_panel(
    *,
    record: str,
    key: str,
    label: Text,
    order: int = 100,
    count: Count | None = None,
    render: Render | None = None,
    url: Callable[[Any], str] | None = None,
    roles: Collection[str] | None = None,
) -> None:
    """Adds one tab to every record of that kind; exactly one of `render` and `url` says what it opens."""
    if (render is None) == (url is None):
        raise TypeError("A panel has either `render` or `url`.")
    allowed = None if roles is None else frozenset(roles)
    _panels.setdefault(record, {})[key] = Panel(key, label, order, count, render, url, allowed)


def panels_of(record: str, user: object) -> list[Panel]:
    role = str(getattr(user, "role", ""))
    everything = getattr(user, "is_superuser", False)
    seen = [p for p in _panels.get(record, {}).values() if p.roles is None or everything or role in p.roles]
    return sorted(seen, key=lambda panel: panel.order)


def tabs_for(record: str, subject: object, request: HttpRequest, first: Text = "") -> list[Tab]:
    """The first tab (the record itself) and one tab per panel, with counts."""
    panels = panels_of(record, request.user)
    chosen = request.GET.get(PARAMETER, "")
    is_first = chosen not in {panel.key for panel in panels}
    tabs = [Tab(first or _("概况"), request.path, is_active=is_first)]
    for panel in panels:
        url = panel.url(subject) if panel.url else f"{request.path}?{PARAMETER}={panel.key}"
        count = panel.count(request, subject) if panel.count else None
        tabs.append(Tab(panel.label, url, count=count, is_active=panel.key == chosen))
    return tabs


def panel_body(record: str, subject: object, request: HttpRequest) -> SafeString:
    """The HTML of the tab that is open; empty for the first one."""
    for panel in panels_of(record, request.user):
        if panel.key == request.GET.get(PARAMETER) and panel.render:
            return panel.render(request, subject)
    return SafeString("")
