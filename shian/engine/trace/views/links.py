"""A GS1 Digital Link on this site (Digital Link URI Syntax 1.2): a page, or where its links lead."""

import json
from urllib.parse import unquote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shian.engine.trace.links import DEFAULT, VOC, bare_kind, is_known, links_of, notes_of
from shian.engine.trace.rules.identifiers import DOMAIN, BadIdentifier, Identifier, Level, canonical
from shian.kernel.accounts.permissions import open_to_all
from shian.kernel.accounts.visitors import SECONDS, scan_limit
from shian.kernel.disclosures.asking import slowed_down
from shian.kernel.ui.pieces import Fact, Section

LINKSET = "application/linkset+json"


class Onward(HttpResponseRedirect):
    """307: the address asked for stays the right one."""

    status_code = 307


@open_to_all
def link_detail(request: HttpRequest, link: str) -> HttpResponseBase:
    """The page of a known identifier; ?linkType=gs1:epcis leads on, linkset tells all links."""
    try:
        found: Identifier | None = canonical(f"{DOMAIN}/{link}")
    except BadIdentifier:
        found = None
    known = found if found and found.level != Level.OTHER and is_known(found) else None
    if not scan_limit(request, is_known=known is not None).allowed:
        return slowed_down(request, SECONDS)
    if known is None:
        raise Http404
    return _led(request, known)


def _led(request: HttpRequest, found: Identifier) -> HttpResponseBase:
    """The page of a known identifier, or the link that was asked for."""
    own = request.build_absolute_uri(found.uri.removeprefix(DOMAIN))
    events = request.build_absolute_uri(reverse("trace:event_list"))
    links = links_of(found, own=own, events=events)
    asked = bare_kind(request.GET.get("linkType", ""))
    if asked in {"linkset", "all"} or LINKSET in request.headers.get("Accept", ""):
        answer = HttpResponse(json.dumps(_linkset(own, links)), content_type=LINKSET)
    elif asked and asked not in links:
        raise Http404
    elif (target := links[asked or DEFAULT]) != own:
        answer = Onward(target)
    else:
        answer = render(request, "trace/link_detail.html", {"section": _facts(found), "notes": notes_of(found)})
    answer.headers["Link"] = f'<{own}?linkType=linkset>; rel="linkset"; type="{LINKSET}"'
    return answer


def _linkset(own: str, links: dict[str, str]) -> dict[str, object]:
    """RFC 9264."""
    return {"linkset": [{"anchor": own, **{f"{VOC}{kind}": [{"href": target}] for kind, target in links.items()}}]}


def _facts(found: Identifier) -> Section:
    steps = found.uri.removeprefix(f"{DOMAIN}/").split("/")
    names = {
        "01": _("商品条码"), "10": _("批号"), "21": _("序列号"), "235": _("序列号"), "00": _("物流单元编码"),
        "414": _("位置码"), "254": _("位置扩展码"), "417": _("主体位置码"),
    }  # fmt: skip
    kinds = {
        Level.INSTANCE: _("单品"), Level.CLASS: pgettext("lot", "批次") if "/" in found.key else _("品种"),
        Level.PLACE: _("地点"), Level.PARTY: _("主体"),
    }  # fmt: skip
    parts = [Fact(names.get(key, key), unquote(value)) for key, value in zip(steps[::2], steps[1::2], strict=False)]
    facts = [Fact(_("类别"), kinds[found.level]), *parts, Fact(_("标准写法"), found.uri, is_copied=True)]
    return Section(_("标识"), facts)
