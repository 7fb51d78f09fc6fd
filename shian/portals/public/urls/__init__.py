"""Urls of the public portal. The address of a code is printed on doors: it never changes."""

from django.urls import path

from shian.portals.public.views import codes

app_name = "public"
urlpatterns = [path("<str:token>", codes.code_detail, name="code_detail")]
