from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CensusConfig(AppConfig):
    name = "shian.domains.census"
    label = "census"
    verbose_name = "主体档案"

    def ready(self) -> None:
        from shian.domains.census import definitions
        from shian.domains.census.views import codes, records
        from shian.engine.cases.links import register_page
        from shian.kernel.disclosures.records import register_personal
        from shian.kernel.ui.navigation import register_nav
        from shian.kernel.ui.panels import register_panel

        definitions.register()
        register_page("operator_code", "census:operator_detail")
        register_personal("operator", records.full_operator)
        register_nav(
            group="operators",
            label=_("经营主体"),
            url_name="census:operator_list",
            icon="building-store",
            order=10,
            key="o",
        )
        register_nav(
            group="operators", label=_("按环节统计"), url_name="census:stage_report", icon="hierarchy-2", order=20
        )
        register_panel(
            record="area",
            key="operators",
            label=_("经营主体"),
            order=10,
            count=records.area_operators_count,
            url=records.area_operators_url,
        )
        register_panel(
            record="operator",
            key="linked",
            label=_("连锁与市场"),
            order=60,
            count=records.linked_count,
            render=records.linked_panel,
        )
        register_panel(
            record="operator",
            key="address",
            label=_("同址主体"),
            order=70,
            count=records.address_count,
            render=records.address_panel,
        )
        register_panel(record="operator", key=codes.TAB, label=_("二维码"), order=15, render=codes.code_panel)
