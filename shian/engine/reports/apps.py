from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "shian.engine.reports"
    label = "reports"
    verbose_name = "报告"

    def ready(self) -> None:
        from shian.kernel.ui.navigation import register_nav

        register_nav(
            group="figures", label=_("报告"), url_name="reports:document_list", icon="report", order=30, key="r"
        )
