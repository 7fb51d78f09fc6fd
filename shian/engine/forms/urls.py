"""Urls of forms."""

from django.urls import path

from shian.engine.forms.views import forms, phones, protocol, submissions, versions

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
    path("versions/<int:pk>/survey/", submissions.version_read, name="version_read"),
    path("versions/<int:pk>/submissions/<str:instance>/", submissions.submission_create, name="submission_create"),
    path("submissions/", submissions.submission_list, name="submission_list"),
    path("submissions/<int:pk>/", submissions.submission_detail, name="submission_detail"),
    path("submissions/<int:pk>/open/", submissions.submission_open, name="submission_open"),
    path("submissions/<int:pk>/files/<int:number>/", submissions.submission_download, name="submission_download"),
    path("phones/", phones.phone_list, name="phone_list"),
    path("phones/admit/", phones.phone_create, name="phone_create"),
    path("phones/<int:pk>/", phones.phone_detail, name="phone_detail"),
    path("phones/<int:pk>/revoke/", phones.phone_revoke, name="phone_revoke"),
]
# OpenRosa, by a phone's own address (as ODK Central has it) and by Basic; ODK Collect adds /formList and /submission.
for _way in ("key/<str:token>/", "openrosa/"):
    urlpatterns += [
        path(f"{_way}formList", protocol.xform_list, name="xform_list"),
        path(f"{_way}forms/<int:pk>", protocol.xform_detail, name="xform_detail"),
        path(f"{_way}forms/<int:pk>/manifest", protocol.manifest_detail, name="manifest_detail"),
        path(f"{_way}forms/<int:pk>/<slug:name>.csv", protocol.medium_download, name="medium_download"),
        path(f"{_way}submission", protocol.submission_send, name="submission_send"),
    ]
