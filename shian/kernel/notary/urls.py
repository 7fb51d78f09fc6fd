"""Urls of the log. What is public is named by C2SP tlog-tiles; the address of the first page is the log's prefix."""

from django.urls import path

from shian.kernel.notary import views

app_name = "notary"

urlpatterns = [
    path("", views.log_detail, name="log_detail"),
    path("checkpoint", views.checkpoint_detail, name="checkpoint_detail"),
    path("tile/entries/<path:address>", views.bundle_detail, name="bundle_detail"),
    path("tile/<int:level>/<path:address>", views.tile_detail, name="tile_detail"),
    path("inclusion.json", views.inclusion_detail, name="inclusion_detail"),
    path("consistency.json", views.consistency_detail, name="consistency_detail"),
    path("cosignatures", views.cosignature_add, name="cosignature_add"),
    path("key", views.key_detail, name="key_detail"),
    path("verify_log.py", views.script_detail, name="script_detail"),
    path("entries/<uuid:uid>/", views.entry_detail, name="entry_detail"),
    path("entries/<uuid:uid>/proof.json", views.proof_detail, name="proof_detail"),
    path("export/", views.record_export, name="record_export"),
]
