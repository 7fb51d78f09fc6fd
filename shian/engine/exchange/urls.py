"""Urls of exchange."""

from django.urls import path

from shian.engine.exchange.views import batches, systems

app_name = "exchange"
urlpatterns = [
    path("", systems.system_list, name="system_list"),
    path("systems/<slug:key>/", systems.system_detail, name="system_detail"),
    path("systems/<slug:key>/import/", systems.system_import, name="system_import"),
    path("reports/", batches.batch_list, name="batch_list"),
    path("reports/new/", batches.batch_create, name="batch_create"),
    path("reports/<int:number>/", batches.batch_detail, name="batch_detail"),
    path("reports/<int:number>/rows/", batches.batch_rows, name="batch_rows"),
    path("reports/<int:number>/check/", batches.batch_step, {"step": "check"}, name="batch_check"),
    path("reports/<int:number>/send/", batches.batch_step, {"step": "send"}, name="batch_send"),
    path("reports/<int:number>/accept/", batches.batch_step, {"step": "accept"}, name="batch_accept"),
    path("reports/<int:number>/return/", batches.batch_step, {"step": "return"}, name="batch_return"),
    path("reports/<int:number>/download/", batches.batch_download, name="batch_download"),
]
