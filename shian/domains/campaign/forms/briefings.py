"""Forms of information and briefings."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.campaign.models import MediumLevel, Series

Choices = Sequence[tuple[str, str]]
LONGEST = 8000


def _writing() -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 12})


class DispatchForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("标题"), max_length=120)
    text = forms.CharField(label=gettext_lazy("正文"), max_length=LONGEST, widget=_writing())

    def __init__(self, *given: Any, units: Choices, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["unit"] = forms.ChoiceField(label=_("报送单位"), choices=units)


class EditForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("刊登标题"), max_length=120)
    text = forms.CharField(label=gettext_lazy("刊登正文"), max_length=LONGEST, widget=_writing())


class DeclineForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("未采用原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class BriefingForm(forms.Form):
    series = forms.ChoiceField(label=gettext_lazy("刊名"), choices=Series.choices)
    title = forms.CharField(label=gettext_lazy("标题"), max_length=120)

    def __init__(self, *given: Any, items: Choices, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["items"] = forms.MultipleChoiceField(
            label=_("刊登的信息"), choices=items, widget=forms.CheckboxSelectMultiple,
            help_text=_("按采用的先后排列；每条注明报送单位。"),
        )  # fmt: skip


class ReprintForm(forms.Form):
    medium = forms.CharField(label=gettext_lazy("媒体"), max_length=80)
    level = forms.ChoiceField(label=gettext_lazy("级别"), choices=MediumLevel.choices)
    on = forms.DateField(
        label=gettext_lazy("转载日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    url = forms.URLField(label=gettext_lazy("网址"), max_length=500, required=False, assume_scheme="https")
