from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shian.kernel.ui.navigation import register_nav
from shian.kernel.ui.panels import register_panel

PAGES = (
    ("campaign", _("作战图"), "campaign:war_map", "flag", 4, ""),
    ("campaign", _("工作总览"), "campaign:progress_list", "layout-dashboard", 5, ""),
    ("campaign", _("问题清单"), "campaign:problem_board", "alert-triangle", 6, ""),
    ("campaign", _("包联督导"), "campaign:visit_board", "map-pin", 7, ""),
    ("campaign", _("自查报告"), "campaign:selfcheck_board", "file-text", 8, ""),
    ("campaign", _("迎检"), "campaign:reception_list", "flag", 9, ""),
    ("campaign", _("佐证材料"), "campaign:need_list", "folder", 43, ""),
    ("campaign", _("进度统计"), "campaign:rate_list", "chart-bar", 44, ""),
    ("campaign", _("周台账"), "campaign:week_list", "calendar", 45, ""),
    ("campaign", _("会议和通报"), "campaign:meeting_list", "users", 46, ""),
    ("campaign", _("一键提报"), "campaign:submission_list", "upload", 47, ""),
    ("campaign", _("工作简报"), "campaign:briefing_list", "speakerphone", 48, ""),
    ("evaluation", pgettext_lazy("list", "评价内容"), "campaign:item_list", "list-check", 10, "e"),
    ("evaluation", _("否决项"), "campaign:veto_board", "ban", 20, "v"),
    ("evaluation", _("失分分布"), "campaign:loss_list", "chart-bar", 30, ""),
    ("evaluation", _("动态评价"), "campaign:ranking_list", "chart-bar", 32, ""),
    ("evaluation", _("年度考核"), "campaign:appraisal_list", "certificate", 34, ""),
    ("evaluation", _("表彰问责"), "campaign:commendation_list", "gavel", 36, ""),
    ("evaluation", _("分解目录"), "campaign:catalogue_list", "hierarchy-2", 40, ""),
    ("evaluation", _("评价细则"), "campaign:standard_detail", "scale", 50, ""),
    ("organisation", _("组织架构"), "campaign:unit_list", "hierarchy-2", 65, ""),
    ("organisation", _("文件库"), "campaign:paper_list", "file-text", 70, ""),
    ("organisation", _("履职台账"), "campaign:act_list", "gavel", 75, ""),
    ("organisation", _("示范项目"), "campaign:project_list", "star", 80, ""),
    ("organisation", _("标杆和明白纸"), "campaign:benchmark_list", "target", 82, ""),
    ("organisation", _("经验总结"), "campaign:lesson_list", "notebook", 84, ""),
)


class CampaignConfig(AppConfig):
    name = "shian.domains.campaign"
    label = "campaign"
    verbose_name = "创建"

    def ready(self) -> None:
        from shian.domains.campaign import definitions, imports
        from shian.domains.campaign.views import case_panels, commendations, evidence_panels, showcases
        from shian.engine.cases.links import register_page

        register_page("item_code", "campaign:item_detail")
        definitions.register()
        imports.register()
        for group, label, url_name, icon, order, key in PAGES:
            register_nav(group=group, label=label, url_name=url_name, icon=icon, order=order, key=key)
        register_panel(
            record="item",
            key="evidence",
            label=_("佐证材料"),
            order=20,
            count=evidence_panels.item_evidence_count,
            render=evidence_panels.item_evidence_panel,
        )
        for record, key, panel_label, panel_order, count, render in case_panels.PANELS:
            register_panel(record=record, key=key, label=panel_label, order=panel_order, count=count, render=render)
        for record in ("item", "case.problem", "case.card", "case.task", "case.inspection"):
            register_panel(
                record=record,
                key="commendations",
                label=_("表彰问责"),
                order=90,
                count=commendations.caused_count,
                render=commendations.caused_panel,
                roles=("office", "admin"),
            )
        register_panel(
            record="case.commendation", key="cause", label=_("起因"), order=10, render=commendations.cause_panel
        )
        register_panel(
            record="organisation",
            key="training",
            label=_("创建培训"),
            order=30,
            count=showcases.training_count,
            render=showcases.training_panel,
        )
