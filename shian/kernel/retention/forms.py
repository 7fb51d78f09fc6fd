"""Forms of retention."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shian.kernel.retention.queries import own_models


class HoldForm(forms.Form):
    """What is kept, and why."""

    table = forms.ChoiceField(label=_("记录类别"))
    key = forms.CharField(label=_("记录编号"), required=False, help_text=_("留空表示这一类的全部记录"))
    reason = forms.CharField(label=_("保全理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["table"].choices = [(each, each) for each in sorted(own_models())]  # type: ignore[attr-defined]


class DisposalForm(forms.Form):
    """Why the due contents are removed."""

    reason = forms.CharField(label=_("处置理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
