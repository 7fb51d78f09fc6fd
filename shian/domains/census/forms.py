"""Forms of the operator archive."""

from django import forms
from django.utils.translation import gettext_lazy


class ReasonForm(forms.Form):
    """Why a code is suspended, resumed, revoked or replaced."""

    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("记入存证，公众页面不显示。"),
    )
