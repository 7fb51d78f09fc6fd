from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    name = "shian.kernel.ui"
    label = "ui"
    verbose_name = _("界面")

    def ready(self) -> None:
        from shian.kernel.ui.build import check_build

        register(check_build)
