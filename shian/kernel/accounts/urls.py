"""Urls of accounts beside allauth's own."""

from django.urls import path

from shian.kernel.accounts import views

app_name = "accounts"
urlpatterns = [path("activate/", views.account_activate, name="account_activate")]
