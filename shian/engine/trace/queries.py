"""Events as they were sent, found by what the tables know of them, within the reader's reach."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from shian.engine.trace.documents import unpacked
from shian.engine.trace.event_conditions import Query
from shian.engine.trace.models import Capture, CaptureBlob, TraceEvent
from shian.engine.trace.rules.event_hash import event_id
from shian.engine.trace.rules.vocabulary import EVENT_TYPES

Place = tuple[datetime, int]


class TooLarge(ValueError):
    """More events than maxEventCount."""


@dataclass(frozen=True)
class Page:
    """`after`: where the next page begins, None on the last."""

    events: Sequence[dict[str, Any]]
    after: Place | None


def events_for(user: Any, query: Query) -> QuerySet[TraceEvent]:
    """Index rows of the events that meet the query, in its order."""
    rows: QuerySet[TraceEvent] = TraceEvent.objects.visible_to(user)
    if query.conditions:
        rows = rows.extra(where=query.conditions, params=query.values)  # noqa: S610
    sign = "-" if query.is_descending else ""
    return rows.order_by(f"{sign}{query.order}", f"{sign}id")


def events_after(user: Any, query: Query, number: int) -> QuerySet[TraceEvent]:
    """Those with higher numbers, which came in later, in the order in which they came."""
    return events_for(user, query).filter(id__gt=number).order_by("id")


def page_of_events(user: Any, query: Query, after: Place | None = None, given: int = 0) -> Page:
    """One page. `given`: how many were given on the pages before. Raises TooLarge."""
    rows = events_for(user, query)
    if query.most is not None and given == 0 and rows[: query.most + 1].count() > query.most:
        raise TooLarge(query.most)
    if after is not None:
        beyond = TupleLessThan if query.is_descending else TupleGreaterThan
        rows = rows.filter(beyond(Tuple(F(query.order), F("id")), after))
    size = query.page if query.limit is None else min(query.page, query.limit - given)
    found = list(rows[: size + 1])
    is_last = len(found) <= size or (query.limit is not None and given + size >= query.limit)
    shown = found[:size]
    last = shown[-1] if shown else None
    return Page(events_as_sent(shown), None if is_last or last is None else (getattr(last, query.order), last.id))


def events_as_sent(rows: Iterable[TraceEvent]) -> list[dict[str, Any]]:
    """Each event as its sender wrote it, with its identifier, the time at which it was recorded, and the context of the
    document that it came in, where that names prefixes."""
    wanted = list(rows)
    captures = {each.capture for each in wanted}
    contexts = dict(Capture.objects.filter(pk__in=captures).values_list("pk", "header__@context"))
    blobs: dict[tuple[int, int], list[Any]] = {}
    for capture, number in {(each.capture, each.blob) for each in wanted}:
        content = CaptureBlob.objects.values_list("content", flat=True).get(capture=capture, number=number)
        blobs[capture, number] = unpacked(bytes(content))
    return [_told(row, blobs[row.capture, row.blob][row.place], contexts[row.capture]) for row in wanted]


def _told(row: TraceEvent, sent: dict[str, Any], context: Any) -> dict[str, Any]:
    told = {**sent, "recordTime": row.record_time.isoformat(timespec="milliseconds").replace("+00:00", "Z")}
    told.setdefault("eventID", event_id(bytes(row.digest)))
    names = [each for each in context if isinstance(each, dict)] if isinstance(context, list) else context
    if names and not isinstance(names, str):
        told.setdefault("@context", names)
    return told


def words_for(user: Any, kind: str) -> list[str]:
    """Words in use among the events in reach: kind is "eventTypes", "bizSteps" or "dispositions"."""
    rows = TraceEvent.objects.visible_to(user)
    if kind == "eventTypes":
        return sorted(EVENT_TYPES[each] for each in rows.order_by().values_list("kind", flat=True).distinct())
    column = {"bizSteps": "biz_step", "dispositions": "disposition"}[kind]
    return list(rows.exclude(**{column: ""}).order_by(column).values_list(column, flat=True).distinct())
