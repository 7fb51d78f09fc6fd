"""Urls of tracing: `tracing:<noun>_<verb>`."""

from django.urls import path

from shian.domains.tracing.views import markets

app_name = "tracing"
urlpatterns = [
    path("markets/", markets.market_list, name="market_list"),
]
