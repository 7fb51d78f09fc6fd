"""What the sealed actions of operators' own duty are called, on seals and in archives that are read off line."""

from django.utils.translation import gettext_lazy as _

DEEDS = {
    "selfcontrol.account_opened": _("开通企业账号"),
    "selfcontrol.account_ended": _("停用企业账号"),
    "selfcontrol.list_written": _("编写风险管控清单"),
    "selfcontrol.list_approved": _("批准风险管控清单"),
    "selfcontrol.day_recorded": _("记录日管控"),
    "selfcontrol.closure_declared": _("停业申报"),
    "selfcontrol.closure_ended": _("恢复营业"),
    "selfcontrol.problem_handled": _("处置问题"),
    "selfcontrol.decision_done": _("完成决定事项"),
    "selfcontrol.week_drafted": _("起草周排查报告"),
    "selfcontrol.week_signed": _("签署周排查报告"),
    "selfcontrol.month_written": _("编写月调度纪要"),
    "selfcontrol.month_signed": _("签署月调度纪要"),
    "selfcontrol.staff_appointed": _("任命"),
    "selfcontrol.staff_ended": _("离任"),
    "selfcontrol.selfexam_reported": _("报告企业自查"),
    "selfcontrol.sample_drawn": _("随机抽取抽考人员"),
    "selfcontrol.exam_called": _("通知抽考"),
    "selfcontrol.exam_begun": _("开始抽考"),
    "selfcontrol.exam_finished": _("完成抽考"),
    "selfcontrol.commitment_signed": _("签署承诺书"),
    "selfcontrol.text_issued": _("发布承诺书文本"),
    "selfcontrol.months_kept": _("整理日管控分区"),
}
