from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RetentionConfig(AppConfig):
    name = "shian.kernel.retention"
    label = "retention"
    verbose_name = "归档与留存"

    def ready(self) -> None:
        from shian.kernel.accounts.models import Role
        from shian.kernel.ui.navigation import register_nav

        register_nav(
            group="system", label=_("归档与留存"), url_name="retention:file_list", icon="archive", order=60,
            roles={str(Role.ADMIN), str(Role.OFFICE)},
        )  # fmt: skip
