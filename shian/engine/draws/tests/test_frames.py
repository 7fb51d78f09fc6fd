"""Frames from an uploaded list and from the register of operators."""

from datetime import date

import pytest

from shian.engine.draws.frames import FrameAsk, frame_kinds, frame_title, lines_of
from shian.engine.draws.lists import BadList, lines_in
from shian.engine.draws.rules.sampling import FrameRow
from shian.engine.draws.tests.factories import office
from shian.engine.ledgers.tests.factories import make_operator
from shian.kernel.accounts.models import Role
from shian.registers.areas.tests.factories import make_city_and_county
from shian.registers.people.tests.factories import reach_user

pytestmark = pytest.mark.django_db
HEAD = "编号,层,等级,区划,不参加抽取的原因,名称\n"


@pytest.fixture(autouse=True)
def areas() -> None:
    make_city_and_county()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_is_read_in_the_encodings_that_offices_write(encoding: str) -> None:
    text = HEAD + "A1,餐饮,B,131002,样板点,好面馆\n\nA2,生产,,,,\n"

    first, second = lines_in(text.encode(encoding), office())

    assert (first.row, first.label) == (FrameRow("A1", "餐饮", "B", "131002", "样板点"), "好面馆")
    assert second.row == FrameRow("A2", "生产")


def test_columns_that_are_not_needed_may_be_missing() -> None:
    assert [line.row for line in lines_in("层,编号\n餐饮,1\n".encode(), office())] == [FrameRow("1", "餐饮")]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ("A1,餐饮\nA1,生产\n", "第 3 行：编号 A1 与第 2 行重复。"),
        (",餐饮\n", "第 2 行：“编号”没有填写。"),
        ("A1,\n", "第 2 行：“层”没有填写。"),
        ("A1,餐饮,,13x,,\n", "第 2 行：“13x”不是区划代码。"),
        ("A1,餐饮,,131102,,\n", "第 2 行：区划 131102 不在管辖范围内。"),
        (f"A1,餐饮,{'长' * 21}\n", "第 2 行：“等级”最多 20 个字。"),
        ('A1,"餐\n饮"\n', "第 2 行：单元格里不能换行。"),
    ],
)
def test_a_wrong_row_is_named(rows: str, problem: str) -> None:
    with pytest.raises(BadList) as bad:
        lines_in((HEAD + rows).encode(), office())

    assert bad.value.problems == [problem]


def test_of_many_wrong_rows_the_first_five_are_named() -> None:
    with pytest.raises(BadList) as bad:
        lines_in((HEAD + ",餐饮\n" * 8).encode(), office())

    assert len(bad.value.problems) == 6
    assert bad.value.problems[-1] == "另有 3 行有误。"


def test_a_list_without_its_headings_is_refused() -> None:
    with pytest.raises(BadList, match="“编号”"):
        lines_in(b"code,stratum\n1,2\n", office())
    with pytest.raises(BadList, match="不是 UTF-8"):
        lines_in(b"\xff\xff\xff\x81", office())


def test_operators_that_are_registered_on_the_day_are_a_frame() -> None:
    make_operator(1, town="131002001")
    make_operator(2, town="131002001", closed_on=date(2022, 1, 1))
    make_operator(3, town="131002001", opened_on=date(2023, 1, 1))
    make_operator(4, town="131022100", stage="餐饮")

    city = lines_of("operators", FrameAsk("1310", date(2022, 11, 24), office()))
    county = lines_of("operators", FrameAsk("131002", date(2022, 11, 24), office()))
    strangers = lines_of("operators", FrameAsk("1310", date(2022, 11, 24), reach_user("dave", "131102", Role.COUNTY)))

    assert {(line.row.key, line.row.stratum, line.row.area) for line in city} == {
        ("LF000001", "便利店", "131002001"), ("LF000004", "小型餐馆", "131022100"),
    }  # fmt: skip
    assert [line.label for line in county] == ["安次第1便利店"]
    assert strangers == []


def test_a_list_that_nobody_registers_is_called_by_its_key() -> None:
    assert frame_title("gone") == "gone"
    assert "operators" in [each.key for each in frame_kinds()]
    with pytest.raises(LookupError):
        lines_of("gone", FrameAsk("1310", date(2026, 11, 20), office()))
