from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "shian.kernel.imports"
    label = "imports"
    verbose_name = "导入"

    def ready(self) -> None:
        from shian.kernel.accounts.models import Role
        from shian.kernel.imports import calendars
        from shian.kernel.ui.navigation import register_nav

        calendars.register()
        roles = {Role.ADMIN, Role.OFFICE, Role.COUNTY, Role.DEPARTMENT}
        register_nav(
            group="system", label=_("数据导入"), url_name="imports:batch_list", icon="upload", order=10,
            roles={str(role) for role in roles}, key="i",
        )  # fmt: skip
