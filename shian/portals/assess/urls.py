"""Urls of the assessors' portal."""

from django.urls import path

from shian.portals.assess import views

app_name = "assess"
urlpatterns = [
    path("", views.home, name="home"),
    path("items/<str:code>/", views.item_detail, name="item_detail"),
    path("guide/", views.guide_detail, name="guide_detail"),
    path("looks/", views.look_list, name="look_list"),
]
