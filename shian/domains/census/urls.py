"""Urls of census."""

from django.urls import path

from shian.domains.census import views

app_name = "census"
urlpatterns = [
    path("", views.operator_list, name="operator_list"),
    path("export/", views.operator_export, name="operator_export"),
    path("stages/", views.stage_report, name="stage_report"),
    path("<str:code>/", views.operator_detail, name="operator_detail"),
]
