"""Urls of the public portal. The address of a code is printed on doors: it never changes."""

from django.urls import path

from shian.portals.public import views

app_name = "public"
urlpatterns = [path("<str:token>", views.code_detail, name="code_detail")]
