"""Urls of reports."""

from django.urls import path

from shian.engine.reports.views import documents as views

app_name = "reports"
urlpatterns = [
    path("", views.document_list, name="document_list"),
    path("new/", views.document_create, name="document_create"),
    path("<int:pk>/", views.document_detail, name="document_detail"),
    path("<int:pk>/download/", views.document_download, name="document_download"),
    path("<int:pk>/check/", views.document_check, name="document_check"),
    path("<int:pk>/accept/", views.document_accept, name="document_accept"),
    path("<int:pk>/rewrite/", views.document_rewrite, name="document_rewrite"),
    path("<int:pk>/sign/", views.document_sign, name="document_sign"),
    path("<int:pk>/publish/", views.document_publish, name="document_publish"),
]
