"""Urls of the calendar."""

from django.urls import path

from shian.kernel.workdays import views

app_name = "workdays"
urlpatterns = [
    path("", views.year_current, name="year_current"),
    path("<int:number>/", views.year_detail, name="year_detail"),
]
