"""One table for every ledger, and what its rows said before."""

import json
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from shian.kernel.scope.models import AreaScoped, ScopedQuerySet


class ExactDecoder(json.JSONDecoder):
    """Reads fractions as Decimal, as PostgreSQL keeps them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "parse_float": Decimal})


class LedgerRow(AreaScoped):
    """A row of a ledger. `key` is the natural key as a JSON list of texts; `data` holds every declared field.

    The columns repeat what measures, scope and search read: area, operator, organisation, date, validity
    (valid_from ≤ day < valid_to).
    """

    ledger = models.CharField(_("台账"), max_length=60)
    key = models.CharField(max_length=400)
    operator_code = models.CharField(_("主体编号"), max_length=40, blank=True, default="")
    organisation_code = models.CharField(_("单位编码"), max_length=40, blank=True, default="")
    occurs_on = models.DateField(_("发生日期"), null=True, blank=True)
    valid_from = models.DateField(_("生效日期"), null=True, blank=True)
    valid_to = models.DateField(_("失效日期"), null=True, blank=True)
    data = models.JSONField(decoder=ExactDecoder)
    batch = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField()
    updated_by = models.CharField(max_length=150)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ledger", "key"], name="ledgers_row_once")]
        indexes = [
            models.Index(fields=["ledger", "city", "county", "township"], name="ledgers_row_area"),
            models.Index(fields=["ledger", "occurs_on"], name="ledgers_row_occurs"),
            models.Index(fields=["ledger", "id"], name="ledgers_row_entry"),
            models.Index(
                fields=["operator_code", "ledger"], name="ledgers_row_operator", condition=~models.Q(operator_code="")
            ),
            models.Index(
                fields=["organisation_code", "ledger"],
                name="ledgers_row_organisation",
                condition=~models.Q(organisation_code=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ledger} {' '.join(json.loads(self.key))}"


class LedgerRowVersion(models.Model):
    """What a row said until it was corrected: nothing that was ever imported is lost.

    `by` and `batch` corrected it, at `until`; `brought_by` and `brought_batch` had said it.
    """

    row = models.ForeignKey(LedgerRow, on_delete=models.CASCADE, related_name="versions")
    data = models.JSONField(decoder=ExactDecoder)
    until = models.DateTimeField()
    by = models.CharField(max_length=150)
    batch = models.BigIntegerField(null=True, blank=True)
    brought_by = models.CharField(max_length=150)
    brought_batch = models.BigIntegerField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["row", "-until"], name="ledgers_version_row")]
