"""Urls of export sets."""

from django.urls import path

from shian.engine.archives import views

app_name = "archives"
urlpatterns = [
    path("", views.set_list, name="set_list"),
    path("new/", views.set_create, name="set_create"),
    path("<int:number>/", views.set_detail, name="set_detail"),
    path("<int:number>/download/", views.set_download, name="set_download"),
]
