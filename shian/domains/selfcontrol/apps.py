from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from shian.kernel.ui.navigation import register_nav
from shian.kernel.ui.panels import register_panel

PAGES = (
    (_("食品安全员配备"), "selfcontrol:safety_staff_board", "users", 60),
    (_("日管控"), "selfcontrol:daily_control_board", "calendar", 61),
    (_("企业自查报告"), "selfcontrol:self_exam_board", "report", 62),
    (_("企业人员培训"), "selfcontrol:training_session_list", "notebook", 63),
    (_("监督抽考"), "selfcontrol:exam_list", "checklist", 64),
    (_("经营者承诺书"), "selfcontrol:commitment_text_list", "file-text", 65),
)


class SelfcontrolConfig(AppConfig):
    name = "shian.domains.selfcontrol"
    label = "selfcontrol"
    verbose_name = "企业主体责任"

    def ready(self) -> None:
        from shian.domains.selfcontrol import definitions, imports
        from shian.domains.selfcontrol.queries.accounts import reach_by_accounts
        from shian.domains.selfcontrol.views import panels
        from shian.kernel.accounts.models import Role
        from shian.kernel.scope.reach import register_reach_provider
        from shian.kernel.scope.walls import register_guarded

        register_guarded("selfcontrol_safetystaff", "selfcontrol_operatoraccount")
        register_reach_provider(reach_by_accounts, Role.OPERATOR)
        definitions.register()
        imports.register()
        for label, url_name, icon, order in PAGES:
            register_nav(group="supervision", label=label, url_name=url_name, icon=icon, order=order)
        register_panel(
            record="operator", key="selfcontrol", label=_("主体责任"), order=40, render=panels.operator_panel
        )
