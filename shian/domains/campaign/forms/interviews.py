"""The form that prepares an interview: the questions; all else is read from the registers."""

from django import forms
from django.utils.translation import gettext_lazy


class InterviewForm(forms.Form):
    question_set = forms.CharField(
        label=gettext_lazy("访谈问题"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("一行一个问题，印在资料末尾；可不填。"),
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput)
