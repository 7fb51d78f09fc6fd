"""The form of a reply to a proposal."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shian.engine.cases.forms import CaseForm
from shian.engine.measures.declarations import Measure


class ReplyForm(CaseForm):
    """A text with figures by name, and the day for which they are told."""

    as_of = forms.DateField(label=_("数据时点"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    template = forms.CharField(
        label=_("答复正文"), max_length=20000, widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_("数字写成 {统计口径}，如 {operators.total}，起草时从登记簿取数并注明时点。"),
    )  # fmt: skip
    figure = forms.ChoiceField(
        label=_("查统计口径"), required=False, help_text=_("选一个统计口径，可看到它在正文中怎样写；不影响答复。")
    )

    def __init__(self, *given: Any, measures: list[Measure], **options: Any) -> None:
        super().__init__(*given, **options)
        offered = [(each.key, f"{each.title} {{{each.key}}}") for each in measures]
        self.fields["figure"].choices = [("", "—"), *offered]  # type: ignore[attr-defined]
