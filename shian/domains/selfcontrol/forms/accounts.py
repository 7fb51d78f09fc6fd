"""Forms for accounts of operators' people."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.selfcontrol.models import Duty


class AccountForm(forms.Form):
    """A new person, or an account that somebody has already."""

    duty = forms.ChoiceField(label=gettext_lazy("职责"), choices=Duty)
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60, required=False)
    username = forms.CharField(
        label=gettext_lazy("已有企业账号"),
        max_length=150,
        required=False,
        help_text=gettext_lazy("本人已管理另一家主体的，填其用户名，一个账号管理多家；新账号留空。"),
    )

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if bool(told.get("name")) == bool(told.get("username")):
            self.add_error("name", _("姓名和已有企业账号，填且只填一项。"))
        return told
