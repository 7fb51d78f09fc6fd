"""EPCIS 2.0: below /epcis/v2, with the standard's own names."""

from django.urls import path, re_path

from shian.engine.trace.views import events, queries, traces

app_name = "trace"

KINDS = "eventTypes|bizSteps|dispositions|bizLocations|readPoints|epcs"

urlpatterns = [
    path("capture", events.capture_list, name="capture_list"),
    path("capture/<uuid:uid>", events.capture_detail, name="capture_detail"),
    path("events", events.event_list, name="event_list"),
    re_path(r"^events/(?P<name>.+)$", events.event_detail, name="event_detail"),
    re_path(rf"^(?P<kind>{KINDS})$", events.term_list, name="term_list"),
    re_path(rf"^(?P<kind>{KINDS})/(?P<word>.+)/events$", events.term_events_list, name="term_events_list"),
    re_path(rf"^(?P<name>(?:{KINDS})/.+|nextPageToken/.+)$", events.unoffered_detail, name="unoffered_detail"),
    path("traces/<path:lot>", traces.trace_detail, name="trace_detail"),
    path("queries", queries.query_list, name="query_list"),
    path("queries/<str:name>", queries.query_detail, name="query_detail"),
    path("queries/<str:name>/events", queries.query_events_list, name="query_events_list"),
    path("queries/<str:name>/subscriptions", queries.subscription_list, name="subscription_list"),
    path("queries/<str:name>/subscriptions/<uuid:uid>", queries.subscription_detail, name="subscription_detail"),
]
