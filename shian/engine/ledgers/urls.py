"""Urls of ledgers."""

from django.urls import path

from shian.engine.ledgers import entries, overviews, views

app_name = "ledgers"
urlpatterns = [
    path("", views.ledger_list, name="ledger_list"),
    path("<slug:key>/", views.row_list, name="row_list"),
    path("<slug:key>/export/", views.row_export, name="row_export"),
    path("<slug:key>/missing/", views.missing_list, name="missing_list"),
    path("<slug:key>/months/", overviews.month_list, name="month_list"),
    path("<slug:key>/gaps/", overviews.gap_list, name="gap_list"),
    path("<slug:key>/map/", overviews.row_map, name="row_map"),
    path("<slug:key>/points/", overviews.row_points, name="row_points"),
    path("<slug:key>/create/", entries.row_create, name="row_create"),
    path("<slug:key>/<int:pk>/", views.row_detail, name="row_detail"),
    path("<slug:key>/<int:pk>/correct/", entries.row_correct, name="row_correct"),
    path("<slug:key>/<int:pk>/files/<slug:name>/", entries.row_file, name="row_file"),
]
