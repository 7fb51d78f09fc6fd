"""Markets and farms: published figures come out of imported rows; the shares of the markets add up to them."""

from datetime import date

import pytest

from shian.engine.measures.queries import figure
from tests.city import AS_OF
from tools.democity.apportion import apportion
from tools.democity.place import PACKS, read_yaml

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("langfang")]
CITY = "131000"
# golden.yaml: LF22_MKT_WHOLESALE, LF22_MKT_TRADERS, LF22_TRADER_COVER (2022-11); LF23_TRACE_FARMS (2023-05-19).
STANDING = {"market.wholesale": 7, "market.merchants": 652, "market.connected": 100, "producer.connected": 703}
# LF22_MKT_IN, LF22_MKT_OUT and LF23_TRACE_CERTS: what the worker's files bring, by market.
INS = [18935, 11361, 8837, 7574, 6312, 5681, 4418]
OUTS = [800877, 480526, 373743, 320351, 266959, 240263, 186871]


@pytest.mark.parametrize(("key", "value"), STANDING.items())
def test_registers_give_the_published_figures(key: str, value: int) -> None:
    assert figure(key, area=CITY, as_of=AS_OF).value == value


def test_each_market_has_its_share_of_the_published_totals() -> None:
    wish = read_yaml(PACKS / "cities" / "langfang" / "city.yaml")["tracing"]

    assert apportion(wish["ins"], wish["weights"]) == INS
    assert apportion(wish["outs"], wish["weights"]) == OUTS
    assert (sum(INS), sum(OUTS)) == (63118, 2669590)
    assert (wish["certificates"], wish["certified_until"]) == (61770, date(2023, 5, 19))


def test_the_day_at_hand_is_counted_from_its_orders() -> None:
    day = figure("market.outs", area=CITY, as_of=AS_OF).value
    before = figure("market.outs", area=CITY, as_of=date(2022, 11, 23)).value

    assert day is not None
    assert day > 1000
    assert not before
