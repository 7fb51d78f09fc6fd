"""How often strangers at one address may ask what a code says. Counted in the memory of the web process for a minute,
never written down."""

import ipaddress

from django.core.cache import caches
from django.http import HttpRequest
from django.utils.translation import gettext as _

from shian.kernel.accounts.locks import client_ip
from shian.kernel.accounts.permissions import Verdict

CACHE = "visitors"
SECONDS = 60
SCANS, GUESSES = 300, 30  # a minute; a mobile network puts thousands of honest phones behind one address
NETWORK = 64  # bits of an IPv6 address that belong to one subscriber


def scan_limit(request: HttpRequest, *, is_known: bool) -> Verdict:
    """Whether this address may ask once more; texts that are on no code have the narrower limit."""
    kind, most = ("scan", SCANS) if is_known else ("guess", GUESSES)
    cache, key = caches[CACHE], f"{kind}:{_subscriber(client_ip(request))}"
    cache.add(key, 0, SECONDS)
    try:
        asked = cache.incr(key)
    except ValueError:  # the minute ended between the two calls
        asked = 1
    return Verdict(asked <= most, _("请等一分钟再试。"))


def _subscriber(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, NETWORK), strict=False).network_address)
