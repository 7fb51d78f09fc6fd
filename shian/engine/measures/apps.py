from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeasuresConfig(AppConfig):
    name = "shian.engine.measures"
    label = "measures"
    verbose_name = "统计口径"

    def ready(self) -> None:
        from shian.engine.measures import case_sources, definitions
        from shian.kernel.ui.navigation import register_nav

        definitions.register()
        case_sources.register()
        register_nav(group="figures", label=_("统计口径"), url_name="figures:measure_list", icon="chart-bar", key="m")
