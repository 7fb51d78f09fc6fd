"""The form of one's own preferences."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.kernel.notices.models import MailMode


class PreferenceForm(forms.Form):
    """Address and mode; letters need an address."""

    mail_mode = forms.ChoiceField(label=gettext_lazy("邮件"), choices=MailMode.choices, widget=forms.RadioSelect)
    address = forms.EmailField(label=gettext_lazy("邮箱"), required=False, max_length=254)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("mail_mode") == MailMode.IMMEDIATE and not data.get("address") and "address" not in self.errors:
            self.add_error("address", _("请填写接收邮件的邮箱。"))
        return data
