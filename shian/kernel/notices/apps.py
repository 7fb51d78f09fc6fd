from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "shian.kernel.notices"
    label = "notices"
    verbose_name = "通知"

    def ready(self) -> None:
        from shian.kernel.accounts.models import Role
        from shian.kernel.notices.queries import unread_count
        from shian.kernel.scope.walls import register_guarded
        from shian.kernel.ui.bell import register_bell
        from shian.kernel.ui.navigation import register_nav

        register_guarded("notices_notice", "notices_mail", "notices_hook", "notices_push")
        register_bell("notices:notice_list", unread_count)
        register_nav(group="work", label=_("通知"), url_name="notices:notice_list", icon="inbox", order=20, key="n")
        register_nav(
            group="system", label=_("消息推送"), url_name="notices:hook_list", icon="link", order=61,
            roles={str(Role.ADMIN)},
        )  # fmt: skip
        register_nav(
            group="system", label=_("邮件发送"), url_name="notices:mail_list", icon="mail", order=60,
            roles={str(Role.ADMIN)},
        )  # fmt: skip
