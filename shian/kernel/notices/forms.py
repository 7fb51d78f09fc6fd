"""The forms of one's own preferences and of a hook."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.kernel.accounts.models import User
from shian.kernel.notices.models import HookKind, HookMode, MailMode
from shian.kernel.notices.rules import is_signing_secret


class PreferenceForm(forms.Form):
    """Address and mode; letters need an address."""

    mail_mode = forms.ChoiceField(label=gettext_lazy("邮件"), choices=MailMode.choices, widget=forms.RadioSelect)
    address = forms.EmailField(label=gettext_lazy("邮箱"), required=False, max_length=254)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("mail_mode") == MailMode.IMMEDIATE and not data.get("address") and "address" not in self.errors:
            self.add_error("address", _("请填写接收邮件的邮箱。"))
        return data


class HookForm(forms.Form):
    """A hook's name, where it leads, whose notices go there, and when."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=60, help_text=gettext_lazy("例如：市食安办工作群"))
    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=HookKind.choices, widget=forms.RadioSelect)
    url = forms.CharField(
        label=gettext_lazy("地址"),
        max_length=500,
        help_text=gettext_lazy("机器人给出的完整 https 地址；登记后只显示末四位。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url"}),
    )
    secret = forms.CharField(
        label=gettext_lazy("签名密钥"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("钉钉选“加签”时给出；通用类型用 whsec_ 开头的密钥；企业微信不填。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=True),
    )
    reader = forms.ModelChoiceField(
        label=gettext_lazy("接收人"),
        queryset=User.objects.none(),
        help_text=gettext_lazy("发送这位用户的通知"),
    )
    mode = forms.ChoiceField(label=gettext_lazy("发送方式"), choices=HookMode.choices, widget=forms.RadioSelect)
    quiet_from = forms.TimeField(
        label=gettext_lazy("免打扰开始"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    quiet_to = forms.TimeField(
        label=gettext_lazy("免打扰结束"),
        required=False,
        help_text=gettext_lazy("其间的消息到结束时一并发送；都不填则不设。"),
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        begin = {"mode": HookMode.IMMEDIATE, "kind": HookKind.WECOM, "quiet_from": "22:00", "quiet_to": "07:00"}
        kwargs.setdefault("initial", begin)
        super().__init__(*args, **kwargs)
        readers = User.objects.filter(is_active=True).order_by("username")
        self.fields["reader"].queryset = readers  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (data.get("quiet_from") is None) != (data.get("quiet_to") is None):
            self.add_error("quiet_to", _("免打扰的开始和结束要一起填写。"))
        secret = data.get("secret", "")
        if data.get("kind") == HookKind.GENERIC and secret and not is_signing_secret(secret):
            self.add_error("secret", _("通用类型的密钥是 whsec_ 加 24 至 64 字节的 Base64。"))
        return data
