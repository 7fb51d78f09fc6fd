"""The protocol of EPCIS 2.0 over HTTP (§12): who may ask, versions and formats, errors as problem details.

A program comes with a token, as everywhere below /api (scopes read:epcis and write:epcis); who has none gets the
platform's own 401. Everything else that goes wrong is an `epcisException`. What the standard has and we do not answers
501 and names itself.
"""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import wraps
from typing import Any, cast

from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from shian.engine.trace.actions.capturing import TooMany
from shian.engine.trace.actions.subscribing import BadSubscription, NameTaken
from shian.engine.trace.documents import LARGEST, MOST
from shian.engine.trace.event_conditions import BadParameter, NotOffered
from shian.engine.trace.queries import TooLarge
from shian.engine.trace.rules.events import Refused
from shian.engine.trace.rules.schedules import BadSchedule
from shian.engine.trace.wording import fault_text
from shian.kernel.accounts.permissions import Policy, open_to_all

AREA = "epcis"
VERSION, CBV = "2.0.0", "2.0.0"
KEPT = timedelta(hours=24)  # a page token
STATUSES = {
    "Validation": 400, "QueryParameter": 400, "QueryValidation": 400, "Security": 403, "NoSuchResource": 404,
    "NoSuchName": 404, "NotAcceptable": 406, "ResourceAlreadyExists": 409, "CaptureLimitExceeded": 413,
    "QueryTooLarge": 413, "QueryTooComplex": 413, "UnsupportedMediaType": 415, "Implementation": 501,
    "SubscriptionControls": 400,
}  # fmt: skip
FORMATS = ("No_Preference", "Never_Translates", "Always_GS1_Digital_Link", "Always_EPC_URN")
BEHAVIOURS = ("rollback", "proceed")
Answer = Callable[..., HttpResponseBase]


class EpcisError(Exception):
    """An error of the standard. `kind`: the name of its exception without the ending."""

    def __init__(self, kind: str, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.kind, self.detail, self.more = kind, detail, more


def resource(**methods: Policy) -> Callable[[Answer], Answer]:
    """A resource and who may do what with it: @resource(GET=TRACE_READ, POST=TRACE_CAPTURE)."""

    def decorate(view: Answer) -> Answer:
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **values: Any) -> HttpResponseBase:
            try:
                answer: HttpResponseBase = _answer(view, methods, request, *args, **values)
            except Exception as error:
                told = problem_of(error)
                if told is None:
                    raise
                transaction.set_rollback(True)
                answer = told
            for name, value in headers().items():
                answer.headers.setdefault(name, value)
            return answer

        answered.is_api = True  # type: ignore[attr-defined]
        opened: Any = answered
        found: Any = csrf_exempt(open_to_all(opened))
        return cast("Answer", found)

    return decorate


def _answer(view: Answer, methods: Mapping[str, Policy], request: Any, *args: Any, **values: Any) -> HttpResponseBase:
    allow = ", ".join(["OPTIONS", *methods])
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": allow})
    if request.method not in methods:
        return HttpResponse(status=405, headers={"Allow": allow})
    scope = f"{'read' if request.method == 'GET' else 'write'}:{AREA}"
    if scope not in request.api_entry.scopes:
        raise EpcisError("Security", f"The token lacks the scope {scope}.")
    verdict = methods[request.method](request.user)
    if not verdict.allowed:
        raise EpcisError("Security", verdict.reason)
    _check_versions(request)
    return view(request, *args, **values)


def _check_versions(request: HttpRequest) -> None:
    for name, own in (("GS1-EPCIS", VERSION), ("GS1-CBV", CBV)):
        asked = request.headers.get(f"{name}-Version", own)
        least, most = request.headers.get(f"{name}-Min", own), request.headers.get(f"{name}-Max", own)
        if not own.startswith(asked.strip()) or least > own or most + ".9" < own:
            raise EpcisError("NotAcceptable", f"{name}-Version: {own} is spoken here.")
    if chosen_format(request) not in FORMATS:
        raise EpcisError("NotAcceptable", f"GS1-EPC-Format: one of {', '.join(FORMATS)}.")
    accepts = request.headers.get("Accept", "*/*")
    if not any(kind in accepts for kind in ("*/*", "application/*", "json")):
        raise EpcisError("NotAcceptable", "Answers are application/json or application/ld+json; XML is not offered.")


def prefixes(request: HttpRequest) -> dict[str, str]:
    """The header GS1-Extensions: which prefix stands for which namespace. "lf=https://ns.example.org/lf/, …"."""
    told = (each.partition("=") for each in request.headers.get("GS1-Extensions", "").split(",") if each.strip())
    found = {name.strip(): space.strip() for name, _equals, space in told}
    if not all(name and ":" in space for name, space in found.items()):
        raise EpcisError("QueryParameter", "GS1-Extensions: prefix=namespace, several joined by commas.")
    return found


def chosen_format(request: HttpRequest) -> str:
    return request.headers.get("GS1-EPC-Format", FORMATS[0])


def headers() -> dict[str, str]:
    """What every answer carries, so that OPTIONS says what is possible."""
    return {
        "GS1-EPCIS-Version": VERSION,
        "GS1-EPCIS-Min": VERSION,
        "GS1-EPCIS-Max": VERSION,
        "GS1-CBV-Version": CBV,
        "GS1-CBV-Min": CBV,
        "GS1-CBV-Max": CBV,
        "GS1-EPC-Format": FORMATS[0],
        "GS1-Vendor-Version": "shian",
        "GS1-EPCIS-Capture-Limit": str(MOST),
        "GS1-EPCIS-Capture-File-Size-Limit": str(LARGEST),
        "Cache-Control": "private, no-store",
    }


def told(value: Any, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """An answer as JSON."""
    return HttpResponse(
        json.dumps(value, ensure_ascii=False), content_type="application/ld+json", headers=dict(headers or {})
    )


def page_expiry() -> str:
    return (timezone.now() + KEPT).isoformat(timespec="seconds")


def problem_of(error: Exception) -> HttpResponse | None:
    """The answer that an exception means; None for a fault of ours."""
    if isinstance(error, EpcisError):
        return _problem(error.kind, error.detail, **error.more)
    if isinstance(error, Refused):
        faults = [{"path": each.path, "reason": each.reason, "detail": fault_text(each)} for each in error.faults]
        return _problem("Validation", faults[0]["detail"], errors=faults)
    if isinstance(error, NotOffered):
        return _problem("Implementation", f"{error.name} is not offered here.", parameter=error.name)
    if isinstance(error, BadParameter):
        return _problem("QueryParameter", str(error), parameter=error.name)
    if isinstance(error, NameTaken):
        return _problem("ResourceAlreadyExists", f"{error}: there is a query of this name.")
    if isinstance(error, (BadSubscription, BadSchedule)):
        return _problem("SubscriptionControls", str(error))
    if isinstance(error, TooLarge):
        return _problem("QueryTooLarge", f"More than {error} events.")
    if isinstance(error, TooMany):
        return _problem("CaptureLimitExceeded", f"{error} events; {MOST} at most.")
    if isinstance(error, RequestDataTooBig):
        return _problem("CaptureLimitExceeded", f"At most {LARGEST} bytes.")
    return _problem("NoSuchResource", "There is nothing here.") if isinstance(error, Http404) else None


def _problem(kind: str, detail: str, **more: Any) -> HttpResponse:
    status = STATUSES[kind]
    body = {"type": f"epcisException:{kind}Exception", "title": kind, "status": status, "detail": detail, **more}
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type="application/problem+json")
