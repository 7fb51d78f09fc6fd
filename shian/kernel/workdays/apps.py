from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkdaysConfig(AppConfig):
    name = "shian.kernel.workdays"
    label = "workdays"
    verbose_name = "工作日历"

    def ready(self) -> None:
        from shian.kernel.accounts.models import Role
        from shian.kernel.ui.navigation import register_nav

        register_nav(
            group="system",
            label=_("工作日历"),
            url_name="workdays:year_current",
            icon="calendar",
            order=20,
            roles={str(Role.ADMIN), str(Role.OFFICE)},
        )
