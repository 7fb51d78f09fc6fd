"""What the sealed actions of visits are called, on seals and in archives that are read off line."""

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
}
