"""Urls of ledgers."""

from django.urls import path

from shian.engine.ledgers import views

app_name = "ledgers"
urlpatterns = [
    path("", views.ledger_list, name="ledger_list"),
    path("<slug:key>/", views.row_list, name="row_list"),
    path("<slug:key>/export/", views.row_export, name="row_export"),
    path("<slug:key>/missing/", views.missing_list, name="missing_list"),
    path("<slug:key>/<int:pk>/", views.row_detail, name="row_detail"),
]
