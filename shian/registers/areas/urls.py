"""Urls of areas."""

from django.urls import path

from shian.registers.areas import views

app_name = "areas"
urlpatterns = [
    path("", views.area_list, name="area_list"),
    path("outlines/", views.area_outlines, name="area_outlines"),
    path("<str:code>/", views.area_detail, name="area_detail"),
]
