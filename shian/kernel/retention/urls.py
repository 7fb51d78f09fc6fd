"""Urls of retention."""

from django.urls import path

from shian.kernel.retention import views

app_name = "retention"
urlpatterns = [
    path("", views.file_list, name="file_list"),
    path("rules/", views.rule_list, name="rule_list"),
    path("holds/", views.hold_list, name="hold_list"),
    path("holds/new/", views.hold_create, name="hold_create"),
    path("holds/<int:number>/end/", views.hold_end, name="hold_end"),
    path("disposals/", views.disposal_list, name="disposal_list"),
    path("disposals/new/", views.disposal_create, name="disposal_create"),
    path("disposals/<int:number>/", views.disposal_detail, name="disposal_detail"),
    path("disposals/<int:number>/approve/", views.disposal_approve, name="disposal_approve"),
    path("disposals/<int:number>/reject/", views.disposal_reject, name="disposal_reject"),
]
