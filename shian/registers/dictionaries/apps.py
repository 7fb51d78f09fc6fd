from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DictionariesConfig(AppConfig):
    name = "shian.registers.dictionaries"
    label = "dictionaries"
    verbose_name = "字典"

    def ready(self) -> None:
        from shian.kernel.accounts.models import Role
        from shian.kernel.ui.navigation import register_nav

        register_nav(
            group="system",
            label=_("字典"),
            url_name="dictionaries:dictionary_list",
            icon="notebook",
            order=30,
            roles={Role.ADMIN, Role.OFFICE},
        )
