"""Tracing: registers its definitions, importers and entries when Django is ready."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from shian.kernel.ui.navigation import register_nav

READERS = ("admin", "office", "department", "county", "station", "reviewer")
PAGES = (
    (_("市场追溯"), "tracing:market_list", "building-store", 80),
    (_("市场入库单"), "tracing:in_order_list", "truck", 81),
    (_("市场出库单"), "tracing:out_order_list", "basket", 82),
    (_("产地合格证"), "tracing:certificate_list", "certificate", 83),
    (_("农产品生产主体"), "tracing:producer_list", "users", 84),
    (_("批次追溯"), "tracing:trace_list", "search", 85),
    (_("食品召回"), "tracing:recall_list", "alert-triangle", 86),
    (_("追溯演练"), "tracing:drill_list", "hourglass", 87),
    (_("断链核查"), "tracing:anomaly_list", "link", 88),
    (_("进口冷链"), "tracing:cold_batch_list", "package", 89),
    (_("集体用餐"), "tracing:kitchen_list", "users", 90),
)


class TracingConfig(AppConfig):
    name = "shian.domains.tracing"
    label = "tracing"
    verbose_name = "追溯"

    def ready(self) -> None:
        from shian.domains.tracing import definitions, imports
        from shian.domains.tracing.views.shown import recalled
        from shian.engine.trace.links import register_note
        from shian.kernel.scope.walls import register_guarded

        register_guarded("tracing_merchant", "tracing_producer")
        definitions.register()
        imports.register()
        register_note(recalled)
        for label, url_name, icon, order in PAGES:
            register_nav(group="supervision", label=label, url_name=url_name, icon=icon, order=order, roles=READERS)
