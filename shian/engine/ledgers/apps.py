from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgersConfig(AppConfig):
    name = "shian.engine.ledgers"
    label = "ledgers"
    verbose_name = "台账"

    def ready(self) -> None:
        from shian.engine.ledgers import imports, views
        from shian.kernel.ui.navigation import register_nav
        from shian.kernel.ui.panels import register_panel

        imports.register()
        register_nav(group="figures", label=_("台账目录"), url_name="ledgers:ledger_list", icon="notebook", key="l")
        register_panel(
            record="operator",
            key="ledgers",
            label=_("台账记录"),
            order=40,
            count=views.operator_rows_count,
            render=views.operator_rows_panel,
        )
        register_panel(
            record="organisation",
            key="ledgers",
            label=_("台账记录"),
            order=40,
            count=views.organisation_rows_count,
            render=views.organisation_rows_panel,
        )
