"""Urls of tracing: `tracing:<noun>_<verb>`."""

from django.urls import path

from shian.domains.tracing.views import certificates, markets, orders, producers

app_name = "tracing"
urlpatterns = [
    path("markets/", markets.market_list, name="market_list"),
    path("markets/<str:code>/", markets.market_detail, name="market_detail"),
    path("markets/<str:code>/gate/", markets.in_order_create, name="in_order_create"),
    path("in-orders/", orders.in_order_list, name="in_order_list"),
    path("in-orders/<str:number>/", orders.in_order_detail, name="in_order_detail"),
    path("out-orders/", orders.out_order_list, name="out_order_list"),
    path("out-orders/<str:number>/", orders.out_order_detail, name="out_order_detail"),
    path("out-orders/<str:number>/epcis/", orders.out_order_read, name="out_order_read"),
    path("out-orders/<str:number>/voucher/", orders.voucher_print, name="voucher_print"),
    path("certificates/", certificates.certificate_list, name="certificate_list"),
    path("certificates/check/", certificates.certificate_check, name="certificate_check"),
    path("certificates/<str:number>/", certificates.certificate_detail, name="certificate_detail"),
    path("certificates/<str:number>/label/", certificates.label_print, name="label_print"),
    path("certificates/<str:number>/revoke/", certificates.certificate_revoke, name="certificate_revoke"),
    path("producers/", producers.producer_list, name="producer_list"),
    path("scan/<str:token>/", certificates.certificate_scan, name="certificate_scan"),
]
