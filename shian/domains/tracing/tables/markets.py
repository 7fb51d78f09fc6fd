"""Markets as rows."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.tracing.models import Market, Merchant
from shian.domains.tracing.queries.markets import Turnover
from shian.kernel.ui.masking import Personal
from shian.kernel.ui.states import DONE, NEUTRAL, WAITING
from shian.kernel.ui.tables import Cell, Column, Row

MARKETS = (
    Column("name", gettext_lazy("市场名称"), is_fixed=True, is_wide=True),
    Column("kind", gettext_lazy("市场类型")),
    Column("merchants", gettext_lazy("入网商户"), kind="number"),
    Column("ins", gettext_lazy("入库单"), kind="number"),
    Column("refused", gettext_lazy("拒入"), kind="number"),
    Column("outs", gettext_lazy("出库单"), kind="number"),
    Column("varieties", gettext_lazy("品种"), kind="number"),
    Column("county", gettext_lazy("县（市、区）")),
    Column("code", gettext_lazy("市场编号"), kind="code"),
)

MERCHANTS = (
    Column("name", gettext_lazy("商户名称"), is_fixed=True, is_wide=True),
    Column("booth", gettext_lazy("摊位号")),
    Column("connected_on", gettext_lazy("入网日期"), kind="date"),
    Column("state", gettext_lazy("状态")),
    Column("contact", gettext_lazy("联系人"), personal=Personal.NAME),
    Column("phone", gettext_lazy("联系电话"), personal=Personal.PHONE),
    Column("number", gettext_lazy("商户编号"), kind="code"),
)


def market_rows(
    markets: Iterable[Market],
    turnovers: Mapping[int, Turnover],
    varieties: Mapping[int, Collection[int]],
    areas: Mapping[str, str],
) -> Iterator[Row]:
    """Markets with their totals; `areas` names keys."""
    for market in markets:
        told = turnovers.get(market.pk, Turnover())
        yield Row(
            {
                "name": market.name,
                "kind": market.get_kind_display(),
                "merchants": told.merchants,
                "ins": told.ins,
                "refused": told.refused,
                "outs": told.outs,
                "varieties": len(varieties.get(market.pk, ())),
                "county": areas.get(market.county, market.county),
                "code": market.code,
            },
            url=reverse("tracing:market_detail", args=[market.code]),
            key=market.code,
        )


def merchant_rows(merchants: Iterable[Merchant]) -> Iterator[Row]:
    """Merchants of a market; each opens its sales."""
    for each in merchants:
        cells = {
            "name": each.name,
            "booth": each.booth,
            "connected_on": each.connected_on,
            "state": _merchant_state(each),
            "contact": each.contact,
            "phone": each.phone,
            "number": each.number,
        }
        yield Row(cells, url=f"{reverse('tracing:out_order_list')}?merchant={each.pk}", key=each.number)


def _merchant_state(each: Merchant) -> Cell:
    if each.left_on and each.left_on <= timezone.localdate():
        return Cell(_("已退场"), state=NEUTRAL)
    return Cell(_("已入网"), state=DONE) if each.connected_on else Cell(_("未入网"), state=WAITING)
