"""The day's check on a phone without a network: the shell that the phone keeps, what it takes along, what it sends."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from shian.domains.selfcontrol.actions.controls import record_day
from shian.domains.selfcontrol.actions.refusals import DutyRefused
from shian.domains.selfcontrol.permissions import own_portal
from shian.domains.selfcontrol.queries.accounts import own_operator_by_key, signer_name
from shian.domains.selfcontrol.rules.controls import ANSWERS, Kept
from shian.kernel.accounts.permissions import open_to_all, requires
from shian.kernel.ui.formats import moment_text
from shian.kernel.ui.shells import Shell
from shian.portals.operator.queries import work_of

LONGEST, MOST = 500, 400  # signs of a text, items of a day
CLOCKS = range(1970, 2090)  # years that a phone may think it is in
DRAWN = (
    "alert-triangle", "arrow-left", "calendar-due", "check", "chevron-right", "circle-check", "clipboard-check",
    "clock", "edit", "info-circle", "list-check", "refresh", "trash", "upload", "x",
)  # fmt: skip


@dataclass(frozen=True)
class DayPost:
    """A day as a phone tells it."""

    day: date
    answers: Mapping[str, str]
    notes: Mapping[str, str]
    measures: Mapping[str, str]
    kept: Kept


def addresses() -> dict[str, str]:
    """Addresses that the page speaks to; VERSION (the operator's key) and INSTANCE are filled in there."""
    nobody = UUID(int=0)
    return {
        "home": reverse("operator:phone_detail"),
        "scope": reverse("operator:home"),
        "worker": reverse("operator:worker_download"),
        "session": reverse("field:session_read"),
        "assignments": reverse("operator:work_read"),
        "list": "",
        "survey": "",
        "submission": reverse("operator:day_receive", args=[0, nobody])
        .replace("/0/", "/VERSION/")
        .replace(str(nobody), "INSTANCE"),
        "submissions": reverse("operator:home"),
        "login": reverse("account_login"),
        "logout": reverse("account_logout"),
        "language": reverse("set_language"),
    }


@requires(own_portal)
@require_GET
def phone_detail(request: HttpRequest) -> HttpResponse:
    """The page of the day's check: nothing personal stands in it."""
    return shell().page(request)


@open_to_all
@require_GET
def shell_detail(request: HttpRequest) -> HttpResponse:
    """The same, for the service worker."""
    return shell().page(request)


@open_to_all
@require_GET
def worker_download(request: HttpRequest) -> HttpResponse:
    """The service worker, with the list of what it keeps."""
    return shell().worker()


@open_to_all
@require_GET
def manifest_download(request: HttpRequest) -> JsonResponse:
    """What a phone shows of the page once it is installed."""
    return shell().installed(_("食安企业端"), _("日管控"))


def shell() -> Shell:
    """Kept by the phone; every page of the portal leads to it when there is no network."""
    return Shell(
        template="operator/phone.html", island="frontend/islands/own/index.ts", icons=DRAWN, addresses=addresses,
        home="operator:phone_detail", frame="operator:shell_detail", manifest="operator:manifest_download",
        cache="shian-own-", below=reverse("operator:home"),
    )  # fmt: skip


@requires(own_portal)
@never_cache
@require_GET
def work_read(request: HttpRequest) -> JsonResponse:
    """What the phone takes along today."""
    return JsonResponse(work_of(request.user, timezone.localdate()))


@requires(own_portal)
@require_POST
def day_receive(request: HttpRequest, operator: int, instance: UUID) -> JsonResponse:
    """A day that a phone kept. The same post again changes nothing; another's record of the day stays (409)."""
    found = own_operator_by_key(request.user, operator)
    try:
        told = read_day(request.POST.get("answers", ""), request.POST.get("sent_at", ""))
    except (ValueError, TypeError, AttributeError, LookupError):
        return JsonResponse({"reason": _("内容无法识别。")}, status=400)
    try:
        record = record_day(
            operator=found, day=told.day, answers=told.answers, notes=told.notes, measures=told.measures,
            by=request.user, at=timezone.now(), kept=told.kept,
        )  # fmt: skip
    except DutyRefused as refused:
        return JsonResponse({"reason": str(refused)}, status=422)
    if record.noted_at != told.kept.noted_at or record.recorded_by != request.user.get_username():
        who, when = signer_name(found, record.recorded_by), moment_text(record.recorded_at)
        reason = _("当天已由%(who)s记录（%(when)s），手机上的这份没有采用。") % {"who": who, "when": when}
        return JsonResponse({"reason": reason}, status=409)
    return JsonResponse({"submission": found.pk, "missing": [], "score": None})


def read_day(body: str, sent_at: str) -> DayPost:
    """A post of a phone, read and checked in shape. Raises ValueError, TypeError, AttributeError, LookupError."""
    told = json.loads(body)
    answers = {str(key): value for key, value in told["answers"].items() if value in ANSWERS}
    if len(answers) > MOST:
        raise ValueError("too many answers")
    kept = Kept(
        noted_at=_moment(told["noted_at"]), sent_at=_moment(sent_at), list_version=int(told["list_version"]),
        shown=tuple(str(key) for key in told["shown"]),
    )  # fmt: skip
    day = date.fromisoformat(told["day"])
    return DayPost(day, answers, _texts(told["notes"]), _texts(told["measures"]), kept)


def _moment(told: str) -> datetime:
    found = datetime.fromisoformat(told)
    if found.tzinfo is None or found.year not in CLOCKS:
        raise ValueError("no time, or one without its zone")
    return found


def _texts(told: Mapping[str, Any]) -> dict[str, str]:
    return {str(key): str(value)[:LONGEST] for key, value in told.items()}
