"""Holdings and movements; events and the documents they came in; queries that are kept and subscribed to."""

from shian.engine.trace.models.events import (
    Capture,
    CaptureBlob,
    CaptureQuerySet,
    CaptureState,
    EventFigure,
    EventItem,
    EventKey,
    EventPlace,
    EventReading,
    TraceEvent,
)
from shian.engine.trace.models.graph import (
    ByParty,
    Graph,
    Holding,
    Identifier,
    Movement,
    MovementKind,
    Party,
    Ring,
)
from shian.engine.trace.models.subscriptions import (
    Delivery,
    NamedQuery,
    OwnQuerySet,
    Subscription,
)

__all__ = [
    "ByParty",
    "Capture",
    "CaptureBlob",
    "CaptureQuerySet",
    "CaptureState",
    "Delivery",
    "EventFigure",
    "EventItem",
    "EventKey",
    "EventPlace",
    "EventReading",
    "Graph",
    "Holding",
    "Identifier",
    "Movement",
    "MovementKind",
    "NamedQuery",
    "OwnQuerySet",
    "Party",
    "Ring",
    "Subscription",
    "TraceEvent",
]
