from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "shian.kernel.accounts"
    label = "accounts"
    verbose_name = "用户"

    def ready(self) -> None:
        from shian.kernel.accounts import evidence
        from shian.kernel.accounts.models import Role
        from shian.kernel.ui.navigation import register_nav

        evidence.connect()
        register_nav(
            group="system",
            label=_("账号管理"),
            url_name="accounts:user_list",
            icon="users",
            order=10,
            roles={Role.ADMIN},
        )
