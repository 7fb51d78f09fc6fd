"""Urls of accounts; they stand before allauth's own and shadow those that stay closed."""

from django.urls import path, re_path

from shian.kernel.accounts import views

app_name = "accounts"
MAIL = r"^(?:email|confirm-email|login/code|password/reset/(?:key|done)|identity(?:/signup)?)(?:/[^/]*)?/?$"
urlpatterns = [
    path("", views.account_detail, name="account_detail"),
    path("activate/", views.account_activate, name="account_activate"),
    path("preferences/", views.preferences_save, name="preferences_save"),
    path("sessions/end/", views.sessions_end, name="sessions_end"),
    path("sessions/<int:key>/end/", views.session_end, name="session_end"),
    path("users/", views.user_list, name="user_list"),
    path("users/create/", views.user_create, name="user_create"),
    path("users/<str:username>/", views.user_detail, name="user_detail"),
    path("users/<str:username>/invite/", views.user_invite, name="user_invite"),
    path("users/<str:username>/unlock/", views.user_unlock, name="user_unlock"),
    path("users/<str:username>/disconnect/", views.user_disconnect, name="user_disconnect"),
    path("users/<str:username>/reopen/", views.user_reopen, name="user_reopen"),
    path("users/<str:username>/close/", views.user_close, name="user_close"),
    path("users/<str:username>/reset/", views.user_reset, name="user_reset"),
    path("users/<str:username>/role/", views.user_role, name="user_role"),
    path("users/<str:username>/validity/", views.user_validity, name="user_validity"),
    re_path(MAIL, views.mail_closed, name="mail_closed"),
]
