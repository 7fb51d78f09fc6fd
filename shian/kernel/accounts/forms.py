"""Forms of sign-in, activation, the own account and its administration."""

from datetime import datetime, time, timedelta
from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.kernel.accounts.models import Role, Theme, User
from shian.kernel.accounts.queries import user_awaiting_activation

CODE_INPUT = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}


def _password_help() -> str:
    """The rules in force, in one line; the first two of Django's own go without saying."""
    texts = password_validators_help_texts()
    return " ".join(text for text in (texts[1], texts[3]) if text)


class SignInForm(LoginForm):
    """allauth's form without the link to a reset by mail, which no account has."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("用户名")
        self.fields["password"].label = _("密码")
        _plain(self)


class ConfirmPasswordForm(ReauthenticateForm):
    """The own password once more, before something sensitive."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("密码")
        _plain(self)


class PasswordForm(ChangePasswordForm):
    """The present password and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("当前密码")
        self.fields["password1"].label = _("新密码")
        self.fields["password2"].label = _("再次输入新密码")
        _plain(self)
        self.fields["password1"].help_text = _password_help()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("password1") and data.get("password1") == data.get("oldpassword"):
            self.add_error("password1", _("新密码不能与当前密码相同。"))
        return data


class CodeForm(AuthenticateForm):
    """A code of the authenticator app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_field(self)


class ConfirmCodeForm(ReauthenticateByCodeForm):
    """The same, before something sensitive."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_field(self)


class AuthenticatorAppForm(ActivateTOTPForm):
    """The first code of a new authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_field(self)
        self.fields["code"].label = _("验证器显示的 6 位验证码")


class PasskeyForm(AddWebAuthnForm):
    """A new passkey: its name, and whether it opens the account by itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("名称")
        self.fields["name"].help_text = _("便于辨认，例如“办公室电脑”。")
        self.fields["passwordless"].label = _("单独用它登录，不再输入密码")
        self.fields["passwordless"].initial = True


class PasskeyNameForm(EditWebAuthnForm):
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("名称")


class ActivationForm(forms.Form):
    """User name, activation code and the new password twice; `user` is set once the form is valid."""

    username = forms.CharField(
        label=gettext_lazy("用户名"), max_length=150, widget=forms.TextInput({"autocomplete": "username"})
    )
    code = forms.CharField(label=gettext_lazy("激活码"), max_length=20, widget=forms.TextInput({"autocomplete": "off"}))
    password = forms.CharField(
        label=gettext_lazy("新密码"), widget=forms.PasswordInput({"autocomplete": "new-password"}), max_length=128
    )
    password_again = forms.CharField(
        label=gettext_lazy("再次输入新密码"),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        max_length=128,
    )
    user: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = _password_help()

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


class PreferencesForm(forms.Form):
    """Language and look of the pages."""

    language = forms.ChoiceField(label=gettext_lazy("语言"), choices=settings.LANGUAGES)
    theme = forms.ChoiceField(label=gettext_lazy("外观"), choices=Theme.choices, required=False)


class ValidityForm(forms.Form):
    """From which day to which day an account may be used; both days are included, both may be left out."""

    valid_from = forms.DateField(
        label=gettext_lazy("启用日期"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    valid_to = forms.DateField(
        label=gettext_lazy("停用日期"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("临时账号必填：当天结束时自动停用，已登录的会话同时结束。"),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        begins, ends = data.get("valid_from"), data.get("valid_to")
        if begins and ends and ends < begins:
            self.add_error("valid_to", _("停用日期早于启用日期。"))
        return data

    def moments(self) -> tuple[datetime | None, datetime | None]:
        """The start of the first day, and the end of the last one (the start of the day after)."""
        begins, ends = self.cleaned_data["valid_from"], self.cleaned_data["valid_to"]
        first = timezone.make_aware(datetime.combine(begins, time.min)) if begins else None
        last = timezone.make_aware(datetime.combine(ends, time.min)) + timedelta(days=1) if ends else None
        return first, last


class UserForm(ValidityForm):
    """A new account."""

    username = forms.CharField(
        label=gettext_lazy("用户名"),
        max_length=150,
        help_text=gettext_lazy("字母、数字和 @ . + - _，建立后不能更改。"),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    display_name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    role = forms.ChoiceField(label=gettext_lazy("角色"), choices=Role.choices, initial=Role.STATION)
    field_order = ("username", "display_name", "role", "valid_from", "valid_to")

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        User._meta.get_field("username").run_validators(username)
        if User.objects.filter(username=username).exists():
            raise ValidationError(_("已有这个用户名的账号。"))
        return username

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("role") == Role.ASSESSOR and not data.get("valid_to"):
            self.add_error("valid_to", _("评估人员使用临时账号，请填写停用日期。"))
        return data


class RoleForm(forms.Form):
    """Another role."""

    role = forms.ChoiceField(label=gettext_lazy("角色"), choices=Role.choices)


class ReasonForm(forms.Form):
    """Why; kept in the log."""

    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=200, min_length=4, widget=forms.Textarea({"rows": 3})
    )


def _plain(form: Any) -> None:
    """Labels stand above the fields; nothing is said twice inside them."""
    for field in form.fields.values():
        field.help_text = ""
        field.widget.attrs.pop("placeholder", None)


def _code_field(form: Any) -> None:
    _plain(form)
    form.fields["code"].label = _("验证码或恢复码")
    form.fields["code"].widget.attrs.update(CODE_INPUT)
