"""Urls of notices."""

from django.urls import path

from shian.kernel.notices.views import hooks, inbox

app_name = "notices"
urlpatterns = [
    path("", inbox.notice_list, name="notice_list"),
    path("read/", inbox.notice_read, name="notice_read"),
    path("preferences/", inbox.preference_edit, name="preference_edit"),
    path("mail/", inbox.mail_list, name="mail_list"),
    path("mail/retry/", inbox.mail_retry, name="mail_retry"),
    path("hooks/", hooks.hook_list, name="hook_list"),
    path("hooks/new/", hooks.hook_create, name="hook_create"),
    path("hooks/<int:number>/", hooks.hook_detail, name="hook_detail"),
    path("hooks/<int:number>/check/", hooks.hook_check, name="hook_check"),
    path("hooks/<int:number>/end/", hooks.hook_end, name="hook_end"),
    path("hooks/<int:number>/retry/", hooks.push_retry, name="push_retry"),
    path("<int:number>/", inbox.notice_detail, name="notice_detail"),
]
