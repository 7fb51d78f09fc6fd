"""The form by which a commendation or an accountability entry is proposed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shian.domains.campaign.rules.commendations import KINDS


class CommendationForm(forms.Form):
    """What the score or finding does not say itself. The name of a person is kept apart from every title."""

    kind = forms.ChoiceField(label=_("种类"), choices=[("", "—"), *((each, each) for each in KINDS)])
    target_unit = forms.CharField(label=_("对象单位"), max_length=80)
    target_person = forms.CharField(
        label=_("对象姓名"), max_length=30, required=False,
        help_text=_("只对个人表彰或者问责时填写；页面和文件中隐去部分。"),
    )  # fmt: skip
    target_post = forms.CharField(label=_("对象职务"), max_length=60, required=False)
    body = forms.CharField(label=_("事由"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
