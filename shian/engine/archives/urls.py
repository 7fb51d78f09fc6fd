"""Urls of export sets."""

from django.urls import path

from shian.engine.archives import views

app_name = "archives"
urlpatterns = [
    path("", views.archive_list, name="archive_list"),
    path("new/", views.archive_create, name="archive_create"),
    path("<int:number>/", views.archive_detail, name="archive_detail"),
    path("<int:number>/download/", views.archive_download, name="archive_download"),
]
