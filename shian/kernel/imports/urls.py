"""Urls of imports."""

from django.urls import path

from shian.kernel.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.batch_list, name="batch_list"),
    path("new/", views.batch_create, name="batch_create"),
    path("templates/<str:key>.xlsx", views.template_download, name="template_download"),
    path("<int:number>/", views.batch_detail, name="batch_detail"),
    path("<int:number>/check/", views.batch_check, name="batch_check"),
    path("<int:number>/accept/", views.batch_accept, name="batch_accept"),
    path("<int:number>/accept-difference/", views.batch_accept_difference, name="batch_accept_difference"),
    path("<int:number>/cancel/", views.batch_cancel, name="batch_cancel"),
    path("<int:number>/bad-rows.xlsx", views.batch_bad_rows, name="batch_bad_rows"),
    path("<int:number>/file/", views.batch_file, name="batch_file"),
]
