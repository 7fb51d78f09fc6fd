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
    path("codes/issue/", views.code_issue, name="code_issue"),
    path("codes/sheets/", views.sheet_print, name="sheet_print"),
    path("<str:code>/code/label/", views.label_print, name="label_print"),
    path("<str:code>/code/download/", views.code_download, name="code_download"),
    path("<str:code>/code/suspend/", views.code_suspend, name="code_suspend"),
    path("<str:code>/code/resume/", views.code_resume, name="code_resume"),
    path("<str:code>/code/revoke/", views.code_revoke, name="code_revoke"),
    path("<str:code>/code/replace/", views.code_replace, name="code_replace"),
    path("<str:code>/", views.operator_detail, name="operator_detail"),
]
