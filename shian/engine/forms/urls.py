"""Urls of forms."""

from django.urls import path

from shian.engine.forms.views import forms, versions

app_name = "forms"
urlpatterns = [
    path("", forms.form_list, name="form_list"),
    path("upload/", forms.form_create, name="form_create"),
    path("keys/<slug:key>/", forms.form_detail, name="form_detail"),
    path("versions/<int:pk>/", versions.version_detail, name="version_detail"),
    path("versions/<int:pk>/issue/", versions.version_issue, name="version_issue"),
    path("versions/<int:pk>/discard/", versions.version_discard, name="version_discard"),
    path("versions/<int:pk>/withdraw/", versions.version_withdraw, name="version_withdraw"),
    path("versions/<int:pk>/download/", versions.version_download, name="version_download"),
    path("versions/<int:pk>/xform/", versions.version_file, name="version_file"),
]
