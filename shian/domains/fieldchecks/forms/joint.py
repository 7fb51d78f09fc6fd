"""Forms of joint checks."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from shian.domains.fieldchecks.definitions.cases.problems import SEVERITIES
from shian.domains.fieldchecks.forms.rounds import DAY, Choices
from shian.domains.fieldchecks.models import JointProblem

LINES = {"rows": 5}


class AreaForm(forms.Form):
    """Where it is checked: whose departments take part."""

    area = forms.ChoiceField(label=gettext_lazy("区划"), help_text=gettext_lazy("参加的是这个区划的部门。"))

    def __init__(self, *given: Any, areas: Choices, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["area"].choices = areas  # type: ignore[attr-defined]


class JointForm(forms.Form):
    """What is checked together; points by their codes, one a line."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    held_on = forms.DateField(label=gettext_lazy("日期"), widget=DAY)
    lead = forms.ChoiceField(label=gettext_lazy("牵头部门"))
    departments = forms.MultipleChoiceField(
        label=gettext_lazy("参加部门"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("至少两个部门，只记一份记录。"),
    )
    points = forms.CharField(
        label=gettext_lazy("检查点位"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("每行一个点位编号。"),
    )

    def __init__(self, *given: Any, departments: Choices, **options: Any) -> None:
        super().__init__(*given, **options)
        for name, choices in (("lead", departments), ("departments", departments)):
            self.fields[name].choices = choices  # type: ignore[attr-defined]


class HeldForm(forms.Form):
    """What the meeting said, and what was found."""

    meeting = forms.CharField(
        label=gettext_lazy("现场会"),
        required=False,
        widget=forms.Textarea(attrs=LINES),
        max_length=4000,
        help_text=gettext_lazy("在行业现场会上讲了什么，谁参加。"),
    )
    problems = forms.CharField(
        label=gettext_lazy("发现问题"),
        required=False,
        widget=forms.Textarea(attrs=LINES),
        help_text=gettext_lazy("每行一个问题；没有发现问题就留空。"),
    )


class AssignForm(forms.Form):
    """A department, a day and a severity for each problem. groups: the words of a problem and its fields."""

    def __init__(self, *given: Any, problems: Sequence[JointProblem], departments: Choices, **options: Any) -> None:
        super().__init__(*given, **options)
        self.groups: list[tuple[str, list[str]]] = []
        for number, each in enumerate(problems, start=1):
            names = [f"{name}_{each.pk}" for name in ("unit", "due", "severity")]
            self.groups.append((f"{number}. {each.text}", names))
            self.fields[f"unit_{each.pk}"] = forms.ChoiceField(label=gettext_lazy("整改部门"), choices=departments)
            self.fields[f"due_{each.pk}"] = forms.DateField(label=gettext_lazy("整改期限"), widget=DAY)
            self.fields[f"severity_{each.pk}"] = forms.ChoiceField(
                label=gettext_lazy("程度"), choices=[(word, word) for word in SEVERITIES]
            )
