from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DisclosuresConfig(AppConfig):
    name = "shian.kernel.disclosures"
    label = "disclosures"
    verbose_name = "个人信息查看与导出"

    def ready(self) -> None:
        from shian.kernel.accounts.models import Role
        from shian.kernel.disclosures.door import Door
        from shian.kernel.notary.leaving import register_door
        from shian.kernel.scope.walls import register_guarded
        from shian.kernel.ui.navigation import register_home, register_nav

        register_home(Role.AUDITOR, "disclosures:deed_list", searches=False)
        register_guarded("disclosures_disclosure")
        register_door(Door.of_page)
        register_nav(
            group="system",
            label=_("操作日志"),
            url_name="disclosures:deed_list",
            icon="history",
            order=65,
            roles={str(Role.AUDITOR)},
            is_exact=True,
        )
        register_nav(
            group="system",
            label=_("查看与导出日志"),
            url_name="disclosures:disclosure_list",
            icon="eye",
            order=70,
            roles={str(Role.AUDITOR)},
            is_exact=True,
        )
