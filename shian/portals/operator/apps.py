from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperatorConfig(AppConfig):
    name = "shian.portals.operator"
    label = "operator_portal"
    verbose_name = "企业端"

    def ready(self) -> None:
        from shian.kernel.accounts.models import Role
        from shian.kernel.ui.navigation import register_home, register_nav

        register_home(Role.OPERATOR, "operator:home", searches=False)
        register_nav(
            group="work", label=_("今日管控"), url_name="operator:home", icon="checklist", order=10,
            roles={str(Role.OPERATOR)}, key="h",
        )  # fmt: skip
