"""Forms of the weekly ledger."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class WeekForm(forms.Form):
    """A week's lines: those that are there, and some empty ones; a line without any word is left out."""

    def __init__(self, *given: Any, items: Sequence[tuple[str, str]], count: int, **options: Any) -> None:
        super().__init__(*given, **options)
        self.count = count
        for number in range(1, count + 1):
            self._add(number, items)

    def _add(self, number: int, items: Sequence[tuple[str, str]]) -> None:
        area = forms.Textarea(attrs={"rows": 2})
        self.fields[f"item_code_{number}"] = forms.ChoiceField(
            label=_("评价内容"), choices=[("", _("其他工作")), *items], required=False
        )
        labels = {
            "done": _("本周完成"), "planned": _("下周计划"), "problem": _("存在问题"), "help_needed": _("需协调事项"),
        }  # fmt: skip
        for name, label in labels.items():
            self.fields[f"{name}_{number}"] = forms.CharField(label=label, required=False, max_length=1000, widget=area)

    @property
    def lines(self) -> list[dict[str, str]]:
        """The lines with any word, in order."""
        names = ("item_code", "done", "planned", "problem", "help_needed")
        told = [
            {name: self.cleaned_data.get(f"{name}_{number}", "").strip() for name in names}
            for number in range(1, self.count + 1)
        ]
        return [line for line in told if any(line[name] for name in names[1:])]


class CorrectionForm(WeekForm):
    """The lines of a locked week, and why they change."""

    reason = forms.CharField(label=gettext_lazy("更正理由"), max_length=500)


class WeekReturnForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("退回理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
