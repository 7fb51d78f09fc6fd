"""Urls of reports."""

from django.urls import path

from shian.engine.reports.views import documents, steps

app_name = "reports"
urlpatterns = [
    path("", documents.document_list, name="document_list"),
    path("new/", documents.document_create, name="document_create"),
    path("<int:pk>/", documents.document_detail, name="document_detail"),
    path("<int:pk>/download/", documents.document_download, name="document_download"),
    path("<int:pk>/check/", steps.document_check, name="document_check"),
    path("<int:pk>/accept/", steps.document_accept, name="document_accept"),
    path("<int:pk>/rewrite/", steps.document_rewrite, name="document_rewrite"),
    path("<int:pk>/sign/", steps.document_sign, name="document_sign"),
    path("<int:pk>/publish/", steps.document_publish, name="document_publish"),
]
