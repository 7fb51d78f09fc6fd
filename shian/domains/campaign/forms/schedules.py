"""Forms of plans."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LARGEST = 2 << 20
DAY = {"type": "date"}


class ScheduleForm(forms.Form):
    """A plan of stages and steps as a file, with the division of tasks that it schedules."""

    file = forms.FileField(
        label=gettext_lazy("工作计划文件"),
        help_text=gettext_lazy("YAML：阶段、阶段成果，以及每个步骤在阶段截止前多少个工作日完成。"),
    )
    clauses = forms.FileField(
        label=gettext_lazy("任务分工文件"),
        required=False,
        help_text=gettext_lazy("选填。计划中“逐条”的步骤按任务分工的每一条展开，由牵头单位承担。"),
    )
    final_on = forms.DateField(
        label=gettext_lazy("最终期限"),
        required=False,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        help_text=gettext_lazy("选填。填写后全部阶段和步骤按此日期倒排。"),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("file", "clauses"):
            if data.get(name) and data[name].size > LARGEST:
                self.add_error(name, _("文件超过 2 MB，不像是工作计划。"))
        return data


class MoveForm(forms.Form):
    """The new final date and why."""

    final_on = forms.DateField(label=gettext_lazy("新的最终期限"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    reason = forms.CharField(label=gettext_lazy("调整理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class OutputForm(forms.Form):
    reference = forms.CharField(
        label=gettext_lazy("文号或存放位置"),
        max_length=200,
        help_text=gettext_lazy("例如：廊创办〔2023〕1号。"),
    )
