"""Addresses of the two lists, and of the full values of one record."""

from django.urls import path

from shian.kernel.disclosures import views

app_name = "disclosures"
urlpatterns = [
    path("", views.disclosure_list, name="disclosure_list"),
    path("deeds/", views.deed_list, name="deed_list"),
    path("<slug:kind>/<str:key>/", views.record_open, name="record_open"),
]
