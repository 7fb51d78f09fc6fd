"""The user: who signs in, in which role. Where a user may look comes from posts (registers.people)."""

from datetime import datetime

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from shian.kernel.accounts.rules import Standing, standing


class Role(models.TextChoices):
    ADMIN = "admin", _("系统管理员")
    SECURITY = "security", _("安全管理员")
    AUDITOR = "auditor", _("审计管理员")
    OFFICE = "office", _("创建办")
    DEPARTMENT = "department", _("部门联络员")
    COUNTY = "county", _("县级监管人员")
    STATION = "station", _("监管所人员")
    REVIEWER = "reviewer", _("评审人员")
    ASSESSOR = "assessor", _("评估人员（只读）")
    OFFICIAL = "official", _("包保干部")
    OPERATOR = "operator", _("生产经营者")


# 三员分立 (GB/T 22239-2019 8.1.5): who runs the system, who gives access, who watches both. A role is one value, so
# nobody holds two of them. The last two do no other work: no page or register of the business opens for them.
ADMINISTRATORS = frozenset({Role.ADMIN, Role.SECURITY, Role.AUDITOR})
WATCHERS = frozenset({Role.SECURITY, Role.AUDITOR})


class Theme(models.TextChoices):
    SYSTEM = "", _("跟随系统")
    LIGHT = "light", _("浅色")
    DARK = "dark", _("深色")


class User(AbstractUser):
    """A sign-in. `activation_digest` is the SHA-256 of an unused activation code, empty when there is none.

    A temporary account is open from `valid_from` until just before `valid_to`. `is_demo` marks accounts that
    `shian demo` generated: their policy has the pack's exceptions, and every page says so. `unread_notices` is what
    the bell shows; it stands here because every page reads the user anyway, and the notices app alone keeps it.
    """

    display_name = models.CharField(_("姓名"), max_length=60, blank=True)
    role = models.CharField(_("角色"), max_length=20, choices=Role, default=Role.STATION)
    activation_digest = models.CharField(max_length=64, blank=True, default="")
    activation_expires_at = models.DateTimeField(null=True, blank=True)
    valid_from = models.DateTimeField(_("启用时间"), null=True, blank=True)
    valid_to = models.DateTimeField(_("停用时间"), null=True, blank=True)
    password_changed_at = models.DateTimeField(null=True, blank=True)
    must_change_password = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)
    language = models.CharField(_("语言"), max_length=10, blank=True, default="")
    theme = models.CharField(_("外观"), max_length=5, choices=Theme, blank=True, default="")
    unread_notices = models.PositiveIntegerField(default=0)

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(activation_digest="", activation_expires_at__isnull=True)
                | (~models.Q(activation_digest="") & models.Q(activation_expires_at__isnull=False)),
                name="accounts_user_activation_code_with_expiry",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gt=models.F("valid_from")),
                name="accounts_user_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    def standing_at(self, at: datetime) -> Standing:
        """Whether this account may be used at the moment."""
        return standing(is_active=self.is_active, valid_from=self.valid_from, valid_to=self.valid_to, at=at)


class UsedPassword(models.Model):
    """The hash of a password that the user had; as many are kept as the policy compares a new one with."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="used_passwords")
    password = models.CharField(max_length=128)
    set_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "-set_at"], name="accounts_used_password_newest")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.set_at:%Y-%m-%d}"
