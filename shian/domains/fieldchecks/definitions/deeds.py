"""What the sealed actions of field checks are called, on seals and in archives that are read off line."""

from django.utils.translation import gettext_lazy as _

DEEDS = {
    "fieldchecks.visit_assigned": _("安排检查"),
    "fieldchecks.visit_reached": _("到达现场"),
    "fieldchecks.visit_checked": _("打分"),
    "fieldchecks.visit_signed": _("签字"),
    "fieldchecks.visit_joined": _("登记同行人员"),
    "fieldchecks.visit_filed": _("归档"),
    "fieldchecks.visit_given_up": _("未能检查"),
    "fieldchecks.visit_released": _("公布"),
    "fieldchecks.point_listed": _("列入点位库"),
    "fieldchecks.point_advanced": _("状态变更"),
    "fieldchecks.point_withdrawn": _("退出点位库"),
    "fieldchecks.round_planned": _("计划"),
    "fieldchecks.round_frozen": _("冻结抽签名册"),
    "fieldchecks.round_drawn": _("样本确认"),
    "fieldchecks.round_paired": _("交叉互查配对"),
    "fieldchecks.round_begun": _("开始检查"),
    "fieldchecks.round_closed": _("结束"),
    "fieldchecks.joint_planned": _("计划"),
    "fieldchecks.joint_held": _("开展"),
    "fieldchecks.joint_assigned": _("交办问题"),
    "fieldchecks.supervision_planned": _("计划"),
    "fieldchecks.supervision_frozen": _("冻结抽签名册"),
    "fieldchecks.supervision_drawn": _("样本确认"),
    "fieldchecks.supervision_filled": _("填写专题情况"),
    "fieldchecks.supervision_advanced": _("状态变更"),
    "fieldchecks.supervision_reported": _("形成报告"),
}
