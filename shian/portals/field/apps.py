from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FieldConfig(AppConfig):
    name = "shian.portals.field"
    label = "field"
    verbose_name = "现场检查"

    def ready(self) -> None:
        from shian.engine.forms.permissions import FILLERS
        from shian.kernel.ui.navigation import register_nav

        register_nav(
            group="supervision", label=_("现场检查"), url_name="field:home", icon="clipboard-check", order=50,
            roles=FILLERS,
        )  # fmt: skip
