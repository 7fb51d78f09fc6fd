"""One value of a table or fact as HTML. In Python, not as an include: a list of fifty rows draws 400 of them.

Pieces are joined with f-strings whose every value has gone through `escaped`: format_html does the same to each of its
arguments, at four times the cost.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import lru_cache
from html import escape
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from shian.kernel.ui import formats
from shian.kernel.ui.icons import icon_svg
from shian.kernel.ui.states import Text, state_of

NUMERIC = frozenset({"number", "percent", "rate"})
NOTHING = format_html('<span class="sh-nothing">{}</span>', formats.DASH)


def escaped(value: object) -> str:
    """Text that may stand in HTML; what is marked safe stays as it is."""
    if type(value) is str:
        return escape(value)
    if isinstance(value, Promise):
        value = str(value)
    return value.__html__() if hasattr(value, "__html__") else escape(str(value))


def state_badge(key: str, label: Text = "") -> SafeString:
    """Icon, word and colour of a state: done, due, overdue, waiting or neutral."""
    return _badge(key, escaped(label) or escaped(state_of(key).label))


@lru_cache(maxsize=1024)
def _badge(key: str, label: str) -> SafeString:
    """`label` is HTML already."""
    state = state_of(key)
    return SafeString(f'<span class="sh-badge sh-badge-{state.key}">{icon_svg(state.icon)}{label}</span>')


def progress_bar(part: object, whole: object, state: str = "") -> SafeString:
    """A thin bar as SVG, because the content security policy allows no style attribute."""
    ratio = 0.0
    if isinstance(part, formats.NUMBERS) and isinstance(whole, formats.NUMBERS) and whole:
        ratio = min(1.0, max(0.0, float(part) / float(whole)))
    return format_html(
        '<svg class="sh-bar sh-bar-{}" role="img" aria-label="{}" preserveAspectRatio="none">'
        '<rect class="sh-bar-track" width="100%" height="100%" rx="3"/>'
        '<rect class="sh-bar-fill" width="{}%" height="100%" rx="3"/></svg>',
        state or "plain",
        formats.percent_text(part, whole),
        f"{ratio * 100:.1f}",
    )


def _badges(value: Any) -> SafeString:
    labels: Iterable[Any] = [value] if isinstance(value, str | SafeString) else value
    return format_html_join(" ", '<span class="sh-badge sh-badge-plain">{}</span>', ((label,) for label in labels))


def _progress(value: Any) -> SafeString:
    part, whole = value
    return format_html(
        '<span class="sh-progress">{}<span class="num">{}</span></span>',
        progress_bar(part, whole),
        formats.percent_text(part, whole),
    )


_DRAW: dict[str, Callable[[Any], object]] = {
    "number": formats.number_text,
    "percent": lambda value: (
        formats.percent_text(*value) if isinstance(value, tuple) else f"{formats.number_text(value)}%"
    ),
    "rate": lambda value: formats.rate_text(*value),
    "date": formats.date_text,
    "moment": formats.moment_text,
    "time": formats.time_text,
    "week": formats.week_text,
    "code": lambda value: SafeString(f'<code class="sh-code">{escaped(value)}</code>'),
    "badges": _badges,
    "progress": _progress,
}


def value_html(value: Any, kind: str = "text", decimals: int | None = None) -> SafeString:
    """The value as its kind reads; a grey dash for nothing. An untold date, moment or number is recognised."""
    if isinstance(value, Promise):
        value = str(value)
    if value is None or value == "":
        return NOTHING
    if kind == "text":
        if type(value) is str:
            return SafeString(escape(value))
        kind = _kind_of(value)
    if kind == "number" and decimals is not None:
        return SafeString(escape(formats.number_text(value, decimals)))
    draw = _DRAW.get(kind)
    return SafeString(escaped(draw(value) if draw else value))


def _kind_of(value: object) -> str:
    if isinstance(value, datetime):
        return "moment"
    if isinstance(value, date):
        return "date"
    if isinstance(value, formats.NUMBERS) and not isinstance(value, bool):
        return "number"
    return "text"
