"""Passwords as the policy in force wants them; named in settings, asked wherever a password is set."""

from typing import Any

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from shian.kernel.accounts.policy import policy_for
from shian.kernel.accounts.queries import newest_passwords
from shian.kernel.accounts.rules import character_classes


class LengthAndClasses:
    """Long enough, of several kinds of characters, and without the user name in it."""

    def validate(self, password: str, user: Any = None) -> None:
        policy = policy_for(user)
        if len(password) < policy.min_length:
            raise ValidationError(_("密码至少 %(count)s 个字符。") % {"count": policy.min_length}, code="too_short")
        if character_classes(password) < policy.classes:
            told = _("密码须含小写字母、大写字母、数字、汉字、符号中的至少 %(count)s 类。")
            raise ValidationError(told % {"count": policy.classes}, code="too_few_classes")
        name = getattr(user, "username", "")
        if len(name) > 2 and name.lower() in password.lower():
            raise ValidationError(_("密码不能包含用户名。"), code="holds_the_name")

    def get_help_text(self) -> str:
        policy = policy_for()
        told = _("至少 %(length)s 个字符，含小写字母、大写字母、数字、汉字、符号中的至少 %(classes)s 类。")
        return told % {"length": policy.min_length, "classes": policy.classes}


class NotUsedLately:
    """Another one than the last few."""

    def validate(self, password: str, user: Any = None) -> None:
        if user is None or not getattr(user, "pk", None):
            return
        count = policy_for(user).history
        if any(check_password(password, used) for used in newest_passwords(user, count)):
            raise ValidationError(_("不能使用最近 %(count)s 次用过的密码。") % {"count": count}, code="used_lately")

    def get_help_text(self) -> str:
        return _("不能与最近 %(count)s 次用过的密码相同。") % {"count": policy_for().history}
