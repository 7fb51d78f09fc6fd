"""A small city for tests: 固安 with a wholesale market, two merchants and a producer; 安次 beside it."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from shian.domains.tracing.models import Certificate, InOrder, Market, Merchant, OutOrder, Producer, Proof, Variety
from shian.engine.trace.models import Party
from shian.kernel.scope.rules import columns_of_key, key_of_code
from shian.registers.areas.tests.factories import make_divisions
from shian.registers.operators.models import Operator
from shian.registers.operators.tests.factories import make_shop

AT = datetime(2022, 11, 24, 2, 0, tzinfo=UTC)  # 10:00 in the city
DAY = date(2022, 11, 24)
CITY, COUNTY, OTHER, TOWN, VILLAGE = "131000", "131022", "131002", "131022100", "131022100201"
AREAS = (
    ("130000", "河北省", "province", "省", ""),
    (CITY, "廊坊市", "city", "地级市", "13"),
    (OTHER, "安次区", "county", "市辖区", "1310"),
    (COUNTY, "固安县", "county", "县", "1310"),
    (TOWN, "固安镇", "township", "镇", "131022"),
    (VILLAGE, "南街村", "village", "行政村", TOWN),
)
_numbers = count(10**9)  # of identifiers that the counter of their table never reaches


def place(code: str) -> dict[str, str]:
    return columns_of_key(key_of_code(code))


def make_areas() -> None:
    """The divisions of AREAS."""
    make_divisions(AREAS)


def make_operator(code: str = "", area: str = VILLAGE, **given: Any) -> Operator:
    """A small shop, unless `given` says otherwise."""
    return make_shop(code or f"O{next(_numbers):04d}", area, AT, **given)


def make_market(code: str = "M1", area: str = COUNTY, **given: Any) -> Market:
    return Market.objects.create(
        code=code, area_code=area, opened_on=date(2015, 1, 1),
        **{"name": f"{code}农产品批发市场", **place(area), **given},
    )  # fmt: skip


def make_merchant(market: Market, number: str = "S001", **given: Any) -> Merchant:
    """Connected, with a party of its own."""
    party = Party.objects.create(identifier=next(_numbers), province="13", city="1310", county=market.county)
    values = {"name": f"商户{number}", "connected_on": date(2021, 1, 1), "party": party.pk, **place(market.area_code)}
    return Merchant.objects.create(market=market, number=number, **{**values, **given})


def make_producer(code: str = "P1", area: str = VILLAGE, **given: Any) -> Producer:
    party = Party.objects.create(identifier=next(_numbers), **place(area))
    values = {"name": f"{code}种植合作社", "area_code": area, "listed_on": date(2021, 1, 1),
              "connected_on": date(2021, 3, 1), "party": party.pk, **place(area)}  # fmt: skip
    return Producer.objects.create(code=code, **{**values, **given})


def make_variety(name: str = "黄瓜", **given: Any) -> Variety:
    return Variety.objects.get_or_create(name=name, defaults=given)[0]


def make_certificate(producer: Producer, number: str = "HGZ1", **given: Any) -> Certificate:
    values = {
        "token": f"t{next(_numbers)}", "variety": make_variety(), "quantity": 1000, "origin": "固安县南街村",
        "basis": ["own_test"], "issued_on": DAY, "issued_at": AT, "lot": 1, "holding": 1, **place(producer.area_code),
    }  # fmt: skip
    return Certificate.objects.create(producer=producer, number=number, **{**values, **given})


def make_in(merchant: Merchant, number: str = "R1", **given: Any) -> InOrder:
    values = {
        "variety": make_variety(),
        "received_at": AT,
        "quantity": 500,
        "proof": Proof.TEST,
        "lot": 1,
        "holding": 1,
        **place(merchant.market.area_code),
    }
    return InOrder.objects.create(number=number, merchant=merchant, market=merchant.market, **{**values, **given})


def make_out(found: InOrder, number: str = "C1", **given: Any) -> OutOrder:
    values = {"sold_at": AT, "quantity": 20, "buyer": 1, "market": found.market, "merchant": found.merchant,
              "variety": found.variety}  # fmt: skip
    return OutOrder.objects.create(number=number, in_order=found, **{**values, **given})
