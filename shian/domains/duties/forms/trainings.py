"""Forms of trainings: planned, held, cancelled, scores, what was asked."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from shian.domains.duties.models import OfficialLevel, TrainingAttendance

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_TEXT = forms.Textarea(attrs={"rows": 3})


class TrainingForm(forms.Form):
    """What, for whom, when and where."""

    topic = forms.CharField(label=gettext_lazy("培训主题"), max_length=120)
    area = forms.ChoiceField(label=gettext_lazy("区划"), help_text=gettext_lazy("这个区划内的干部都可以参加"))
    level = forms.ChoiceField(
        label=gettext_lazy("培训对象"), required=False,
        choices=[("", gettext_lazy("各级干部")), *OfficialLevel.choices],
    )  # fmt: skip
    planned_on = forms.DateField(label=gettext_lazy("计划日期"), widget=_DAY)
    place = forms.CharField(label=gettext_lazy("地点"), max_length=120, required=False)
    trainer = forms.CharField(label=gettext_lazy("授课单位"), max_length=80, required=False)
    handout = forms.CharField(
        label=gettext_lazy("培训讲义"), max_length=8000, required=False, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("举办后，干部在手机上先看讲义，再测试；一段一行。"),
    )  # fmt: skip

    def __init__(self, *given: Any, areas: Sequence[tuple[str, Any]], **options: Any) -> None:
        super().__init__(*given, **options)
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(areas)


class HeldForm(forms.Form):
    """When it took place."""

    held_on = forms.DateField(label=gettext_lazy("举办日期"), widget=_DAY)


class AskedForm(forms.Form):
    """A question from the floor and its answer."""

    question = forms.CharField(label=gettext_lazy("提问"), max_length=1000, widget=_TEXT)
    answer = forms.CharField(label=gettext_lazy("解答"), max_length=4000, widget=_TEXT, required=False)


class ScoresForm(forms.Form):
    """Right answers of each who was there, as counted on the papers; empty for who took no test."""

    def __init__(self, *given: Any, rows: Sequence[TrainingAttendance], asked: int, **options: Any) -> None:
        super().__init__(*given, **options)
        self.rows, self.asked = rows, asked
        for each in rows:
            right = None if each.score is None else round(each.score * asked / 100)
            self.fields[f"right-{each.pk}"] = forms.IntegerField(
                label=f"{each.official.name} · {each.official.post}", min_value=0, max_value=asked, required=False,
                initial=right,
            )  # fmt: skip

    def scores(self, points: Any) -> dict[int, Decimal | None]:
        """Points by attendance; `points` turns right answers of so many questions into points."""
        told = {each.pk: self.cleaned_data[f"right-{each.pk}"] for each in self.rows}
        return {pk: None if right is None else points(right, self.asked) for pk, right in told.items()}
