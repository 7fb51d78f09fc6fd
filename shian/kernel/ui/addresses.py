"""Addresses of pages, asked of the router once: a list of fifty rows and a sidebar need eighty of them.

page_address("census:operator_list")                     # "" for a page that is not there
record_address("census:operator_detail", operator.code)  # of a page whose address holds one text
record_addresses("census:operator_detail")               # the same for a whole list: a function of that text
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from urllib.parse import quote

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

_KEY = "-key-"
_PLAIN = "!$&'()*+,;=:@~"  # what reverse() leaves as it is inside one step of a path


def page_address(name: str) -> str:
    """The address of a page without parameters; "" when no such page is installed."""
    return page_addresses([name])[0]


def page_addresses(names: Iterable[str]) -> list[str]:
    """The addresses of several pages, "" for those that are not installed."""
    place = address_space()
    return [_address(name, place) for name in names]


def record_address(name: str, key: str) -> str:
    """The address of one record. Raises NoReverseMatch for an unknown page."""
    return record_addresses(name)(key)


def record_addresses(name: str) -> Callable[[str], str]:
    """Key → address of its record. Raises NoReverseMatch for an unknown page."""
    before, after = _reversed(name, (_KEY,), *address_space()).split(_KEY)
    return lambda key: f"{before}{quote(key, safe=_PLAIN)}{after}"


def address_space() -> tuple[str, str]:
    """Prefix and router, on which addresses depend; asked once for a whole list."""
    return get_script_prefix(), get_urlconf() or settings.ROOT_URLCONF


def _address(name: str, place: tuple[str, str]) -> str:
    try:
        return _reversed(name, (), *place)
    except NoReverseMatch:
        return ""


@lru_cache(maxsize=512)
def _reversed(name: str, args: tuple[str, ...], prefix: str, urlconf: str) -> str:
    """What is not found is not kept: prefix and router are part of the question, since both may change."""
    return reverse(name, urlconf, args)
