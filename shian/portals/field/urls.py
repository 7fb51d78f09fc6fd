"""Urls of the field portal. All lie below one prefix, which is the reach of the service worker."""

from django.urls import path

from shian.portals.field import views

app_name = "field"
urlpatterns = [
    path("", views.home, name="home"),
    path("shell/", views.shell_detail, name="shell_detail"),
    path("worker.js", views.worker_download, name="worker_download"),
    path("manifest.webmanifest", views.manifest_download, name="manifest_download"),
    path("session/", views.session_read, name="session_read"),
    path("assignments/", views.assignment_read, name="assignment_read"),
    path("lists/<str:name>/", views.dataset_read, name="dataset_read"),
]
