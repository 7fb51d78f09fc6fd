"""Formats are dated: a renamed one keeps its old name in old figures and refuses it for new rows."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from shian.kernel.imports.actions import ImportSummary, import_path
from shian.kernel.imports.models import ImportBatch
from shian.registers.areas.tests.factories import AreaFactory
from shian.registers.dictionaries.rules import ALWAYS, Term
from shian.registers.operators.imports import checks
from shian.registers.operators.imports.dictionaries import Dictionaries, read_dictionaries
from shian.registers.operators.models import OperatorVersion
from shian.registers.operators.tests.files import operator, workbook

pytestmark = pytest.mark.django_db
RENAMED = date(2024, 1, 1)
Bring = Callable[[str, date], ImportSummary]


@pytest.fixture(autouse=True)
def _renamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """食杂店 is called 便利店 from 2024 on; 商场 is a name of 永清县 only."""
    terms = (
        Term("12", "食杂店", ALWAYS, RENAMED, ""),
        Term("12", "便利店", RENAMED, None, ""),
        Term("07", "商场", ALWAYS, None, "131023"),
    )
    known = Dictionaries(terms, tuple(term.name for term in terms), {}, {}, {})
    monkeypatch.setattr(checks, "read_dictionaries", lambda: known)
    AreaFactory(code="131022", level="county", name="固安县")
    AreaFactory(code="131022100", level="township", name="固安镇", kind="镇")


@pytest.fixture
def bring(tmp_path: Path) -> Bring:
    row: dict[str, Any] = operator(opened_on="2020-01-01")

    def run(name: str, day: date) -> ImportSummary:
        row["format"] = name
        path = workbook(tmp_path / f"{name}-{day}.xlsx", [row])
        return import_path(path=path, by="cli", at=timezone.now(), importer="operators", effective_on=day)[0]

    return run


def test_a_figure_of_2022_still_shows_the_name_of_2022(bring: Bring) -> None:
    bring("食杂店", date(2022, 6, 1))
    bring("便利店", date(2024, 3, 1))

    names = OperatorVersion.objects.order_by("valid_from").values_list("format", "valid_to")
    assert [name for name, _end in names] == ["食杂店", "便利店"]
    on_the_day = OperatorVersion.objects.filter(valid_from__lte="2022-11-24", valid_to__gt="2022-11-24")
    assert on_the_day.get().format == "食杂店"


def test_a_name_that_ended_is_returned_with_the_new_one(bring: Bring) -> None:
    summary = bring("食杂店", date(2024, 3, 1))

    assert summary.accepted == 0
    assert "便利店" in ImportBatch.objects.get().problems.get(column="业态", severity="error").reason


def test_a_name_of_another_place_is_returned(bring: Bring) -> None:
    assert bring("商场", date(2022, 6, 1)).accepted == 0


def test_the_dictionary_of_the_pack_is_dated() -> None:
    assert all(term.valid_to is None or term.valid_to > term.valid_from for term in read_dictionaries().terms)
    assert len(read_dictionaries().formats) > 40
