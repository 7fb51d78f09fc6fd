"""Duties: registers its definitions, entries and panels when Django is ready."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from shian.kernel.ui.navigation import register_nav
from shian.kernel.ui.panels import register_panel

READERS = ("admin", "office", "department", "county", "station", "reviewer")
PAGES = (
    (_("包保摸底排查"), "duties:census_list", "list-check", 40),
    (_("包保层级"), "duties:tier_list", "scale", 42),
    (_("包保干部"), "duties:official_list", "users", 44),
    (_("包保对接"), "duties:match_list", "link", 46),
    (_("包保承诺书"), "duties:letter_list", "certificate", 48),
    (_("公示板"), "duties:board_list", "printer", 50),
)


STAFF = (*READERS, "official")
VISIT_PAGES = (
    (_("我的包保"), "duties:mine_detail", "user", 2, ("official",)),
    (_("包保督导"), "duties:visit_list", "clipboard-check", 60, STAFF),
    (_("督导进度"), "duties:coverage_detail", "chart-bar", 61, STAFF),
    (_("督查抽查"), "duties:spotcheck_list", "eye", 62, READERS),
    (_("履职通报"), "duties:notice_list", "speakerphone", 63, READERS),
    (_("数据上报"), "duties:filing_list", "arrow-up", 64, READERS),
    (_("包保培训"), "duties:training_list", "school", 65, READERS),
)


class DutiesConfig(AppConfig):
    name = "shian.domains.duties"
    label = "duties"
    verbose_name = "包保责任"

    def ready(self) -> None:
        from shian.domains.duties import definitions, imports
        from shian.domains.duties.permissions import DUTY_READ
        from shian.domains.duties.queries import visit_lists
        from shian.domains.duties.queries.spotchecks import FRAME
        from shian.domains.duties.views import panels
        from shian.engine.draws.frames import FrameKind, register_frame
        from shian.engine.draws.permissions import restrict_frame
        from shian.kernel.scope.walls import register_guarded

        register_guarded("duties_dutyvisit", "duties_visitfault")
        definitions.register()
        imports.register()
        visit_lists.register()
        register_frame(FrameKind(FRAME, _("包保督导记录"), owner_page=panels.page_of_check))
        restrict_frame(FRAME, DUTY_READ)
        for label, url_name, icon, order in PAGES:
            register_nav(group="operators", label=label, url_name=url_name, icon=icon, order=order, roles=READERS)
        for label, url_name, icon, order, roles in VISIT_PAGES:
            register_nav(group="supervision", label=label, url_name=url_name, icon=icon, order=order, roles=roles)
        register_panel(
            record="operator", key="duty", label=_("包保"), order=25, render=panels.operator_duty_panel
        )  # fmt: skip
