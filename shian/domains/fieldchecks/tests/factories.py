"""A small city for tests: two counties, a dictionary of formats, operators, points."""

from datetime import UTC, date, datetime
from typing import Any

from shian.domains.fieldchecks.models import FieldPoint
from shian.engine.ledgers.models import LedgerRow
from shian.kernel.scope.rules import columns_of_key, key_of_code
from shian.registers.areas.tests.factories import make_divisions
from shian.registers.operators.models import Operator

AT = datetime(2022, 11, 24, 1, 0, tzinfo=UTC)
DAY = date(2022, 11, 24)
AREAS = (
    ("130000", "河北省", "province", "省", ""),
    ("131000", "廊坊市", "city", "地级市", "13"),
    ("131002", "安次区", "county", "市辖区", "1310"),
    ("131022", "固安县", "county", "县", "1310"),
    ("131002100", "落垡镇", "township", "镇", "131002"),
    ("131022100", "固安镇", "township", "镇", "131022"),
)
FORMATS = (
    ("明查", "M18", "大中型餐饮", "open_M18", "大型餐馆、中型餐馆"),
    ("明查", "M19", "小餐饮", "open_M19", "小餐饮、小吃店"),
    ("明查", "M01", "蔬菜水果种植基地", "open_M01", ""),
    ("暗访", "A03", "早夜市小餐饮", "covert_A03", "小餐饮、小吃店"),
)


def make_areas() -> None:
    """The divisions of AREAS."""
    make_divisions(AREAS)


def make_formats(area: str = "131000", **given: Any) -> None:
    """The dictionary of FORMATS for an area."""
    for mode, code, name, form, own in FORMATS:
        data = {
            "area_code": area, "mode": mode, "code": code, "format": name, "form_key": form, "operator_formats": own,
            "department": "市场监督管理局", "valid_from": "2022-08-01", **given,
        }  # fmt: skip
        LedgerRow.objects.create(
            ledger="check_formats", key=f'["{area}", "{mode}", "{name}"]', data=data, valid_from=date(2022, 8, 1),
            updated_at=AT, updated_by="test", **columns_of_key(key_of_code(area)),
        )  # fmt: skip


def make_operator(code: str, area: str = "131022100", **given: Any) -> Operator:
    """An operator of a format that M19 and A03 take."""
    values = {
        "code": code, "name": f"主体{code}", "kind": "三小", "small_kind": "小餐饮", "format": "小餐饮",
        "stage": "餐饮", "area_code": area, "address": "某路1号", "opened_on": date(2020, 1, 1), "updated_at": AT,
        **columns_of_key(key_of_code(area)),
    }  # fmt: skip
    return Operator.objects.create(**{**values, **given})


def make_point(code: str, mode: str = "overt", area: str = "131022100", **given: Any) -> FieldPoint:
    """A ready point without operator, unless `given` says otherwise."""
    values = {
        "code": code, "mode": mode, "format": "M19" if mode == "overt" else "A03", "name": f"点位{code}",
        "area_code": area, "department": "市场监督管理局", "state": "ready", "listed_on": date(2022, 6, 1),
        "prepared_on": date(2022, 6, 10), "checked_on": date(2022, 9, 1), "ready_on": date(2022, 9, 3),
        **columns_of_key(key_of_code(area)),
    }  # fmt: skip
    return FieldPoint.objects.create(**{**values, **given})


def make_benchmark(point: FieldPoint, valid_from: date = date(2022, 9, 1), valid_to: date | None = None) -> LedgerRow:
    """The ledger holds the point's operator, or the place, as a benchmark from a day on."""
    data = {"name": point.name, "kind": "标杆点位", "format": "小餐饮", "area_code": point.area_code}
    return LedgerRow.objects.create(
        ledger="benchmark_sites", key=f'["{point.code}"]', data=data, valid_from=valid_from, valid_to=valid_to,
        operator_code=point.operator.code if point.operator else "", updated_at=AT, updated_by="test",
        **columns_of_key(key_of_code(point.area_code)),
    )  # fmt: skip
