"""What the sealed actions of duties are called, on seals and in archives that are read off line."""

from django.utils.translation import gettext_lazy as _

VISIT_DEEDS = {
    "duties.visited": _("督导"),
    "duties.quarter_closed": _("季度冻结"),
    "duties.training_planned": _("计划培训"),
    "duties.training_held": _("举办培训"),
    "duties.training_attended": _("登记参加人员"),
    "duties.training_scored": _("录入测试得分"),
    "duties.training_recorded": _("培训归档"),
    "duties.training_dropped": _("取消培训"),
    "duties.training_asked": _("登记问答"),
    "duties.test_begun": _("开始测试"),
    "duties.test_finished": _("交卷判分"),
    "duties.spotcheck_planned": _("计划督查"),
    "duties.spotcheck_sampled": _("抽取督导记录"),
    "duties.spotcheck_judged": _("核查"),
    "duties.spotcheck_frozen": _("冻结督查名册"),
    "duties.spotcheck_scored": _("督查计分"),
    "duties.spotcheck_published": _("公布督查得分"),
    "duties.spotcheck_withdrawn": _("撤销不属实认定"),
    "duties.untrue_explained": _("干部说明"),
    "duties.notice_drafted": _("起草通报"),
    "duties.notice_approved": _("审定通报"),
    "duties.notice_returned": _("退回通报"),
    "duties.notice_published": _("印发通报"),
    "duties.notice_followed": _("登记通报后续"),
    "duties.upload_sent": _("上报数据"),
    "duties.upload_decided": _("审核上报"),
    "duties.upload_reported": _("汇总上报"),
}
