"""Forms of special supervisions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from shian.domains.fieldchecks.forms.rounds import DAY, Choices


class SupervisionForm(forms.Form):
    """What is planned."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    area = forms.ChoiceField(label=gettext_lazy("区划"))
    starts_on = forms.DateField(label=gettext_lazy("开始日期"), widget=DAY)
    ends_on = forms.DateField(label=gettext_lazy("结束日期"), widget=DAY)
    per_area = forms.IntegerField(
        label=gettext_lazy("每个县抽取乡镇"),
        min_value=1,
        max_value=20,
        initial=2,
        help_text=gettext_lazy("每个县（市、区）随机抽取这么多个乡镇（街道）。"),
    )

    def __init__(self, *given: Any, areas: Choices, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["area"].choices = areas  # type: ignore[attr-defined]


class CellForm(forms.Form):
    """What was found with a score, or why nothing was looked at."""

    findings = forms.CharField(
        label=gettext_lazy("发现情况"), required=False, widget=forms.Textarea(attrs={"rows": 5}), max_length=4000
    )
    score = forms.DecimalField(label=gettext_lazy("得分"), required=False, min_value=0, max_value=100, decimal_places=2)
    reason = forms.CharField(
        label=gettext_lazy("未检查原因"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("没有检查这一专题的，写明原因，不打分。"),
    )
