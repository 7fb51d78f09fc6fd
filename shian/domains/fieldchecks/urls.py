"""Urls of fieldchecks: `fieldchecks:<noun>_<verb>`."""

from django.urls import path

from shian.domains.fieldchecks.views import point_steps, points

app_name = "fieldchecks"
urlpatterns = [
    path("points/", points.point_list, name="field_point_list"),
    path("points/export/", points.point_export, name="field_point_export"),
    path("points/new/", point_steps.point_create, name="field_point_create"),
    path("points/<int:pk>/", points.point_detail, name="field_point_detail"),
    path("points/<int:pk>/advance/<str:to>/", point_steps.point_advance, name="field_point_confirm"),
    path("points/<int:pk>/withdraw/", point_steps.point_withdraw, name="field_point_withdraw"),
    path("points/<int:pk>/benchmark/", point_steps.point_benchmark, name="field_point_switch"),
]
