"""Urls of operators' own duty, for staff; those of operators are in portals/operator."""

from django.urls import path

from shian.domains.selfcontrol.views import accounts

app_name = "selfcontrol"
urlpatterns = [
    path("operators/<str:code>/accounts/open/", accounts.account_open, name="account_open"),
    path("accounts/<int:pk>/end/", accounts.account_end, name="account_end"),
]
