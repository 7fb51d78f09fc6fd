"""Urls of draws."""

from django.urls import path

from shian.engine.draws.views import checking, estimates, lists, record, steps

app_name = "draws"
urlpatterns = [
    path("", lists.draw_list, name="draw_list"),
    path("new/", steps.draw_create, name="draw_create"),
    path("<int:pk>/", record.draw_detail, name="draw_detail"),
    path("<int:pk>/edit/", steps.draw_edit, name="draw_edit"),
    path("<int:pk>/freeze/", steps.draw_freeze, name="draw_freeze"),
    path("<int:pk>/reading/", steps.reading_enter, name="reading_enter"),
    path("<int:pk>/commitment/", steps.commitment_enter, name="commitment_enter"),
    path("<int:pk>/secret/", steps.commitment_open, name="commitment_open"),
    path("<int:pk>/run/", steps.draw_run, name="draw_run"),
    path("<int:pk>/confirm/", steps.draw_confirm, name="draw_confirm"),
    path("<int:pk>/publish/", steps.draw_publish, name="draw_publish"),
    path("<int:pk>/cancel/", steps.draw_cancel, name="draw_cancel"),
    path("<int:pk>/check/", checking.draw_check, name="draw_check"),
    path("<int:pk>/rows/", lists.frame_rows, name="frame_rows"),
    path("<int:pk>/estimates/", estimates.estimate_list, name="estimate_list"),
    path("<int:pk>/people/", lists.person_list, name="person_list"),
    path("<int:pk>/picks/", lists.pick_list, name="pick_list"),
    path("<int:pk>/picks/<int:pick>/replace/", steps.replacement_create, name="replacement_create"),
    path("<int:pk>/record.json", checking.record_download, name="record_download"),
    path("public/<uuid:uid>.json", checking.record_file, name="record_file"),
]
