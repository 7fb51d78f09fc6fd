from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessConfig(AppConfig):
    name = "shian.portals.assess"
    label = "assess"
    verbose_name = "评估"

    def ready(self) -> None:
        from shian.kernel.accounts.models import Role
        from shian.kernel.notary.subjects import register_subject
        from shian.kernel.ui.navigation import register_home, register_nav
        from shian.portals.assess.queries import may_see_look

        register_home(Role.ASSESSOR, "assess:home")
        register_subject("page", may_see_look)
        assessors, readers = {str(Role.ASSESSOR)}, {str(Role.ADMIN), str(Role.OFFICE)}
        for group, label, url_name, icon, order, roles, key in (
            ("work", _("评估查阅"), "assess:home", "checklist", 10, assessors, "h"),
            ("work", _("核对办法"), "assess:guide_detail", "fingerprint", 20, assessors, ""),
            ("evaluation", _("评估查阅记录"), "assess:look_list", "eye", 95, readers, ""),
        ):
            register_nav(group=group, label=label, url_name=url_name, icon=icon, order=order, roles=roles, key=key)
