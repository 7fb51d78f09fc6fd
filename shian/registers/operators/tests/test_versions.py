"""Dated versions that imports keep: what held on which day."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from shian.kernel.imports.actions import import_path
from shian.registers.areas.tests.factories import AreaFactory
from shian.registers.operators.models import OperatorVersion
from shian.registers.operators.tests.files import operator, workbook

pytestmark = pytest.mark.django_db
Version = tuple[str, str | None, str]
BASE = operator(code="V1", opened_on="2020-05-01")


@pytest.fixture(autouse=True)
def divisions() -> None:
    AreaFactory(code="131022", level="county")
    AreaFactory(code="131022100", level="township", name="固安镇", kind="镇")
    AreaFactory(code="131022101", level="township", name="宫村镇", kind="镇")


@pytest.fixture
def bring(tmp_path: Path) -> Callable[..., list[Version]]:
    def do(effective: str, **changes: Any) -> list[Version]:
        path = workbook(tmp_path / "v.xlsx", [{**BASE, **changes}])
        found = import_path(
            path=path,
            by="cli",
            at=timezone.now(),
            importer="operators",
            effective_on=date.fromisoformat(effective),
            again=True,
        )
        assert found[0].state == "accepted", found[0]
        rows = OperatorVersion.objects.order_by("valid_from")
        return [(str(v.valid_from), v.valid_to and str(v.valid_to), f"{v.format} {v.township[-3:]}") for v in rows]

    return do


SHOP, MARKET = "便利店 100", "食杂店 100"


def test_a_new_operator_has_one_version_from_its_opening(bring: Any) -> None:
    assert bring("2022-01-01") == [("2020-05-01", None, SHOP)]


def test_a_changed_format_begins_a_version_on_the_effective_date(bring: Any) -> None:
    bring("2022-01-01")

    assert bring("2022-06-01", format="食杂店") == [("2020-05-01", "2022-06-01", SHOP), ("2022-06-01", None, MARKET)]


def test_a_move_to_another_township_begins_a_version(bring: Any) -> None:
    bring("2022-01-01")

    assert bring("2022-06-01", area_code="131022101") == [
        ("2020-05-01", "2022-06-01", SHOP),
        ("2022-06-01", None, "便利店 101"),
    ]


def test_a_change_of_name_or_phone_begins_none(bring: Any) -> None:
    bring("2022-01-01")

    assert bring("2022-06-01", name="固安新鑫源便利店", phone="13800001234") == [("2020-05-01", None, SHOP)]


def test_a_second_change_on_the_same_day_corrects_in_place(bring: Any) -> None:
    bring("2022-01-01")
    bring("2022-06-01", format="食杂店")

    assert bring("2022-06-01", format="药店") == [
        ("2020-05-01", "2022-06-01", SHOP),
        ("2022-06-01", None, "药店 100"),
    ]


def test_an_effective_date_before_the_opening_corrects_in_place(bring: Any) -> None:
    bring("2022-01-01")

    assert bring("2020-05-01", format="食杂店") == [("2020-05-01", None, MARKET)]


def test_closing_ends_the_last_version(bring: Any) -> None:
    bring("2022-01-01")

    assert bring("2022-06-01", closed_on="2022-03-31") == [("2020-05-01", "2022-03-31", SHOP)]


def test_opening_again_leaves_the_gap_in_the_record(bring: Any) -> None:
    bring("2022-01-01", closed_on="2021-12-31")

    assert bring("2022-06-01", closed_on="") == [("2020-05-01", "2021-12-31", SHOP), ("2022-06-01", None, SHOP)]


def test_a_withdrawn_future_closing_leaves_one_version(bring: Any) -> None:
    bring("2022-01-01", closed_on="2023-01-01")

    assert bring("2022-06-01", closed_on="") == [("2020-05-01", None, SHOP)]


def test_a_corrected_closing_date_moves_the_end(bring: Any) -> None:
    bring("2022-01-01", closed_on="2021-12-31")

    assert bring("2022-06-01", closed_on="2021-10-31") == [("2020-05-01", "2021-10-31", SHOP)]


def test_a_corrected_opening_date_moves_the_first_version(bring: Any) -> None:
    bring("2022-01-01")
    bring("2022-06-01", format="食杂店")

    assert bring("2022-07-01", format="食杂店", opened_on="2019-01-01") == [
        ("2019-01-01", "2022-06-01", SHOP),
        ("2022-06-01", None, MARKET),
    ]


def test_an_opening_after_the_first_version_drops_it(bring: Any) -> None:
    bring("2022-01-01")
    bring("2022-06-01", format="食杂店")

    assert bring("2022-07-01", format="食杂店", opened_on="2022-06-15") == [("2022-06-15", None, MARKET)]


def test_a_closing_before_a_version_drops_it(bring: Any) -> None:
    bring("2022-01-01")
    bring("2022-06-01", format="食杂店")

    assert bring("2022-07-01", closed_on="2022-02-01") == [("2020-05-01", "2022-02-01", SHOP)]


def test_opening_and_closing_moved_both_ways_stay_in_order(bring: Any) -> None:
    bring("2022-01-01", opened_on="2018-01-01", closed_on="2019-01-01")

    assert bring("2022-06-01", opened_on="2020-01-01", closed_on="2021-01-01") == [("2020-01-01", "2021-01-01", SHOP)]
    assert bring("2022-06-02", opened_on="2016-01-01", closed_on="2017-01-01") == [("2016-01-01", "2017-01-01", SHOP)]


def test_an_unchanged_row_leaves_its_versions_untouched(bring: Any) -> None:
    bring("2022-01-01")
    before = list(OperatorVersion.objects.values())

    bring("2022-06-01")

    assert list(OperatorVersion.objects.values()) == before
