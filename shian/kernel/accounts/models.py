"""The user: who signs in, in which role. Where a user may look comes from posts (registers.people)."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    ADMIN = "admin", _("系统管理员")
    OFFICE = "office", _("创建办")
    DEPARTMENT = "department", _("部门联络员")
    COUNTY = "county", _("县级监管人员")
    STATION = "station", _("监管所人员")
    REVIEWER = "reviewer", _("评审人员")
    ASSESSOR = "assessor", _("评估人员（只读）")


class User(AbstractUser):
    """A sign-in. `activation_digest` is the SHA-256 of an unused activation code, empty when there is none."""

    display_name = models.CharField(_("姓名"), max_length=60, blank=True)
    role = models.CharField(_("角色"), max_length=20, choices=Role, default=Role.STATION)
    activation_digest = models.CharField(max_length=64, blank=True, default="")
    activation_expires_at = models.DateTimeField(null=True, blank=True)

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(activation_digest="", activation_expires_at__isnull=True)
                | (~models.Q(activation_digest="") & models.Q(activation_expires_at__isnull=False)),
                name="accounts_user_activation_code_with_expiry",
            )
        ]

    def __str__(self) -> str:
        return self.display_name or self.username
