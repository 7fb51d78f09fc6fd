from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from shian.kernel.ui.navigation import register_nav
from shian.kernel.ui.panels import register_panel

PAGES = ((_("检查点位"), "fieldchecks:field_point_list", "map-pin", 20),)
GUARDED = ("fieldchecks_fieldpoint",)


class FieldchecksConfig(AppConfig):
    name = "shian.domains.fieldchecks"
    label = "fieldchecks"
    verbose_name = "明查暗访"

    def ready(self) -> None:
        from shian.domains.fieldchecks import definitions, imports
        from shian.domains.fieldchecks.views import panels
        from shian.kernel.scope.walls import register_guarded

        register_guarded(*GUARDED)
        definitions.register()
        imports.register()
        for label, url_name, icon, order in PAGES:
            register_nav(group="supervision", label=label, url_name=url_name, icon=icon, order=order)
        register_panel(
            record="operator",
            key="points",
            label=_("检查点位"),
            order=30,
            count=panels.operator_points_count,
            render=panels.operator_points_panel,
        )
