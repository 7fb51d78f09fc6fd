from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DrawsConfig(AppConfig):
    name = "shian.engine.draws"
    label = "draws"
    verbose_name = "抽签"

    def ready(self) -> None:
        from shian.engine.draws.frames import FrameKind, operators_by_format, register_frame
        from shian.kernel.accounts.models import Role
        from shian.kernel.scope.walls import register_guarded
        from shian.kernel.ui.navigation import register_nav

        register_guarded("draws_drawperson", "draws_drawmember")

        register_frame(FrameKind("operators", _("在营主体，按业态分层"), operators_by_format))
        roles = {Role.ADMIN, Role.OFFICE, Role.DEPARTMENT, Role.COUNTY}
        register_nav(
            group="supervision", label=_("抽签"), url_name="draws:draw_list", icon="hierarchy-2", order=40, roles=roles
        )
