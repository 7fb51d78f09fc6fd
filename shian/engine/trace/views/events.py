"""EPCIS 2.0 for programs: capture, events, and the words that are in use. docs/epcis.md lists what is offered."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from shian.engine.trace import epcis
from shian.engine.trace.actions.capturing import digest_of_body, send_document, take_capture
from shian.engine.trace.documents import CONTEXT, LARGEST, Document, query_document, read_document, read_json
from shian.engine.trace.epcis import EpcisError, resource, told
from shian.engine.trace.event_queries import compiled
from shian.engine.trace.formats import translated
from shian.engine.trace.models import Capture, CaptureState
from shian.engine.trace.permissions import TRACE_CAPTURE, TRACE_READ
from shian.engine.trace.queries import Page, Place, events_as_sent, events_for, page_of_events, words_for
from shian.engine.trace.rules.events import Refused
from shian.engine.trace.rules.faults import Fault
from shian.engine.trace.rules.identifiers import BadIdentifier, Level, canonical
from shian.engine.trace.wording import fault_text

TOKEN = "nextPageToken"  # noqa: S105
SALT = "trace.page"
PARAMETERS = {"eventTypes": "eventType", "bizSteps": "EQ_bizStep", "dispositions": "EQ_disposition",
              "bizLocations": "EQ_bizLocation", "readPoints": "EQ_readPoint"}  # fmt: skip
WORDS = {"eventTypes", "bizSteps", "dispositions"}


@resource(GET=TRACE_READ, POST=TRACE_CAPTURE)
def capture_list(request: Any) -> HttpResponse:
    """GET: the jobs of whoever asks, newest first. POST: a document, which the worker takes; 202 with its address."""
    if request.method == "POST":
        return _send(request)
    jobs = Capture.objects.visible_to(request.user).of(request.user).order_by("-pk")[:100]
    return told([_job(each) for each in jobs])


def _send(request: HttpRequest) -> HttpResponse:
    behaviour = request.headers.get("GS1-Capture-Error-Behaviour", epcis.BEHAVIOURS[0])
    if behaviour not in epcis.BEHAVIOURS:
        raise EpcisError("Validation", f"GS1-Capture-Error-Behaviour: one of {', '.join(epcis.BEHAVIOURS)}.")
    body = body_of(request)
    capture = send_document(
        document=read_document(body),
        digest=digest_of_body(body),
        keeps_good=behaviour == "proceed",
        by=request.user,
        at=timezone.now(),
    )
    return HttpResponse(status=202, headers={"Location": reverse("trace:capture_detail", args=[capture.uid])})


def body_of(request: HttpRequest) -> bytes:
    """What was sent, where it is JSON of a bearable size. Raises EpcisError."""
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in {"application/json", "application/ld+json"}:
        raise EpcisError("UnsupportedMediaType", "Send application/json or application/ld+json; XML is not offered.")
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise EpcisError("CaptureLimitExceeded", f"At most {LARGEST} bytes.")
    return body


@resource(GET=TRACE_READ)
def capture_detail(request: Any, uid: UUID) -> HttpResponse:
    """One job."""
    job = Capture.objects.visible_to(request.user).of(request.user).filter(uid=uid).first()
    if job is None:
        raise Http404
    return told(_job(job))


def _job(capture: Capture) -> dict[str, Any]:
    faults = [Fault(each["path"], each["reason"], each["more"]) for each in capture.faults]
    answer: dict[str, Any] = {
        "captureID": str(capture.uid),
        "createdAt": capture.created_at.isoformat(),
        "running": capture.state == CaptureState.WAITING,
        "success": capture.state == CaptureState.DONE,
        "captureErrorBehaviour": "proceed" if capture.keeps_good else "rollback",
        "errors": [
            {"type": "epcisException:ValidationException", "title": "Validation", "path": each.path,
             "detail": fault_text(each)}
            for each in faults
        ],
    }  # fmt: skip
    if capture.finished_at:
        answer["finishedAt"] = capture.finished_at.isoformat()
    return answer


@resource(GET=TRACE_READ, POST=TRACE_CAPTURE)
def event_list(request: Any) -> HttpResponse:
    """GET: events that meet the parameters, a page at a time. POST: one event, taken at once; 201 or 409."""
    return _take(request) if request.method == "POST" else found_events(request, {})


def _take(request: HttpRequest) -> HttpResponse:
    body, now = body_of(request), timezone.now()
    event = read_json(body)
    context = event.get("@context", ()) if isinstance(event, dict) else ()
    document = Document({"@context": context}, [event], path="")
    sent = send_document(document=document, digest=digest_of_body(body), keeps_good=False, by=request.user, at=now)
    capture = take_capture(number=sent.pk, at=now)
    if capture.known or any(each["reason"] == "id_taken" for each in capture.faults):
        raise EpcisError("ResourceAlreadyExists", "An event with this identifier is here already.")
    if capture.faults:
        raise Refused([Fault(each["path"].removeprefix("/0"), each["reason"], each["more"]) for each in capture.faults])
    [row] = events_for(request.user, compiled({})).filter(capture=capture.pk)
    [found] = events_as_sent([row])
    return HttpResponse(
        status=201, headers={"Location": f"{reverse('trace:event_list')}/{quote(found['eventID'], safe='')}"}
    )


@resource(GET=TRACE_READ)
def event_detail(request: Any, name: str) -> HttpResponse:
    """One event by its identifier: of one that was declared an error, the declaration."""
    rows = list(events_for(request.user, compiled({"EQ_eventID": name}))[:10])
    if not rows:
        raise Http404
    [event] = events_as_sent(rows[-1:])
    return told({"@context": CONTEXT, **translated(event, epcis.chosen_format(request))})


@resource(GET=TRACE_READ)
def term_list(request: Any, kind: str) -> HttpResponse:
    """Words in use among the events in reach."""
    if kind not in WORDS:
        raise EpcisError("Implementation", f"A list of {kind} is not offered here; ask for their events.")
    return told({"@context": CONTEXT, "type": "Collection", "member": words_for(request.user, kind)})


@resource(GET=TRACE_READ, DELETE=TRACE_READ)
def unoffered_detail(request: Any, name: str) -> HttpResponse:
    """Resources of the standard that lead nowhere else: a word by itself, and giving a page's token back."""
    raise EpcisError("Implementation", f"{name.partition('/')[0]}/… is not offered here.")


@resource(GET=TRACE_READ)
def term_events_list(request: Any, kind: str, word: str) -> HttpResponse:
    """The events of one word, place or identifier."""
    if kind != "epcs":
        return found_events(request, {PARAMETERS[kind]: word})
    try:
        level = canonical(word).level
    except BadIdentifier as bad:
        raise EpcisError("NoSuchResource", str(bad)) from None
    return found_events(request, {"MATCH_anyEPC" if level == Level.INSTANCE else "MATCH_anyEPCClass": word})


def found_events(
    request: HttpRequest,
    fixed: Mapping[str, str],
    *,
    name: str = "SimpleEventQuery",
    prefixes: Mapping[str, str] | None = None,
) -> HttpResponse:
    """A page of the events that meet the address' parameters and those that are fixed."""
    asked = {name: "|".join(values) for name, values in request.GET.lists()}
    token = asked.pop(TOKEN, "")
    parameters = {**asked, **fixed}
    query, mark = compiled(parameters, prefixes or epcis.prefixes(request)), _mark(request.path, parameters)
    after, given = _place(token, mark) if token else (None, 0)
    page = page_of_events(request.user, query, after, given)
    events = [translated(each, epcis.chosen_format(request)) for each in page.events]
    document = query_document(events, name=name, at=timezone.now())
    return told(document, headers=_next(request, page, given, mark))


def _next(request: HttpRequest, page: Page, given: int, mark: str) -> dict[str, str]:
    if page.after is None:
        return {}
    at, number = page.after
    token = signing.dumps([at.isoformat(), number, given + len(page.events), mark], salt=SALT)
    params = request.GET.copy()
    params[TOKEN] = token
    link = request.build_absolute_uri(f"{request.path}?{params.urlencode()}")
    return {"Link": f'<{link}>; rel="next"', "GS1-Next-Page-Token-Expires": epcis.page_expiry()}


def _mark(path: str, parameters: dict[str, str]) -> str:
    """What a page token belongs to."""
    return hashlib.sha256(repr((path, sorted(parameters.items()))).encode()).hexdigest()[:16]


def _place(token: str, mark: str) -> tuple[Place, int]:
    try:
        at, number, given, own = signing.loads(token, salt=SALT, max_age=epcis.KEPT)
    except (signing.BadSignature, ValueError):
        own = None
    if own != mark:
        raise EpcisError("QueryParameter", "nextPageToken: not of this query, or expired.", parameter=TOKEN)
    return (datetime.fromisoformat(at), number), given
