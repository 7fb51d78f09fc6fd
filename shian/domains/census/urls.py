"""Urls of census."""

from django.urls import path

from shian.domains.census import views

app_name = "census"
urlpatterns = [
    path("", views.operator_list, name="operator_list"),
    path("export/", views.operator_export, name="operator_export"),
    path("map/", views.operator_map, name="operator_map"),
    path("map/points/", views.operator_points, name="operator_points"),
    path("stages/", views.stage_report, name="stage_report"),
    path("<str:code>/", views.operator_detail, name="operator_detail"),
]
