"""Forms of an official's own page."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
SUPPORT_KINDS = ("联合督导", "技术支持", "执法支持", "培训")


class AnswerForm(forms.Form):
    """Is it put right?"""

    answer = forms.ChoiceField(
        label=gettext_lazy("是否已经改正"),
        choices=[("yes", gettext_lazy("已改正")), ("no", gettext_lazy("没有改正"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("说明"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("没有改正的，写明看到了什么。"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("answer") == "no" and not told.get("note", "").strip():
            self.add_error("note", gettext_lazy("没有改正的，请写明情况。"))
        return told


class SupportForm(forms.Form):
    """What help is asked for, at which business and when."""

    kind = forms.ChoiceField(label=gettext_lazy("支持方式"), choices=[(each, each) for each in SUPPORT_KINDS])
    operator = forms.ChoiceField(label=gettext_lazy("主体"), required=False)
    wanted_on = forms.DateField(label=gettext_lazy("希望日期"), required=False, widget=DAY)
    note = forms.CharField(label=gettext_lazy("情况"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *given: Any, businesses: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["operator"].choices = [("", gettext_lazy("不限")), *businesses]  # type: ignore[attr-defined]
