"""Forms of what an area reports."""

from django import forms
from django.utils.translation import gettext_lazy


class SendForm(forms.Form):
    """A word on targets that are missed."""

    remark = forms.CharField(
        label=gettext_lazy("未达目标的说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("有指标没有达到目标的，写明原因和措施。"),
    )  # fmt: skip
