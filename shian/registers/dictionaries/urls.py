"""Urls of dictionaries."""

from django.urls import path

from shian.registers.dictionaries import views

app_name = "dictionaries"
urlpatterns = [
    path("", views.dictionary_list, name="dictionary_list"),
    path("<slug:key>/", views.dictionary_detail, name="dictionary_detail"),
    path("<slug:key>/draft/", views.entry_draft, name="entry_draft"),
    path("<slug:key>/<str:code>/", views.term_detail, name="term_detail"),
    path("<slug:key>/<str:code>/end/", views.entry_end, name="entry_end"),
    path("entries/<int:pk>/confirm/", views.entry_confirm, name="entry_confirm"),
    path("entries/<int:pk>/discard/", views.entry_discard, name="entry_discard"),
]
