"""The form of a push."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PushForm(forms.Form):
    title = forms.CharField(label=_("推进事项"), max_length=200)
    body = forms.CharField(label=_("要求"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    due_on = forms.DateField(label=_("完成期限"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
