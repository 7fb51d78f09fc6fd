"""Queries that are kept under a name, subscriptions to them, and what is sent to subscribers.

New events are those with higher numbers than the last that was seen: numbers are given while nobody else adds to the
graph, so no event comes in behind. What is found is written down with the new last number in one transaction and sent
in another: a worker that is killed sends nothing less, at most the same delivery again under the same webhook-id.
"""

import base64
import hashlib
import hmac
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from shian.engine.trace.documents import query_document
from shian.engine.trace.event_queries import compiled
from shian.engine.trace.models import Delivery, NamedQuery, Subscription, TraceEvent
from shian.engine.trace.permissions import TRACE_READ
from shian.engine.trace.queries import events_after, events_as_sent
from shian.engine.trace.rules.event_hash import prefixes_of
from shian.engine.trace.rules.schedules import next_moment
from shian.kernel.accounts.models import User
from shian.kernel.accounts.permissions import check
from shian.kernel.accounts.rules import Standing
from shian.kernel.files.outbound import FetchRefused, check_url, post
from shian.kernel.notary.actions import seal
from shian.kernel.notices.outgoing import SentState
from shian.kernel.scope.walls import system_scope

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
ARRIVED = range(200, 300)  # HTTP statuses
STREAM = timedelta(minutes=1)  # between two looks of a stream
AT_ONCE = 1_000  # events of a delivery
WAITING = 100  # deliveries of a subscriber that does not answer; no more are made until it does
MOST_QUERIES, MOST_SUBSCRIPTIONS = 200, 50
CUTS = {"orderBy", "orderDirection", "eventCountLimit", "maxEventCount", "perPage"}


class NameTaken(ValueError):
    """The owner has another query of this name."""


class BadSubscription(ValueError):
    """A subscription that cannot be; the text says why."""


@dataclass(frozen=True)
class Wish:
    """Where a subscriber wants what, and when. `schedule` empty: a stream."""

    url: str
    secret: str = ""
    schedule: Mapping[str, str] | None = None
    since: datetime | None = None
    reports_empty: bool = False


@transaction.atomic
def keep_query(*, name: str, parameters: Mapping[str, str], context: Any, by: Any, at: datetime) -> NamedQuery:
    """Keep parameters under a name. Raises PermissionDenied, NameTaken, BadSubscription, BadParameter, NotOffered."""
    check(TRACE_READ, by)
    compiled(parameters, prefixes_of(context))
    own = NamedQuery.objects.visible_to(by)
    if own.filter(name=name).exists():
        raise NameTaken(name)
    if own.count() >= MOST_QUERIES:
        raise BadSubscription(f"{MOST_QUERIES} queries at most")
    made: NamedQuery = NamedQuery.objects.create(
        by=by.get_username(), name=name, parameters=dict(parameters), context=context, created_at=at
    )
    _seal("trace.query_kept", made.by, f"trace.namedquery:{made.pk}", {"name": name, "asks": sorted(parameters)}, at)
    return made


@transaction.atomic
def drop_query(*, query: NamedQuery, by: Any, at: datetime) -> None:
    """Forget a query, its subscriptions and what waits for them. Raises PermissionDenied."""
    check(TRACE_READ, by)
    subject, data = f"trace.namedquery:{query.pk}", {"name": query.name, "subscriptions": query.subscriptions.count()}
    query.delete()
    _seal("trace.query_dropped", by.get_username(), subject, data, at)


@transaction.atomic
def subscribe(*, query: NamedQuery, wish: Wish, by: Any, at: datetime) -> Subscription:
    """Send a query's new events somewhere. Raises PermissionDenied, BadSubscription, BadSchedule.

    Hosts of the own network are refused when something is sent, unless SHIAN_WEBHOOK_HOSTS names them.
    """
    check(TRACE_READ, by)
    if CUTS & query.parameters.keys():
        raise BadSubscription(f"no subscription to a query with {', '.join(sorted(CUTS & query.parameters.keys()))}")
    if Subscription.objects.visible_to(by).count() >= MOST_SUBSCRIPTIONS:
        raise BadSubscription(f"{MOST_SUBSCRIPTIONS} subscriptions at most")
    try:
        parts = check_url(wish.url)
    except FetchRefused as refused:
        raise BadSubscription(str(refused)) from None
    if parts.scheme != "https" and parts.netloc not in settings.SHIAN_WEBHOOK_HOSTS:
        raise BadSubscription("dest: https only")
    last = TraceEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0
    made: Subscription = Subscription.objects.create(
        query=query, by=by.get_username(), url=wish.url, secret=wish.secret, schedule=dict(wish.schedule or {}),
        reports_empty=wish.reports_empty, after_time=wish.since or BEGINNING, after_event=0 if wish.since else last,
        next_at=_next(wish.schedule or {}, at), created_at=at,
    )  # fmt: skip
    data = {"query": query.name, "host": parts.netloc, "schedule": made.schedule}
    _seal("trace.subscribed", made.by, f"trace.subscription:{made.uid}", data, at)
    return made


@transaction.atomic
def unsubscribe(*, subscription: Subscription, by: Any, at: datetime) -> None:
    """Send nothing more there, what waits neither. Raises PermissionDenied."""
    check(TRACE_READ, by)
    waiting = subscription.deliveries.filter(state=SentState.WAITING).count()
    subject = f"trace.subscription:{subscription.uid}"
    subscription.delete()
    _seal("trace.unsubscribed", by.get_username(), subject, {"dropped": waiting}, at)


def run_subscriptions(*, at: datetime) -> int:
    """Look for the new events of every subscription that is due, and send all that waits; how many arrived."""
    with system_scope():
        for number in Subscription.objects.filter(next_at__lte=at).order_by("next_at").values_list("pk", flat=True):
            _look(number, at)
        due = Delivery.objects.filter(state=SentState.WAITING, next_at__lte=at).order_by("pk")
        return sum(_deliver(number, at) for number in list(due.values_list("pk", flat=True)[:WAITING]))


@transaction.atomic
def _look(number: int, at: datetime) -> None:
    """Write down what is new for one subscription. A reader who may no longer read gets nothing."""
    found = Subscription.objects.select_for_update(skip_locked=True).filter(pk=number, next_at__lte=at).first()
    if found is None:
        return
    found.next_at = _next(found.schedule, at)
    reader = User.objects.filter(username=found.by).first()
    may = reader is not None and reader.standing_at(at) == Standing.OPEN and TRACE_READ(reader).allowed
    if may and found.deliveries.filter(state=SentState.WAITING).count() < WAITING:
        _note(found, reader, at)
    found.save(update_fields=["next_at", "after_event"])


def _note(found: Subscription, reader: Any, at: datetime) -> None:
    query = compiled(found.query.parameters, prefixes_of(found.query.context))
    new = events_after(reader, query, found.after_event).filter(record_time__gte=found.after_time)
    rows = list(new[:AT_ONCE])
    if not rows and (not found.reports_empty or not found.schedule):
        return
    if rows:
        found.after_event = rows[-1].id
    if len(rows) == AT_ONCE:
        found.next_at = at  # there may be more: look again at once
    document = query_document(events_as_sent(rows), name=found.query.name, at=at, subscription=str(found.uid))
    made = Delivery.objects.create(
        subscription=found, content=zlib.compress(json.dumps(document, ensure_ascii=False).encode()),
        events=len(rows), next_at=at, created_at=at,
    )  # fmt: skip
    _seal("trace.delivery_made", "worker", f"trace.delivery:{made.uid}", {"events": made.events}, at)


@transaction.atomic
def _deliver(number: int, at: datetime) -> bool:
    """Send one delivery while it is locked, so two workers never send the same one at once."""
    free = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).select_related("subscription")
    found = free.filter(pk=number, state=SentState.WAITING).first()
    if found is None:
        return False
    found.tried(_sent(found, at), at)
    if not found.error:
        found.content = b""
    found.save(update_fields=["attempts", "error", "state", "sent_at", "content", "next_at"])
    if found.state != SentState.WAITING:
        data = {"state": str(found.state), "events": found.events, "attempts": found.attempts}
        _seal("trace.delivery_ended", "worker", f"trace.delivery:{found.uid}", data, at)
    return not found.error


def _sent(delivery: Delivery, at: datetime) -> str:
    """What went wrong, "" when the subscriber took it."""
    body, subscription = zlib.decompress(bytes(delivery.content)), delivery.subscription
    headers = {
        "Content-Type": "application/ld+json",
        "GS1-EPCIS-Version": "2.0.0",
        "GS1-CBV-Version": "2.0.0",
        "webhook-id": str(delivery.uid),
        "webhook-timestamp": str(int(at.timestamp())),
    }
    if subscription.secret:
        headers["GS1-Signature"] = signature(body, subscription.secret)
    try:
        answer = post(subscription.url, body, headers=headers, inner_hosts=settings.SHIAN_WEBHOOK_HOSTS)
    except FetchRefused as refused:
        return str(refused)
    return "" if answer.status in ARRIVED else f"HTTP {answer.status}"


def signature(body: bytes, secret: str) -> str:
    """What GS1-Signature says: HMAC-SHA256 of the body under the subscriber's token, in base 64."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def _next(schedule: Mapping[str, str], at: datetime) -> datetime:
    """In the time zone of the program, as its users read a clock."""
    return next_moment(schedule, timezone.localtime(at)) if schedule else at + STREAM


def _seal(action: str, by: str, subject: str, data: dict[str, Any], at: datetime) -> None:
    seal(action=action, by=by, subject=subject, data=data, at=at)
