"""Urls of snapshots."""

from django.urls import path

from shian.engine.snapshots import views

app_name = "snapshots"
urlpatterns = [
    path("", views.day_list, name="day_list"),
    path("<str:key>/", views.figure_history, name="figure_history"),
]
