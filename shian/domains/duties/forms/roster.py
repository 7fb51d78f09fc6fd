"""Forms of the census, tiers, officials and matches."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from shian.domains.duties.models import CensusState, Exclusion, OfficialLevel, TierLetter

Choices = Sequence[tuple[str, Any]]
MOST_PEOPLE = 9_999_999  # what the column holds, and more than work or eat anywhere
_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class CensusForm(forms.Form):
    """What the census found."""

    state = forms.ChoiceField(label=gettext_lazy("结果"), choices=[
        (each.value, each.label) for each in CensusState if each != CensusState.LISTED
    ])  # fmt: skip
    employees = forms.IntegerField(label=gettext_lazy("从业人数"), min_value=0, max_value=MOST_PEOPLE, required=False)
    output = forms.DecimalField(
        label=gettext_lazy("年产值（万元）"), min_value=0, max_digits=14, decimal_places=2, required=False
    )
    diners = forms.IntegerField(
        label=gettext_lazy("就餐人数"), min_value=0, max_value=MOST_PEOPLE, required=False,
        help_text=gettext_lazy("只有食堂填写"),
    )  # fmt: skip
    exclusion = forms.ChoiceField(
        label=gettext_lazy("不纳入原因"), choices=[("", "—"), *Exclusion.choices], required=False,
        help_text=gettext_lazy("结果是“不纳入”时填写"),
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("说明"), max_length=200, required=False)


class TierForm(ReasonForm):
    """A tier against the rule."""

    tier = forms.ChoiceField(label=gettext_lazy("包保层级"), choices=TierLetter.choices)
    field_order = ("tier", "reason")


class MatchForm(ReasonForm):
    """Another official for an operator."""

    official = forms.ChoiceField(label=gettext_lazy("包保干部"))
    field_order = ("official", "reason")

    def __init__(self, *given: Any, officials: Choices, **options: Any) -> None:
        super().__init__(*given, **options)
        field = self.fields["official"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *officials]


class OfficialForm(forms.Form):
    """Somebody new on the roster, or a successor."""

    code = forms.CharField(label=gettext_lazy("干部编号"), max_length=40)
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=30)
    level = forms.ChoiceField(label=gettext_lazy("层级"), choices=OfficialLevel.choices)
    area = forms.ChoiceField(label=gettext_lazy("任职区划"))
    post = forms.CharField(label=gettext_lazy("职务"), max_length=60)
    unit = forms.CharField(label=gettext_lazy("单位"), max_length=80, required=False)
    charge = forms.CharField(
        label=gettext_lazy("分管领域"), max_length=20, required=False, help_text=gettext_lazy("如教育、卫健、民政")
    )
    is_head = forms.BooleanField(label=gettext_lazy("党政主要负责人"), required=False)
    office_phone = forms.CharField(label=gettext_lazy("办公电话"), max_length=20, required=False)
    valid_from = forms.DateField(label=gettext_lazy("任职日期"), widget=_DAY)

    def __init__(self, *given: Any, areas: Choices, is_successor: bool = False, **options: Any) -> None:
        super().__init__(*given, **options)
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *areas]
        if is_successor:
            del self.fields["level"], self.fields["area"]
