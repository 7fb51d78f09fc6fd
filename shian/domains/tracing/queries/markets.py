"""Markets and what they turned over."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from shian.domains.tracing.models import InOrder, Market, MarketDay, Merchant, Variety, Verdict
from shian.kernel.scope.reach import reach_of


@dataclass(frozen=True)
class Turnover:
    """Totals of one market since its first order. `merchants`: those connected today."""

    merchants: int = 0
    ins: int = 0
    refused: int = 0
    outs: int = 0
    in_kg: float = 0
    out_kg: float = 0


def markets_for(user: Any, kind: str = "") -> list[Market]:
    """The markets in reach, wholesale first, then by their code."""
    rows = Market.objects.visible_to(user).select_related("operator")
    return list((rows.filter(kind=kind) if kind else rows).order_by("-kind", "code"))


def turnovers(user: Any) -> dict[int, Turnover]:
    """Market → its totals."""
    today = timezone.localdate()
    merchants = dict(
        Merchant.objects.visible_to(user).trading(today)
        .values("market").annotate(n=Count("pk", filter=Q(connected_on__lte=today)))
        .values_list("market", "n")
    )  # fmt: skip
    days = MarketDay.objects.visible_to(user).values("market").annotate(
        i=Sum("ins"), r=Sum("refused"), o=Sum("outs"), ik=Sum("in_kg"), ok=Sum("out_kg")
    )  # fmt: skip
    sums = {each["market"]: each for each in days}
    found = {}
    for market in {*merchants, *sums}:
        told = sums.get(market) or dict.fromkeys(["i", "r", "o", "ik", "ok"], 0)
        found[market] = Turnover(
            merchants.get(market, 0), told["i"], told["r"], told["o"], float(told["ik"]), float(told["ok"])
        )
    return found


def varieties_of(user: Any) -> dict[int, set[int]]:
    """Market → the varieties that came in: several markets trade in the same, so they are counted once in a total."""
    found: dict[int, set[int]] = {}
    rows = InOrder.objects.visible_to(user).filter(verdict=Verdict.ADMITTED).order_by()
    for market, variety in rows.values_list("market", "variety").distinct():
        found.setdefault(market, set()).add(variety)
    return found


def varieties_like(name: str, most: int = 8) -> list[str]:
    """What a reader may have meant who asks for a variety that is none; nothing where it is one."""
    if not name or Variety.objects.filter(name=name).exists():
        return []
    return list(Variety.objects.filter(name__contains=name).order_by("name").values_list("name", flat=True)[:most])


def market_for(user: Any, code: str) -> Market:
    """One market in reach. Raises OutOfReach, Http404."""
    return Market.objects.select_related("operator").get_visible(user, code=code)


def merchants_of(user: Any, market: Market) -> QuerySet[Merchant]:
    """Who trades there, by booth; those who left come last."""
    return Merchant.objects.visible_to(user).filter(market=market).order_by("left_on", "number")


def merchants_trading(user: Any, market: Market) -> QuerySet[Merchant]:
    """Who may get goods there today, by booth."""
    rows = Merchant.objects.visible_to(user).trading(timezone.localdate())
    return rows.filter(market=market).order_by("booth", "number")


def arrivals_at(market: Market, most: int = 10) -> list[InOrder]:
    """What came to the gate last, refused goods among it."""
    rows = InOrder.objects.filter(market=market).order_by("-received_at", "-pk")
    return list(rows[:most].prefetch_related("variety", "merchant"))


def markets_run_by(user: Any) -> list[Market]:
    """The markets that the user's operators run."""
    return list(Market.objects.filter(operator__in=reach_of(user).operators).order_by("code"))
