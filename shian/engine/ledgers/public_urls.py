"""Urls of the public lists of ledgers."""

from django.urls import path

from shian.engine.ledgers import public

app_name = "public_ledgers"
urlpatterns = [
    path("", public.public_list, name="public_list"),
    path("<slug:key>/", public.public_rows_list, name="public_rows_list"),
]
