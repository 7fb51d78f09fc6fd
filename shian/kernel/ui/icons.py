"""Icons drawn inline from icons.svg, so that a page needs no second request and no font."""

import re
from functools import cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString

SPRITE = Path(__file__).with_name("icons.svg")
_SYMBOL = re.compile(r'<symbol id="([\w-]+)"[^>]*>(.*?)</symbol>', re.DOTALL)


@cache
def icon_paths() -> dict[str, str]:
    return dict(_SYMBOL.findall(SPRITE.read_text(encoding="utf-8")))


@cache
def icon_svg(name: str, label: str = "") -> SafeString:
    """The icon as inline SVG; hidden from screen readers unless it has a label of its own."""
    body = icon_paths().get(name)
    if body is None:
        raise LookupError(f"No icon {name!r} in {SPRITE.name}: add its <symbol> there.")
    described = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="sh-icon" viewBox="0 0 24 24" width="16" height="16" fill="none" stroke="currentColor" '
        'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" {}>{}</svg>',
        described,
        SafeString(body),  # from our own committed file
    )
