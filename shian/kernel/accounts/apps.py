from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "shian.kernel.accounts"
    label = "accounts"
    verbose_name = "用户"

    def ready(self) -> None:
        from shian.kernel.accounts import evidence
        from shian.kernel.accounts.deeds import WORDS
        from shian.kernel.accounts.models import Role
        from shian.kernel.notary.deeds import register_deeds
        from shian.kernel.notary.subjects import register_subject
        from shian.kernel.ui.navigation import register_home, register_nav

        evidence.connect()
        register_deeds({f"accounts.{name}": word for name, word in WORDS.items()})
        register_subject("accounts.user", lambda user, key: user.role == Role.SECURITY or user.username == key)
        register_home(Role.SECURITY, "accounts:user_list", searches=False)
        register_nav(
            group="system",
            label=_("账号管理"),
            url_name="accounts:user_list",
            icon="users",
            order=10,
            roles={Role.SECURITY},
            is_exact=True,
        )
