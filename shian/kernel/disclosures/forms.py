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
)


class ReasonForm(forms.Form):
    """`clean` leaves the reason as it is kept in cleaned_data["reason"]."""

    chosen = forms.ChoiceField(
        label=gettext_lazy("理由"), choices=[("", gettext_lazy("（另行填写）")), *REASONS], required=False
    )
    words = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=LONGEST,
        help_text=gettext_lazy("没有合适的理由时请自己写明，例如文号或案号"),
    )

    def clean(self) -> dict[str, str]:
        found: dict[str, str] = super().clean() or {}
        reason = reason_of(found.get("chosen", ""), found.get("words", ""))
        if not reason and not self.errors:
            self.add_error("chosen", _("请选择或填写理由。"))
        return {**found, "reason": reason}
