"""Forms of spot checks: the plan, the sheet on the spot, why a finding is withdrawn, what an official says of it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.duties.rules.spotchecks import NO, NOT_ASKED, YES, SheetItem, SpotNumbers

Choices = Sequence[tuple[str, Any]]
HUNDRED = Decimal(100)
TRUE, UNTRUE = "true", "untrue"


class SpotPlanForm(forms.Form):
    """Which quarters of which area are looked at again; share in per cent, as the dated numbers have it."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    area = forms.ChoiceField(label=gettext_lazy("区划"))
    period = forms.ChoiceField(label=gettext_lazy("督导期间"), help_text=gettext_lazy("已经结束的季度或者半年。"))
    team = forms.CharField(label=gettext_lazy("督查组"), max_length=80)
    share = forms.DecimalField(
        label=gettext_lazy("抽取比例（%）"), min_value=Decimal("0.01"), max_value=100, decimal_places=2,
        help_text=gettext_lazy("每个乡镇（街道）各自抽取，向上取整。"),
    )  # fmt: skip
    least = forms.IntegerField(label=gettext_lazy("每个乡镇至少"), min_value=1, max_value=100)

    def __init__(
        self, *given: Any, areas: Choices, periods: Choices, numbers: SpotNumbers, **options: Any
    ) -> None:  # fmt: skip
        usual = {"share": numbers.share * HUNDRED, "least": numbers.least}
        options["initial"] = {**usual, **options.get("initial", {})}
        super().__init__(*given, **options)
        for name, choices in (("area", areas), ("period", periods)):
            self.fields[name].choices = choices  # type: ignore[attr-defined]


class JudgeForm(forms.Form):
    """Was the visit made as it is told; for a true one the sheet of the dated numbers."""

    truth = forms.ChoiceField(
        label=gettext_lazy("这次督导是否属实"), widget=forms.RadioSelect,
        choices=[(TRUE, gettext_lazy("属实")), (UNTRUE, gettext_lazy("不属实"))],
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("核查情况"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("不属实的必须写明理由：看到了什么，问了谁。"),
    )  # fmt: skip
    photo = forms.FileField(
        label=gettext_lazy("现场照片"), required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png", "capture": "environment"}),
    )  # fmt: skip

    def __init__(self, *given: Any, items: Sequence[SheetItem], **options: Any) -> None:
        super().__init__(*given, **options)
        self.items = items
        is_asked = self.data.get("truth") != UNTRUE  # an untrue visit has nothing to answer
        offered = [(YES, _("是")), (NO, _("否")), (NOT_ASKED, _("不适用"))]
        for each in items:
            self.fields[each.key] = forms.ChoiceField(
                label=each.title, choices=offered, required=is_asked, widget=forms.RadioSelect,
                help_text=_("%(weight)s 分") % {"weight": each.weight},
                error_messages={"required": _("请回答这一项。")},
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("truth") == UNTRUE and not told.get("note", "").strip():
            self.add_error("note", _("不属实的，请写明理由。"))
        return told

    def answers(self) -> dict[str, str]:
        """Of a true visit; an untrue one has nothing to answer."""
        if self.cleaned_data["truth"] == UNTRUE:
            return {}
        return {each.key: self.cleaned_data[each.key] for each in self.items}


class WordForm(forms.Form):
    """A few sentences that must be there."""

    note = forms.CharField(label=gettext_lazy("情况"), max_length=280, widget=forms.Textarea(attrs={"rows": 4}))
