"""Urls of people."""

from django.urls import path

from shian.registers.people import views

app_name = "people"
urlpatterns = [
    path("", views.organisation_list, name="organisation_list"),
    path("accounts/open/", views.account_open, name="account_open"),
    path("<str:code>/", views.organisation_detail, name="organisation_detail"),
]
