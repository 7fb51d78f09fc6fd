"""Codes that a phone's camera reads, on pages and on paper."""

import segno
from django.utils.safestring import SafeString


def scan_code(url: str, scale: int = 3) -> SafeString:
    """The address as SVG, black on white in whatever colours the page has: no camera reads it otherwise."""
    return SafeString(segno.make_qr(url, error="m").svg_inline(scale=scale, border=2, light="#fff"))
