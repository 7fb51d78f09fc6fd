from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from shian.kernel.ui.panels import register_panel


class SelfcontrolConfig(AppConfig):
    name = "shian.domains.selfcontrol"
    label = "selfcontrol"
    verbose_name = "企业主体责任"

    def ready(self) -> None:
        from shian.domains.selfcontrol import definitions
        from shian.domains.selfcontrol.queries.accounts import reach_by_accounts
        from shian.domains.selfcontrol.views import panels
        from shian.kernel.accounts.models import Role
        from shian.kernel.scope.reach import register_reach_provider
        from shian.kernel.scope.walls import register_guarded

        register_guarded("selfcontrol_safetystaff", "selfcontrol_operatoraccount")
        register_reach_provider(reach_by_accounts, Role.OPERATOR)
        definitions.register()
        register_panel(
            record="operator", key="selfcontrol", label=_("主体责任"), order=40, render=panels.operator_panel
        )
