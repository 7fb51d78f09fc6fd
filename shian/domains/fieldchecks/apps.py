from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from shian.kernel.ui.navigation import register_nav
from shian.kernel.ui.panels import register_panel

PAGES = (
    (_("明查暗访"), "fieldchecks:field_visit_list", "clipboard-check", 5, None),
    (_("明查暗访轮次"), "fieldchecks:field_round_list", "flag", 10, ("admin", "office", "department", "county")),
    (_("检查点位"), "fieldchecks:field_point_list", "map-pin", 20, None),
    (
        _("迎检备查"),
        "fieldchecks:preparation_list",
        "list-check",
        24,
        ("admin", "office", "department", "county", "station"),
    ),
    (_("联合检查"), "fieldchecks:joint_check_list", "users", 26, ("admin", "office", "department", "county")),
    (
        _("专项督查"),
        "fieldchecks:special_supervision_list",
        "scale",
        28,
        ("admin", "office", "department", "county", "reviewer"),
    ),
    (_("检查队伍"), "fieldchecks:field_team_list", "users", 30, ("admin", "office", "department", "county")),
)
GUARDED = ("fieldchecks_fieldpoint", "fieldchecks_fieldvisit", "fieldchecks_finding")


class FieldchecksConfig(AppConfig):
    name = "shian.domains.fieldchecks"
    label = "fieldchecks"
    verbose_name = "明查暗访"

    def ready(self) -> None:
        from shian.domains.fieldchecks import definitions, imports
        from shian.domains.fieldchecks.permissions import ROUND_READ
        from shian.domains.fieldchecks.queries import datasets
        from shian.domains.fieldchecks.queries.rounds import FRAME
        from shian.domains.fieldchecks.queries.supervisions import FRAME as TOWNSHIPS
        from shian.domains.fieldchecks.queries.visits import results_of_draw
        from shian.domains.fieldchecks.views import panels, problems
        from shian.engine.draws.frames import FrameKind, register_frame
        from shian.engine.draws.permissions import restrict_frame
        from shian.kernel.scope.walls import register_guarded

        register_guarded(*GUARDED)
        definitions.register()
        imports.register()
        register_frame(FrameKind(FRAME, _("点位名册"), owner_page=panels.page_of_round, results=results_of_draw))
        restrict_frame(FRAME, ROUND_READ)
        register_frame(FrameKind(TOWNSHIPS, _("乡镇（街道）名册"), owner_page=panels.page_of_supervision))
        for label, url_name, icon, order, roles in PAGES:
            register_nav(group="supervision", label=label, url_name=url_name, icon=icon, order=order, roles=roles)
        datasets.register()
        register_panel(
            record="case.field_problem", key="visit", label=_("检查和立案"), order=10,
            render=problems.problem_panel,
        )  # fmt: skip
        register_panel(record="case.field_filing", key="cause", label=_("起因"), order=10, render=problems.filing_panel)
        register_panel(
            record="operator",
            key="points",
            label=_("检查点位"),
            order=30,
            count=panels.operator_points_count,
            render=panels.operator_points_panel,
        )
