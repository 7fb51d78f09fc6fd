"""Urls of the staff portal."""

from django.urls import path

from shian.portals.office import views

app_name = "office"
urlpatterns = [path("", views.home, name="home")]
