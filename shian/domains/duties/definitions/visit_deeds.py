"""What the sealed actions of duties are called, on seals and in archives that are read off line."""

from django.utils.translation import gettext_lazy as _

VISIT_DEEDS = {
    "duties.visited": _("督导"),
    "duties.quarter_closed": _("季度冻结"),
    "duties.training_planned": _("计划培训"),
    "duties.training_held": _("举办培训"),
    "duties.training_recorded": _("培训归档"),
    "duties.training_dropped": _("取消培训"),
    "duties.training_asked": _("登记问答"),
    "duties.spotcheck_planned": _("计划督查"),
    "duties.spotcheck_sampled": _("抽取督导记录"),
    "duties.spotcheck_judged": _("核查"),
    "duties.spotcheck_published": _("公布督查得分"),
    "duties.upload_sent": _("上报数据"),
    "duties.upload_decided": _("审核上报"),
}
