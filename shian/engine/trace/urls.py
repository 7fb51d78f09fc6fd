"""EPCIS 2.0: below /epcis/v2, with the standard's own names."""

from django.urls import path, re_path

from shian.engine.trace import views

app_name = "trace"

KINDS = "eventTypes|bizSteps|dispositions|bizLocations|readPoints|epcs"

urlpatterns = [
    path("capture", views.capture_list, name="capture_list"),
    path("capture/<uuid:uid>", views.capture_detail, name="capture_detail"),
    path("events", views.event_list, name="event_list"),
    re_path(r"^events/(?P<name>.+)$", views.event_detail, name="event_detail"),
    re_path(rf"^(?P<kind>{KINDS})$", views.term_list, name="term_list"),
    re_path(rf"^(?P<kind>{KINDS})/(?P<word>.+)/events$", views.term_events_list, name="term_events_list"),
    re_path(r"^queries(?P<rest>/.*)?$", views.event_search, name="event_search"),
]
