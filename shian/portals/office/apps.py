from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficeConfig(AppConfig):
    name = "shian.portals.office"
    label = "office"
    verbose_name = "办公"

    def ready(self) -> None:
        from shian.kernel.ui.navigation import register_nav

        register_nav(group="work", label=_("我的工作"), url_name="office:home", icon="checklist", order=10, key="h")
