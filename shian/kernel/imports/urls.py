"""Urls of imports."""

from django.urls import path

from shian.kernel.imports.views import batches, headings, sources

app_name = "imports"
urlpatterns = [
    path("", batches.batch_list, name="batch_list"),
    path("new/", batches.batch_create, name="batch_create"),
    path("templates/<str:key>.xlsx", batches.template_download, name="template_download"),
    path("<int:number>/", batches.batch_detail, name="batch_detail"),
    path("<int:number>/check/", batches.batch_check, name="batch_check"),
    path("<int:number>/accept/", batches.batch_accept, name="batch_accept"),
    path("<int:number>/accept-difference/", batches.batch_accept_difference, name="batch_accept_difference"),
    path("<int:number>/cancel/", batches.batch_cancel, name="batch_cancel"),
    path("<int:number>/undo/", batches.batch_undo, name="batch_undo"),
    path("<int:number>/match/", headings.batch_match, name="batch_match"),
    path("headings/", headings.heading_list, name="heading_list"),
    path("headings/forget/", headings.heading_forget, name="heading_forget"),
    path("sources/", sources.source_list, name="source_list"),
    path("sources/new/", sources.source_create, name="source_create"),
    path("sources/end/", sources.source_end, name="source_end"),
    path("<int:number>/bad-rows.xlsx", batches.batch_bad_rows, name="batch_bad_rows"),
    path("<int:number>/file/", batches.batch_file, name="batch_file"),
]
