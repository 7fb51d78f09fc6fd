"""Roster, census, tiers, matches and letters as files: what enters, what comes back with which message."""

import csv
from datetime import date

import pytest
from django.utils import timezone

from shian.domains.duties.models import CensusEntry, Letter, Match, Official, Tier
from shian.domains.duties.tests.factories import COUNTY, VILLAGE, make_operator
from shian.kernel.imports.actions import import_path
from shian.kernel.imports.models import ImportBatch, ImportProblem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
HEADINGS = {
    "duty_officials": ["干部编号", "姓名", "层级", "职务", "任职区划", "接替干部编号", "任职日期", "离任日期"],
    "duty_census": ["主体编号", "所在区划", "起始日期", "终止日期", "从业人数", "年产值", "核实日期", "不纳入原因"],
    "duty_tiers": ["主体编号", "所在区划", "起始日期", "终止日期", "包保层级", "分级依据"],
    "duty_matches": ["主体编号", "所在区划", "起始日期", "终止日期", "干部编号"],
    "duty_letters": [
        "干部编号", "任职区划", "第几份", "生成日期", "签订期限", "对签人职务", "签字日期", "对签日期", "失效日期",
        "失效原因",
    ],
}  # fmt: skip
OFFICIALS = (
    ["G-1", "甲", "村级", "书记", VILLAGE, "", "2022-09-01", "2023-03-01"],
    ["G-2", "乙", "村级", "书记", VILLAGE, "G-1", "2023-03-01", ""],
    ["X-1", "丙", "县级", "副县长", COUNTY, "", "2022-09-01", ""],
)


def bring(tmp_path, importer, *rows):
    """What the importer says: rows accepted, and the problems' (row, field, reason)."""
    path = tmp_path / f"{importer}-{ImportBatch.objects.count()}.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([HEADINGS[importer], *rows])
    summary = import_path(path=path, by="cli", at=timezone.now(), importer=importer)[0]
    batch = ImportBatch.objects.latest("pk")
    found = ImportProblem.objects.filter(batch=batch).order_by("row_no", "pk")
    return summary.accepted, [(each.row_no, each.column, each.reason) for each in found]


@pytest.fixture
def roster(tmp_path):
    make_operator("O-1")
    make_operator("O-2")
    assert bring(tmp_path, "duty_officials", *OFFICIALS) == (3, [])


@pytest.fixture
def tiered(roster, tmp_path):
    rows = [["O-1", VILLAGE, "2022-10-08", "", "D级", "零售微型"], ["O-2", VILLAGE, "2022-10-08", "", "B", "人工"]]
    assert bring(tmp_path, "duty_tiers", *rows) == (2, [])


def test_a_successor_of_the_same_file_names_the_former(roster) -> None:
    assert Official.objects.get(code="G-2").replaces == Official.objects.get(code="G-1")


def test_an_area_of_another_level_is_refused(roster, tmp_path) -> None:
    accepted, problems = bring(tmp_path, "duty_officials", ["T-1", "丁", "乡级", "镇长", VILLAGE, "", "2022-09-01", ""])

    assert (accepted, problems[0][2]) == (0, "区划与层级不符")


def test_the_census_knows_the_verified_and_the_excluded(roster, tmp_path) -> None:
    rows = [
        ["O-1", VILLAGE, "2022-09-20", "", "3", "50", "2022-09-20", ""],
        ["O-2", VILLAGE, "2022-09-20", "", "", "", "", "重复登记"],
    ]

    assert bring(tmp_path, "duty_census", *rows) == (2, [])
    assert dict(CensusEntry.objects.values_list("operator__code", "state")) == {"O-1": "verified", "O-2": "excluded"}
    assert CensusEntry.objects.get(exclusion="duplicate").county == "131022"


def test_two_rows_of_the_same_days_are_refused_in_the_file_and_against_the_register(tiered, tmp_path) -> None:
    rows = [["O-1", VILLAGE, "2022-10-08", "", "G-1"], ["O-1", VILLAGE, "2022-11-01", "", "G-1"]]
    accepted, problems = bring(tmp_path, "duty_matches", *rows)
    assert accepted == 0
    assert {row for row, _field, reason in problems if "日期重叠" in reason} == {2, 3}

    accepted, problems = bring(tmp_path, "duty_tiers", ["O-1", VILLAGE, "2022-12-01", "", "C", "零售小型"])
    assert (accepted, problems[0][2]) == (0, "该主体从 2022-10-08 起已有记录，日期重叠")


def test_a_match_asks_for_tier_level_and_term(tiered, tmp_path) -> None:
    make_operator("O-3")
    rows = [
        ["O-1", VILLAGE, "2022-10-08", "2023-03-01", "G-1"],
        ["O-1", VILLAGE, "2023-03-01", "", "G-2"],
        ["O-2", VILLAGE, "2022-10-08", "", "G-2"],
        ["O-3", VILLAGE, "2022-10-08", "", "G-1"],
    ]

    accepted, problems = bring(tmp_path, "duty_matches", *rows)

    assert accepted == 2
    told = {(row, reason) for row, _field, reason in problems}
    assert (4, "干部层级与主体的 B级不对应") in told
    assert (5, "当日没有包保层级") in told
    assert any(row == 5 and "任期不覆盖" in reason for row, reason in told)
    rows_of = Match.objects.filter(operator__code="O-1").order_by("valid_from")
    assert [(each.official.code, each.valid_to) for each in rows_of] == [("G-1", date(2023, 3, 1)), ("G-2", None)]


def test_letters_follow_each_other(tiered, tmp_path) -> None:
    bring(
        tmp_path,
        "duty_matches",
        ["O-1", VILLAGE, "2022-10-08", "2023-03-01", "G-1"],
        ["O-1", VILLAGE, "2023-03-01", "", "G-2"],
    )
    head = [VILLAGE, "1", "2022-10-08", "2022-10-15", "村党组织主要负责人", "2022-10-10", "2022-10-12"]
    rows = [
        ["G-1", *head, "2023-03-01", "包保干部调整"],
        ["G-2", VILLAGE, "1", "2023-03-01", "2023-03-08", "村党组织主要负责人", "2023-03-02", "2023-03-03", "", ""],
        ["X-1", COUNTY, "1", "2022-10-08", "2022-10-15", "县长", "", "", "", ""],
    ]

    accepted, problems = bring(tmp_path, "duty_letters", *rows)

    assert (accepted, [reason for _row, _field, reason in problems]) == (2, ["该干部在生成之日没有包保主体"])
    assert list(Letter.objects.order_by("official__code").values_list("state", "subjects")) == [
        ("invalid", 1),
        ("in_force", 1),
    ]


def test_a_matched_tier_cannot_change_its_letter_by_file(tiered, tmp_path) -> None:
    bring(tmp_path, "duty_matches", ["O-1", VILLAGE, "2023-03-01", "", "G-2"])

    accepted, problems = bring(tmp_path, "duty_tiers", ["O-1", VILLAGE, "2022-10-08", "", "C", "零售小型"])

    assert (accepted, problems[0][2]) == (0, "已按 D级对接干部，不能在原行改级")
    assert Tier.objects.get(operator__code="O-1").tier == "D"
