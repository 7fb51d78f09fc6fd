"""Named queries of EPCIS 2.0 and subscriptions to them by webhook. Each program sees its owner's."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from shian.engine.trace import epcis
from shian.engine.trace.actions.subscribing import Wish, drop_query, keep_query, subscribe, unsubscribe
from shian.engine.trace.documents import read_json
from shian.engine.trace.epcis import EpcisError, resource, told
from shian.engine.trace.event_conditions import moment
from shian.engine.trace.models import NamedQuery, Subscription
from shian.engine.trace.permissions import TRACE_READ
from shian.engine.trace.rules.event_hash import prefixes_of
from shian.engine.trace.views.events import body_of, found_events

LONGEST_NAME, LONGEST_SECRET, LONGEST_URL = 200, 200, 500
LARGEST = 1 << 18  # bytes of a query


@resource(GET=TRACE_READ, POST=TRACE_READ)
def query_list(request: Any) -> HttpResponse:
    """GET: the owner's queries. POST: {"name", "query": {parameter: value or values}}; 201 or 409."""
    if request.method == "GET":
        return told([_query(each) for each in NamedQuery.objects.visible_to(request.user).order_by("name")])
    body = _object(request)
    name, asked = body.get("name"), body.get("query")
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME or "/" in name:
        raise EpcisError("QueryValidation", f"name: a text of at most {LONGEST_NAME} characters, without a slash.")
    if not isinstance(asked, dict):
        raise EpcisError("QueryValidation", "query: an object of parameters.")
    context = body.get("@context", asked.pop("@context", [])) or [epcis.prefixes(request)]
    query = keep_query(
        name=name, parameters={each: _text(each, value) for each, value in asked.items()}, context=context,
        by=request.user, at=timezone.now(),
    )  # fmt: skip
    return HttpResponse(status=201, headers={"Location": f"{reverse('trace:query_list')}/{quote(query.name)}"})


@resource(GET=TRACE_READ, DELETE=TRACE_READ)
def query_detail(request: Any, name: str) -> HttpResponse:
    """One query; DELETE forgets it with its subscriptions."""
    query = _named(request, name)
    if request.method == "DELETE":
        drop_query(query=query, by=request.user, at=timezone.now())
        return HttpResponse(status=204)
    return told(_query(query))


@resource(GET=TRACE_READ)
def query_events_list(request: Any, name: str) -> HttpResponse:
    """The events that meet a query now; perPage and nextPageToken as for events."""
    query = _named(request, name)
    return found_events(request, query.parameters, name=query.name, prefixes=prefixes_of(query.context))


@resource(GET=TRACE_READ, POST=TRACE_READ)
def subscription_list(request: Any, name: str) -> HttpResponse:
    """GET: the query's subscriptions. POST: {"dest", "signatureToken", "schedule" or "stream", …}; 201."""
    query = _named(request, name)
    if request.method == "GET":
        return told([_subscription(each) for each in query.subscriptions.order_by("pk")])
    made = subscribe(query=query, wish=_wish(_object(request)), by=request.user, at=timezone.now())
    address = f"{reverse('trace:query_list')}/{quote(query.name)}/subscriptions/{made.uid}"
    return HttpResponse(
        json.dumps(_subscription(made)), status=201, content_type="application/json", headers={"Location": address}
    )


@resource(GET=TRACE_READ, DELETE=TRACE_READ)
def subscription_detail(request: Any, name: str, uid: UUID) -> HttpResponse:
    """One subscription with what became of its last deliveries; DELETE ends it."""
    found = Subscription.objects.visible_to(request.user).filter(query=_named(request, name), uid=uid).first()
    if found is None:
        raise Http404
    if request.method == "DELETE":
        unsubscribe(subscription=found, by=request.user, at=timezone.now())
        return HttpResponse(status=204)
    last = [
        {"id": str(each.uid), "state": each.state, "events": each.events, "attempts": each.attempts,
         "error": each.error, "createdAt": each.created_at.isoformat()}
        for each in found.deliveries.order_by("-pk")[:20]
    ]  # fmt: skip
    return told({**_subscription(found), "deliveries": last})


def _named(request: Any, name: str) -> NamedQuery:
    found = NamedQuery.objects.visible_to(request.user).filter(name=name).first()
    if found is None:
        raise EpcisError("NoSuchName", "There is no query of this name.")
    return found  # type: ignore[no-any-return]


def _query(query: NamedQuery) -> dict[str, Any]:
    return {"name": query.name, "query": query.parameters, "createdAt": query.created_at.isoformat()}


def _subscription(found: Subscription) -> dict[str, Any]:
    when = {"schedule": found.schedule} if found.schedule else {"stream": True}
    return {
        "subscriptionID": str(found.uid), "dest": found.url, "reportIfEmpty": found.reports_empty, **when,
        "createdAt": found.created_at.isoformat(), "nextAt": found.next_at.isoformat(),
    }  # fmt: skip


def _object(request: HttpRequest) -> dict[str, Any]:
    body = body_of(request)
    found = read_json(body) if len(body) <= LARGEST else None
    if not isinstance(found, dict):
        raise EpcisError("QueryValidation", f"A JSON object of at most {LARGEST} bytes.")
    return found


def _text(name: str, value: Any) -> str:
    """A parameter's value as it would stand in an address."""
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(each, (str, int, float)) for each in values):
        raise EpcisError("QueryValidation", f"{name}: a text, a number or a list of them.")
    if name.startswith("EXISTS_"):
        return ""
    texts = [str(each).lower() if isinstance(each, bool) else str(each) for each in values]
    if any("|" in each for each in texts):
        raise EpcisError("QueryValidation", f"{name}: no value holds a |.")
    return "|".join(texts)


def _wish(body: Mapping[str, Any]) -> Wish:
    address, secret = body.get("dest"), body.get("signatureToken", "")
    if not isinstance(address, str) or not 0 < len(address) <= LONGEST_URL:
        raise EpcisError("SubscriptionControls", "dest: the address to post to. WebSockets are not offered.")
    if not isinstance(secret, str) or len(secret) > LONGEST_SECRET:
        raise EpcisError("SubscriptionControls", f"signatureToken: a text of at most {LONGEST_SECRET} characters.")
    schedule, streams = body.get("schedule") or {}, body.get("stream", False)
    if not isinstance(schedule, dict) or not all(isinstance(each, str) for each in schedule.values()):
        raise EpcisError("SubscriptionControls", "schedule: an object of texts.")
    if bool(schedule) == (streams is True):
        raise EpcisError("SubscriptionControls", "Either a schedule or stream: true.")
    return Wish(address, secret, schedule, _since(body), body.get("reportIfEmpty") is True)


def _since(body: Mapping[str, Any]) -> datetime | None:
    since = body.get("initialRecordTime")
    return moment("initialRecordTime", str(since)) if since else None
