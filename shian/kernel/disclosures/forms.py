"""Asking for a reason: common ones to choose from, and own words."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.kernel.disclosures.rules import LONGEST, reason_of

REASONS = (
    ("日常监管", gettext_lazy("日常监管")),
    ("案件与投诉办理", gettext_lazy("案件与投诉办理")),
    ("通知与联系", gettext_lazy("通知与联系")),
    ("数据核对与上报", gettext_lazy("数据核对与上报")),
    ("审计与检查", gettext_lazy("审计与检查")),
    ("其他", gettext_lazy("其他（请在下面说明）")),
)
OTHER = "其他"


class ReasonForm(forms.Form):
    """`clean` leaves the reason as it is kept in cleaned_data["reason"]."""

    chosen = forms.ChoiceField(label=gettext_lazy("理由"), choices=[("", gettext_lazy("请选择")), *REASONS])
    words = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=LONGEST,
        help_text=gettext_lazy("没有合适的理由时请自己写明，例如文号或案号"),
    )

    def clean(self) -> dict[str, str]:
        found: dict[str, str] = super().clean() or {}
        chosen = found.get("chosen", "")
        reason = reason_of("" if chosen == OTHER else chosen, found.get("words", ""))
        if not reason and not self.errors:
            self.add_error("words", _("请写明理由。"))
        return {**found, "reason": reason}
