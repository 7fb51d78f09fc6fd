"""Urls of campaign."""

from django.urls import URLPattern

app_name = "campaign"
urlpatterns: list[URLPattern] = []
