"""Operators' own duty in the city: each figure is what a plain count of the imported rows says."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from shian.engine.measures.queries import figure
from tests.city import AS_OF, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("langfang")]
CITY = "131000"
OPEN = "o.opened_on <= DATE '2022-11-24' AND (o.closed_on IS NULL OR o.closed_on > DATE '2022-11-24')"
# Item → target of the seeds (golden.yaml: WX23_ENT_HOURS, WX23_ENT_EXAM, WX23_ENT_RISK, WX23_SPEC_REPORT,
# WX23_SPEC_FIX, WX23_CHAIN_REPORT, QJ23_OFFICER_TARGET).
TARGETS: dict[str, tuple[str, int]] = {
    "3.19.2-a": ("selfcontrol.hours_least", 40), "3.19.2-b": ("selfcontrol.exam_rate", 95),
    "3.20.1-a": ("selfcontrol.reports_producer", 100), "3.20.4-a": ("selfcontrol.reports_special", 100),
    "3.20.4-b": ("selfcontrol.special_rectified", 100), "3.20.11-a": ("selfcontrol.reports_trader", 100),
    "5.27.1-a": ("selfcontrol.staffed", 100),
}  # fmt: skip


def counted(sql: str) -> Decimal:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return Decimal(cursor.fetchone()[0] or 0)


def value(name: str, area: str = CITY, day: date = AS_OF) -> Decimal:
    found = figure(f"selfcontrol.{name}", area=area, as_of=day).value
    assert found is not None
    return found


def test_the_items_read_these_figures_and_hold_the_published_targets() -> None:
    from shian.domains.campaign.models import IndicatorMeasure

    rows = IndicatorMeasure.objects.filter(key__in=TARGETS)
    assert {each.key: (each.measure, int(each.threshold)) for each in rows} == TARGETS


def test_producers_that_reported_are_counted_from_the_register() -> None:
    producers = counted(f"SELECT count(*) FROM operators_operator o WHERE o.kind = '食品生产' AND {OPEN}")
    reported = counted(
        "SELECT count(*) FROM selfcontrol_selfexam r JOIN operators_operator o ON o.id = r.operator_id "
        f"WHERE r.duty_class = 'producer' AND r.year = 2022 AND r.reported_on <= DATE '2022-11-24' AND {OPEN}"
    )
    assert producers == 474
    assert value("reports_producer") == 100 * reported / producers
    assert value("reports_special") == value("special_rectified") == 100


def test_tests_and_staffing_come_out_of_their_rows() -> None:
    passed, taken = (
        counted(f"SELECT count(*) FROM selfcontrol_exam e WHERE e.examined_on >= '2022-01-01' {more}")
        for more in ("AND e.passed", "")
    )
    assert taken > 200
    assert value("exam_rate") == 100 * passed / taken
    owing = counted(
        "SELECT count(*) FROM operators_operator o WHERE o.kind IN ('食品生产', '食品销售', '餐饮服务', '农贸市场') "
        f"AND {OPEN}"
    )
    assert value("owing") == owing == 474 + 23863 + 14129 + 50
    assert 85 < value("staffed", "131022") < 100
    assert value("staffed", "131002") < 50


def test_a_week_of_one_county_is_recorded() -> None:
    day = date.fromisoformat(TODAY).replace(day=20)
    recorded = counted(f"SELECT count(*) FROM selfcontrol_dailycontrol d WHERE d.day = '{day}' AND d.county = '131022'")
    assert recorded > 1000
    assert value("days", "131022", day) > 75
    assert value("days", "131002", day) == 0
