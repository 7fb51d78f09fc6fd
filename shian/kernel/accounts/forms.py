"""The sign-in and activation forms."""

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.kernel.accounts.models import User
from shian.kernel.accounts.queries import user_awaiting_activation


class SignInForm(LoginForm):
    """allauth's form without the link to a reset by mail, which no account has."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class ActivationForm(forms.Form):
    """User name, activation code and the new password twice; `user` is set once the form is valid."""

    username = forms.CharField(label=gettext_lazy("用户名"), max_length=150)
    code = forms.CharField(label=gettext_lazy("激活码"), max_length=20)
    password = forms.CharField(label=gettext_lazy("新密码"), widget=forms.PasswordInput, max_length=128)
    password_again = forms.CharField(label=gettext_lazy("再次输入新密码"), widget=forms.PasswordInput, max_length=128)
    user: User

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        user = user_awaiting_activation(data["username"], data["code"], timezone.now())
        if user is None:
            raise ValidationError(_("用户名或激活码不正确，或激活码已过期。请向管理员重新领取激活码。"))
        if data["password"] != data["password_again"]:
            self.add_error("password_again", _("两次输入的密码不一致。"))
        try:
            validate_password(data["password"], user)
        except ValidationError as error:
            self.add_error("password", error)
        self.user = user
        return data
