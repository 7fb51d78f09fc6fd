from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "shian.engine.cases"
    label = "cases"
    verbose_name = "闭环事项"

    def ready(self) -> None:
        from shian.engine.cases import imports
        from shian.kernel.scope.walls import register_guarded
        from shian.kernel.ui.navigation import register_nav

        register_guarded("cases_case", "cases_caseclock", "cases_caseevent", "cases_casefile", "cases_caserequest")
        imports.register()
        register_nav(
            group="work", label=_("待办事项"), url_name="cases:case_list", icon="list-check", order=10, key="t"
        )
        register_nav(group="work", label=_("各类事项"), url_name="cases:kind_list", icon="clipboard-check", order=15)
