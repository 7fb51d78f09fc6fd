"""Forms of notices: what one says of which areas, and what came of it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from shian.domains.duties.models import NoticeKind

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class NoticeForm(forms.Form):
    """Kind and named areas as the figures propose them, unless changed."""

    kind = forms.ChoiceField(label=gettext_lazy("种类"), choices=NoticeKind.choices, widget=forms.RadioSelect)
    units = forms.MultipleChoiceField(label=gettext_lazy("被通报的区划"), widget=forms.CheckboxSelectMultiple)
    title = forms.CharField(label=gettext_lazy("标题"), max_length=120)
    reason = forms.CharField(label=gettext_lazy("事由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))
    demands = forms.CharField(
        label=gettext_lazy("要求"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("通报批评须写明整改要求；通报表扬可写推荐宣传的要求。"),
    )  # fmt: skip
    follow_due_on = forms.DateField(label=gettext_lazy("后续期限"), required=False, widget=DAY)

    def __init__(self, *given: Any, units: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["units"].choices = units  # type: ignore[attr-defined]


class FollowForm(forms.Form):
    """What came of it."""

    follow_up = forms.CharField(
        label=gettext_lazy("后续"), max_length=1000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("被批评的写整改落实；被表扬的写推荐到哪家媒体、是否采用。"),
    )  # fmt: skip
