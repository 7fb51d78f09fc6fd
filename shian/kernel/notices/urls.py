"""Urls of notices."""

from django.urls import path

from shian.kernel.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.notice_list, name="notice_list"),
    path("read/", views.notice_read, name="notice_read"),
    path("preferences/", views.preference_edit, name="preference_edit"),
    path("mail/", views.mail_list, name="mail_list"),
    path("mail/retry/", views.mail_retry, name="mail_retry"),
    path("<int:number>/", views.notice_detail, name="notice_detail"),
]
