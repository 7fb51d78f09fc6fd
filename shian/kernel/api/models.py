"""Tokens, and the answers to writes that are kept so that a repeated request has one effect."""

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class TokenQuerySet(models.QuerySet["Token"]):
    """A token is its owner's business alone."""

    def visible_to(self, user: Any) -> Self:
        return self.filter(owner=user.pk)


class Token(models.Model):
    """A key by which a program acts as its owner, within `scopes`. Only the digest of the key is kept.

    `minute` and `spent` count the requests of the present minute; `hint` are the first characters of the key, by
    which its owner recognises it.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("名称"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(_("开头"), max_length=12)
    scopes = ArrayField(models.CharField(max_length=40), verbose_name=_("权限范围"))
    created_at = models.DateTimeField(_("建立时间"))
    expires_at = models.DateTimeField(_("到期时间"))
    last_used_at = models.DateTimeField(_("最近使用"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    revoked_by = models.CharField(max_length=150, blank=True, default="")
    minute = models.BigIntegerField(default=0)
    spent = models.IntegerField(default=0)

    objects = TokenQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["owner", "-id"], name="api_token_owner")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="api_token_ends_after_start"
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True, revoked_by="")
                | (models.Q(revoked_at__isnull=False) & ~models.Q(revoked_by="")),
                name="api_token_revoked_at_with_revoked_by",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AnswerQuerySet(models.QuerySet["KeptAnswer"]):
    """Answers by the key under which they are kept."""

    def under(self, token: int, key: str) -> Self:
        return self.filter(token=token, key=key)


class KeptAnswer(models.Model):
    """The answer to a write, kept under the key that its sender gave; written in the transaction of the effect.

    `status` is 0 only inside that transaction.
    """

    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="answers")
    key = models.CharField(max_length=128)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    content = models.TextField(blank=True, default="")
    location = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="api_answer_once")]
        indexes = [models.Index(fields=["expires_at"], name="api_answer_expiry")]

    def __str__(self) -> str:
        return f"{self.key} {self.status}"
