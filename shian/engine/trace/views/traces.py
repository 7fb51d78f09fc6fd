"""Where a lot came from and went to, for programs: beyond the standard, which has peers ask event by event."""

import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse

from shian.engine.trace import epcis
from shian.engine.trace.epcis import EpcisError, resource, told
from shian.engine.trace.event_conditions import BadParameter, moment
from shian.engine.trace.models import Ring
from shian.engine.trace.permissions import TRACE_READ
from shian.engine.trace.reached import Key, keys_of, pages_of, roots_of
from shian.engine.trace.rules.identifiers import BadIdentifier, canonical
from shian.engine.trace.views.events import TOKEN
from shian.engine.trace.walks import Direction, Limits, Walk, walk

MOST = 10_000  # rows of one JSON answer; a stream has them all
SALT = "trace.walk"
NDJSON = "application/x-ndjson"
KNOWN = {"direction", "depth", "since", "until", "ring", "format", TOKEN}


@resource(GET=TRACE_READ)
def trace_detail(request: Any, lot: str) -> HttpResponse | StreamingHttpResponse:
    """?direction=forward|backward&depth=&since=&until=&ring=confirmed&format=json|ndjson."""
    if unknown := sorted(request.GET.keys() - KNOWN):
        raise BadParameter(unknown[0], "no such parameter")
    try:
        uri = canonical(lot).uri
    except BadIdentifier as bad:
        raise EpcisError("NoSuchResource", str(bad)) from None
    roots = roots_of(request.user, uri)
    if not roots:
        raise Http404
    found = walk(roots, _direction(request), _limits(request))
    keys = keys_of(found)
    if request.GET.get("format", "json") == "ndjson":
        return StreamingHttpResponse(_lines(request.user, uri, found, keys), content_type=NDJSON)
    return _page(request, uri, found, keys)


def _page(request: HttpRequest, uri: str, found: Walk, keys: Sequence[Key]) -> HttpResponse:
    """At most MOST rows. What is left out is told: a token where to go on."""
    start = bisect_right(keys, _after(request)) if TOKEN in request.GET else 0
    shown = keys[start : start + MOST]
    rows, hidden = list[dict[str, Any]](), 0
    for page in pages_of(request.user, shown):
        rows += page.rows
        hidden += page.hidden
    answer = {**_summary(uri, found), "beyondReach": hidden, "rows": rows}
    if start + MOST >= len(keys):
        return told(answer)
    params = request.GET.copy()
    params[TOKEN] = signing.dumps(shown[-1], salt=SALT)
    link = request.build_absolute_uri(f"{request.path}?{params.urlencode()}")
    headers = {"Link": f'<{link}>; rel="next"', "GS1-Next-Page-Token-Expires": epcis.page_expiry()}
    return told({**answer, "complete": False, TOKEN: params[TOKEN]}, headers=headers)


def _lines(user: Any, uri: str, found: Walk, keys: Sequence[Key]) -> Iterator[bytes]:
    """The summary, a row a line, and how many were beyond reach: a stream that broke off is known by its end."""
    hidden = 0
    yield _line(_summary(uri, found))
    for page in pages_of(user, keys):
        hidden += page.hidden
        yield b"".join(map(_line, page.rows))
    yield _line({"end": True, "rows": len(keys) - hidden, "beyondReach": hidden})


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


def _summary(uri: str, found: Walk) -> dict[str, Any]:
    return {
        "lot": uri, "direction": str(found.direction), "roots": len(found.roots), "depth": found.depth,
        "confirmed": len(found.confirmed), "possible": len(found.possible), "complete": found.is_complete,
    }  # fmt: skip


def _direction(request: HttpRequest) -> Direction:
    text = request.GET.get("direction", Direction.FORWARD)
    if text not in {str(each) for each in Direction}:
        raise BadParameter("direction", "one of forward, backward")
    if request.GET.get("format", "json") not in {"json", "ndjson"}:
        raise BadParameter("format", "one of json, ndjson")
    return Direction(text)


def _limits(request: HttpRequest) -> Limits:
    asked = request.GET
    depth, ring = asked.get("depth", ""), asked.get("ring", "possible")
    if depth and not (depth.isdecimal() and depth.isascii() and len(depth) < 4):
        raise BadParameter("depth", "a number below 1,000")
    if ring not in {each.name.lower() for each in Ring}:
        raise BadParameter("ring", "one of confirmed, possible")
    return Limits(
        depth=int(depth) if depth else None,
        since=moment("since", asked["since"]) if asked.get("since") else None,
        until=moment("until", asked["until"]) if asked.get("until") else None,
        ring=Ring[ring.upper()],
    )


def _after(request: HttpRequest) -> Key:
    try:
        ring, depth, holding = signing.loads(request.GET[TOKEN], salt=SALT, max_age=epcis.KEPT)
    except (signing.BadSignature, ValueError):
        raise EpcisError("QueryParameter", "nextPageToken: not of a trace, or expired.", parameter=TOKEN) from None
    return ring, depth, holding
