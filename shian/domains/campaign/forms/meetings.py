"""Forms of meetings."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.campaign.models import Mechanism

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
# Choosing another unit fetches its people into the next field.
PEOPLE_OF_UNIT = {"hx-get": "", "hx-select": "#id_owner", "hx-target": "#id_owner", "hx-swap": "outerHTML"}
Choices = Sequence[tuple[str, str]]


class MeetingForm(forms.Form):
    mechanism = forms.ChoiceField(label=gettext_lazy("机制"), choices=Mechanism.choices)
    title = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    held_on = forms.DateField(label=gettext_lazy("日期"), widget=DATE)
    place = forms.CharField(label=gettext_lazy("地点"), max_length=80, required=False)
    chair = forms.CharField(label=gettext_lazy("主持"), max_length=60, required=False)
    minutes = forms.CharField(
        label=gettext_lazy("正文"), required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("信息通报在这里写正文；会议的纪要在会后填写。"),
    )  # fmt: skip

    def __init__(self, *given: Any, units: Choices, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["units"] = forms.MultipleChoiceField(
            label=_("参加单位"), choices=units, widget=forms.CheckboxSelectMultiple
        )


class TopicForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("议题"), max_length=200)
    unit_name = forms.CharField(label=gettext_lazy("提出单位"), max_length=80, required=False)


class DecisionForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("决定"), max_length=200)
    due_on = forms.DateField(label=gettext_lazy("完成期限"), widget=DATE)

    def __init__(self, *given: Any, units: Choices, owners: Choices, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["unit"] = forms.ChoiceField(
            label=_("承办单位"), choices=[("", "—"), *units], widget=forms.Select(attrs=PEOPLE_OF_UNIT)
        )
        self.fields["owner"] = forms.ChoiceField(
            label=_("责任人"), choices=[("", "—"), *owners], required=False,
            help_text=_("先选承办单位；不选时由承办单位签收后指定。"),
        )  # fmt: skip
        self.order_fields(["text", "unit", "owner", "due_on"])


class MinutesForm(forms.Form):
    minutes = forms.CharField(label=gettext_lazy("纪要"), max_length=8000, widget=forms.Textarea(attrs={"rows": 10}))
