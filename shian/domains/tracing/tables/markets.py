"""Markets as rows."""

from collections.abc import Iterable, Iterator, Mapping

from django.utils.translation import gettext_lazy

from shian.domains.tracing.models import Market
from shian.domains.tracing.queries.markets import Turnover
from shian.kernel.ui.tables import Column, Row

MARKETS = (
    Column("name", gettext_lazy("市场名称"), is_fixed=True, is_wide=True),
    Column("kind", gettext_lazy("市场类型")),
    Column("merchants", gettext_lazy("入网商户"), kind="number"),
    Column("ins", gettext_lazy("入库单"), kind="number"),
    Column("refused", gettext_lazy("拒入"), kind="number"),
    Column("outs", gettext_lazy("出库单"), kind="number"),
    Column("county", gettext_lazy("县（市、区）")),
    Column("code", gettext_lazy("市场编号"), kind="code"),
)


def market_rows(
    markets: Iterable[Market], turnovers: Mapping[int, Turnover], areas: Mapping[str, str]
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
                "county": areas.get(market.county, market.county),
                "code": market.code,
            },
            key=market.code,
        )
