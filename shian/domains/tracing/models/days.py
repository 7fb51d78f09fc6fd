"""What a market turned over on a day. Kept by triggers of the database (migration 0002), whoever writes orders: so the
total of millions of rows is a sum over days."""

from typing import Any, Self

from django.db import models

from shian.domains.tracing.models.markets import Market
from shian.kernel.scope.models import AreaScoped
from shian.kernel.scope.reach import reach_of


class MarketDayQuerySet(models.QuerySet["MarketDay"]):
    def visible_to(self, user: Any) -> Self:
        """Days of markets in the own area; orders of single stalls are not told by it."""
        return self if reach_of(user).everything else self.filter(market__in=Market.objects.visible_to(user))


class MarketDay(AreaScoped):
    """Orders and kilograms of one market on one day, admitted goods only; refused: in-orders turned away; unknown:
    out-orders that do not tell their lot. Lies in the market's area."""

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    ins = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    outs = models.IntegerField(default=0)
    unknown = models.IntegerField(default=0, db_default=0)
    in_kg = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    out_kg = models.DecimalField(max_digits=14, decimal_places=2, default=0)

    objects = MarketDayQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["market", "day"], name="tracing_day_once")]

    def __str__(self) -> str:
        return f"{self.market_id} {self.day}"
