"""A merged township keeps its history, and old reports still add up (N-01): everything goes through the importer."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shian.domains.campaign.actions import evaluate_area
from shian.domains.campaign.models import Evaluation
from shian.domains.campaign.queries.evaluations import current_evaluations
from shian.domains.campaign.tests.factories import AT, make_areas, make_standard, make_user
from shian.engine.measures.actions import freeze_figure
from shian.engine.measures.models import FrozenFigure
from shian.engine.measures.queries import compare_frozen, figure, rows_of
from shian.kernel.accounts.models import Role, User
from shian.kernel.imports.actions import import_path
from shian.kernel.imports.tests.files import csv_file
from shian.registers.operators.tests.files import operator, workbook

pytestmark = pytest.mark.django_db
BEFORE, MERGED, AFTER = date(2022, 11, 24), date(2023, 1, 1), date(2023, 6, 30)
OLD, NEW = "131022201", "131022100"
TOWNSHIPS = ("131022100", "131022101")
AREA = ["区划代码", "名称", "级别", "类型", "上级代码", "启用日期", "停用日期", "继任代码"]
SHOPS = [operator(code=f"M{number}", area_code=OLD, address=f"彭村街{number}号") for number in range(3)]
OTHERS = [operator(code=f"N{number}", area_code=NEW, address=f"固安街{number}号") for number in range(2)]


def bring(path: Path, importer: str, effective_on: date) -> None:
    found = import_path(path=path, by="carol", at=timezone.now(), importer=importer, effective_on=effective_on)
    assert [(each.state, each.rejected) for each in found] == [("accepted", 0)], found


def bring_area(folder: Path, until: str, successor: str) -> None:
    row = [OLD, "彭村乡", "乡", "乡", "131022", "2000-01-01", until, successor]
    bring(csv_file(folder / f"areas{until}.csv", [AREA, row]), "areas", BEFORE)


def counts(as_of: date) -> dict[str, int | None]:
    """Operators of the county and of each of its townships, the merged one included."""
    answers = {area: figure("operators.total", area=area, as_of=as_of).value for area in ("131022", OLD, *TOWNSHIPS)}
    return {area: None if value is None else int(value) for area, value in answers.items()}


def evaluated(as_of: date) -> QuerySet[Evaluation]:
    at = max(AT, datetime.combine(as_of, time(12), UTC))
    return evaluate_area(area="131022", as_of=as_of, by="office", at=at).results.values_list("area_key", flat=True)


@pytest.fixture
def alice() -> User:
    return make_user("alice", Role.OFFICE)


@pytest.fixture
def before_the_merger(tmp_path: Path) -> None:
    make_areas()
    make_standard()
    bring_area(tmp_path, "", "")
    bring(workbook(tmp_path / "operators.xlsx", [*SHOPS, *OTHERS]), "operators", date(2022, 1, 1))


@pytest.fixture
def merge(before_the_merger: None, tmp_path: Path) -> None:
    """The township ends and its operators are filed under the successor, from the same day."""
    bring_area(tmp_path, str(MERGED), NEW)
    moved = [{**shop, "area_code": NEW} for shop in SHOPS]
    bring(workbook(tmp_path / "moved.xlsx", moved), "operators", MERGED)


def test_before_and_after_the_townships_add_up_to_the_county(merge: None) -> None:
    assert counts(BEFORE) == {"131022": 5, OLD: 3, "131022100": 2, "131022101": 0}
    after = counts(AFTER)
    assert not after.pop(OLD)
    assert after == {"131022": 5, "131022100": 5, "131022101": 0}


def test_figures_of_the_old_day_are_what_they_were(before_the_merger: None, tmp_path: Path) -> None:
    then = counts(BEFORE)

    bring_area(tmp_path, str(MERGED), NEW)
    bring(workbook(tmp_path / "m.xlsx", [{**shop, "area_code": NEW} for shop in SHOPS]), "operators", MERGED)

    assert counts(BEFORE) == then


def test_the_old_figure_opens_the_rows_of_the_merged_township(merge: None, alice: User) -> None:
    before = rows_of("operators.total", "part", area=OLD, as_of=BEFORE, user=alice)
    after = rows_of("operators.total", "part", area=NEW, as_of=AFTER, user=alice)

    assert before.rows.count() == 3
    assert after.rows.count() == 5


def test_a_frozen_figure_and_its_recount_still_agree(before_the_merger: None, tmp_path: Path) -> None:
    alice = make_user("alice", Role.OFFICE)
    freeze_figure(key="operators.total", area=OLD, as_of=BEFORE, document="report:1", by=alice, at=AT)

    bring_area(tmp_path, str(MERGED), NEW)
    bring(workbook(tmp_path / "m.xlsx", [{**shop, "area_code": NEW} for shop in SHOPS]), "operators", MERGED)

    frozen = FrozenFigure.objects.get()
    assert frozen.value == 3
    assert compare_frozen(frozen).difference == 0


def test_the_old_evaluation_keeps_the_township_and_the_new_one_has_none(
    before_the_merger: None, tmp_path: Path
) -> None:
    first = evaluate_area(area="131022", as_of=BEFORE, by="office", at=AT)
    assert set(first.results.values_list("area_key", flat=True)) == {"131022", OLD, *TOWNSHIPS}

    bring_area(tmp_path, str(MERGED), NEW)
    again = evaluate_area(area="131022", as_of=BEFORE, by="office", at=AT)

    assert again == first
    assert set(evaluated(BEFORE)) == {"131022", OLD, *TOWNSHIPS}
    assert set(evaluated(AFTER)) == {"131022", *TOWNSHIPS}
    assert [each.as_of for each in current_evaluations("131022")] == [AFTER, BEFORE]


def test_its_page_tells_when_it_ended_and_what_it_became(merge: None, client: Client, alice: User) -> None:
    client.force_login(alice)

    html = client.get(reverse("areas:area_detail", args=[OLD])).content.decode()

    assert "2023-01-01" in html
    assert reverse("areas:area_detail", args=[NEW]) in html or NEW in html
