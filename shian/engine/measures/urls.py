"""Urls of figures."""

from django.urls import path

from shian.engine.measures import views

app_name = "figures"
urlpatterns = [
    path("", views.measure_list, name="measure_list"),
    path("<str:key>/", views.figure_detail, name="figure_detail"),
    path("<str:key>/rows/", views.figure_rows, name="figure_rows"),
    path("<str:key>/rows/export/", views.figure_export, name="figure_export"),
]
