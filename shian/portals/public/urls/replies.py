"""Urls of the published replies to proposals."""

from django.urls import path

from shian.portals.public.views import replies

app_name = "public_replies"
urlpatterns = [
    path("", replies.reply_list, name="reply_list"),
    path("<int:pk>/", replies.reply_detail, name="reply_detail"),
]
