"""A small city for tests: two counties, three villages, operators, officials, tiers, matches, letters."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from shian.domains.duties.models import CensusEntry, Letter, Match, Official, Tier
from shian.kernel.scope.rules import columns_of_key, key_of_code
from shian.registers.areas.tests.factories import make_divisions
from shian.registers.operators.models import Operator
from shian.registers.operators.tests.factories import make_shop

AT = datetime(2022, 11, 24, 2, 0, tzinfo=UTC)  # 10:00 in the city
DAY = date(2022, 11, 24)
BEGAN = date(2022, 10, 8)
CITY, COUNTY, OTHER, TOWN, VILLAGE = "131000", "131022", "131002", "131022100", "131022100201"
AREAS = (
    ("130000", "河北省", "province", "省", ""),
    (CITY, "廊坊市", "city", "地级市", "13"),
    (OTHER, "安次区", "county", "市辖区", "1310"),
    (COUNTY, "固安县", "county", "县", "1310"),
    ("131002100", "落垡镇", "township", "镇", "131002"),
    (TOWN, "固安镇", "township", "镇", "131022"),
    ("131002100201", "东街村", "village", "行政村", "131002100"),
    (VILLAGE, "南街村", "village", "行政村", TOWN),
    ("131022100202", "北街村", "village", "行政村", TOWN),
)
LEVEL_OF = {"A": "city", "B": "county", "C": "township", "D": "village"}
AREA_OF = {"city": CITY, "county": COUNTY, "township": TOWN, "village": VILLAGE}
_numbers = count(1)


def make_areas() -> None:
    """The divisions of AREAS."""
    make_divisions(AREAS)


def make_operator(code: str = "", area: str = VILLAGE, **given: Any) -> Operator:
    """A small shop, unless `given` says otherwise."""
    return make_shop(code or f"O{next(_numbers):04d}", area, AT, **{"employees": 3, **given})


def make_official(level: str = "village", area: str = "", **given: Any) -> Official:
    """Somebody of that level, in 固安 unless the area is another one."""
    area = area or AREA_OF[level]
    code = f"G{next(_numbers):04d}"
    values = {
        "code": code, "name": f"干部{code}", "level": level, "post": "负责人", "area_code": area, "valid_from": BEGAN,
        **columns_of_key(key_of_code(area)),
    }  # fmt: skip
    return Official.objects.create(**{**values, **given})


def make_census(operator: Operator, **given: Any) -> CensusEntry:
    """A verified entry without turnover, unless `given` says otherwise."""
    values = {
        "operator": operator, "state": "verified", "verified_on": BEGAN, "valid_from": BEGAN,
        "employees": operator.employees, **columns_of_key(operator.area),
    }  # fmt: skip
    return CensusEntry.objects.create(**{**values, **given})


def make_tier(operator: Operator, tier: str = "D", **given: Any) -> Tier:
    """A tier in force since October."""
    values = {
        "operator": operator, "tier": tier, "reason": "按规则", "valid_from": BEGAN, "set_by": "test", "set_at": AT,
        **columns_of_key(operator.area),
    }  # fmt: skip
    return Tier.objects.create(**{**values, **given})


def make_match(operator: Operator, official: Official, row: Tier | None = None, **given: Any) -> Match:
    """A match in force since October, for the operator's tier in force."""
    row = row or Tier.objects.get(operator=operator, state="confirmed", valid_to=None)
    values = {
        "operator": operator, "official": official, "tier_row": row, "tier": row.tier, "level": official.level,
        "reason": "首次对接", "valid_from": BEGAN, "begun_at": datetime(2022, 10, 8, tzinfo=UTC),
        **columns_of_key(operator.area),
    }  # fmt: skip
    return Match.objects.create(**{**values, **given})


def matched(tier: str = "D", official: Official | None = None, area: str = VILLAGE) -> Match:
    """An operator of that tier with its official."""
    operator = make_operator(area=area)
    return make_match(operator, official or make_official(LEVEL_OF[tier]), make_tier(operator, tier))


def make_letter(official: Official, **given: Any) -> Letter:
    """A letter in force."""
    at = datetime(2022, 10, 9, tzinfo=UTC)
    values = {
        "official": official, "number": 1, "state": "in_force", "reason": "首次对接", "subjects": 1, "issued_at": at,
        "due_on": date(2022, 10, 14), "counter_post": "党委主要负责人", "signed_at": at, "signed_by": "a",
        "countersigned_at": at, "countersigned_by": "b", **columns_of_key(official.area),
    }  # fmt: skip
    return Letter.objects.create(**{**values, **given})
