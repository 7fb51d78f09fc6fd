"""Addresses of pages, asked of the router once: a list of fifty rows and a sidebar need eighty of them.

page_address("census:operator_list")                     # "" for a page that is not there
record_address("census:operator_detail", operator.code)  # of a page whose address holds one text
"""

from functools import lru_cache
from urllib.parse import quote

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

_KEY = "-key-"
_PLAIN = "!$&'()*+,;=:@~"  # what reverse() leaves as it is inside one step of a path


def page_address(name: str) -> str:
    """The address of a page without parameters; "" when no such page is installed."""
    try:
        return _reversed(name, (), get_script_prefix(), get_urlconf() or settings.ROOT_URLCONF)
    except NoReverseMatch:
        return ""


def record_address(name: str, key: str) -> str:
    """The address of one record. Raises NoReverseMatch for an unknown page."""
    return _reversed(name, (_KEY,), get_script_prefix(), get_urlconf() or settings.ROOT_URLCONF).replace(
        _KEY, quote(key, safe=_PLAIN)
    )


@lru_cache(maxsize=512)
def _reversed(name: str, args: tuple[str, ...], prefix: str, urlconf: str) -> str:
    """What is not found is not kept: prefix and router are part of the question, since both may change."""
    return reverse(name, urlconf, args)
