"""The form of a weekly notice: everything else is counted."""

from django import forms
from django.utils.translation import gettext_lazy


class WeeklyNoticeForm(forms.Form):
    demands = forms.CharField(
        label=gettext_lazy("工作要求"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("写在数字和清单之后；可不填。"),
    )  # fmt: skip
