"""Urls of the gallery of components."""

from django.urls import path

from shian.kernel.ui import views

app_name = "ui"

urlpatterns = [
    path("", views.gallery, name="gallery"),
    path("outline.json", views.gallery_outline, name="gallery_outline"),
    path("points.json", views.gallery_points, name="gallery_points"),
    path("<str:pattern>/", views.gallery_pattern, name="gallery_pattern"),
]
