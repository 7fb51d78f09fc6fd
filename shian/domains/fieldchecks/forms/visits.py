"""Forms of visits: who goes where, where somebody stands, what was put right, why nothing was checked."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
Choices = Sequence[tuple[str, str]]
NOTHING = ("", "—")


class AssignForm(forms.Form):
    """Points go with the address or are named by their codes; the team is of the issuing unit or beside it."""

    codes = forms.CharField(
        label=_("点位编号"), widget=forms.Textarea(attrs={"rows": 3}), max_length=20_000,
        help_text=_("多个点位用空格、逗号或换行隔开；明查、暗访可以一起安排。"),
    )  # fmt: skip
    due_on = forms.DateField(label=_("期限"), widget=DATE, required=False)
    round_no = forms.CharField(label=_("轮次"), max_length=40, required=False)

    def __init__(self, *given: Any, issuers: Choices, people: Choices, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["issuer"] = forms.ChoiceField(label=_("组织单位"), choices=issuers)
        self.fields["lead"] = forms.ChoiceField(label=_("检查人员"), choices=[NOTHING, *people])
        self.fields["second"] = forms.ChoiceField(
            label=_("同行人员"),
            choices=[NOTHING, *people],
            required=False,
            help_text=_("明查须两人以上；暗访可以一人。"),
        )
        self.order_fields(["codes", "issuer", "lead", "second", "due_on", "round_no"])


class SpotForm(forms.Form):
    """Where somebody stands, as the device says."""

    lat = forms.FloatField(
        label=_("纬度"), min_value=-90, max_value=90, widget=forms.NumberInput(attrs={"step": "any"})
    )
    lon = forms.FloatField(
        label=_("经度"), min_value=-180, max_value=180, widget=forms.NumberInput(attrs={"step": "any"})
    )
    accuracy = forms.FloatField(
        label=_("误差（米）"), min_value=0, required=False, widget=forms.NumberInput(attrs={"step": "any"})
    )


class JoinForm(forms.Form):
    """Who went along."""

    def __init__(self, *given: Any, people: Choices, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["second"] = forms.ChoiceField(label=_("同行人员"), choices=people)


class GiveUpForm(forms.Form):
    """The site was closed or refused."""

    reason = forms.CharField(label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    outcome = forms.ChoiceField(
        label=_("处理"),
        choices=[("replaced", _("由备选点位替换，不计分")), ("refused", _("没有替换，按 0 分计"))],
        widget=forms.RadioSelect,
    )


class CorrectForm(forms.Form):
    """Put right on the spot. The photo before is asked for where the sheet brought none."""

    after = forms.FileField(label=_("整改后照片"))
    note = forms.CharField(label=_("改正情况"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *given: Any, has_before: bool, **options: Any) -> None:
        super().__init__(*given, **options)
        if not has_before:
            self.fields["before"] = forms.FileField(label=_("整改前照片"))
        for name in {"before", "after"} & set(self.fields):
            self.fields[name].widget.attrs |= {"accept": "image/jpeg,image/png", "capture": "environment"}
        self.order_fields(["before", "after", "note"])


class FilingForm(forms.Form):
    """Why a case is proposed."""

    reason = forms.ChoiceField(
        label=_("建议理由"),
        choices=[("性质严重", _("性质严重")), ("逾期未改", _("逾期未改")), ("回访复发", _("回访复发"))],
    )
