"""Answers are checked again by the server: types, conditions, required ones, constraints, repeats."""

from typing import Any

import pytest

from shian.engine.forms.answers import check_answers
from shian.engine.forms.tests.sheets import ITEMS, sheet
from shian.engine.forms.tests.test_expressions import NOW

FORM = sheet(
    [
        *ITEMS,
        {"type": "geopoint", "name": "place", "label": "位置"},
        {
            "type": "date",
            "name": "day",
            "label": "日期",
            "constraint": ". <= today()",
            "constraint_message": "不能晚于今天",
        },
        {"type": "calculate", "name": "double", "calculation": "${expired} * 2"},
        {"type": "begin group", "name": "more", "relevant": "${expired} > 0"},
        {"type": "text", "name": "which", "label": "哪些", "required": "yes"},
        {"type": "end group"},
        {"type": "begin repeat", "name": "people", "label": "人员"},
        {"type": "text", "name": "person", "label": "姓名", "required": "yes"},
        {"type": "integer", "name": "age", "label": "年龄", "constraint": ". >= 16"},
        {"type": "text", "name": "guardian", "label": "监护人", "relevant": "${age} < 18"},
        {"type": "end repeat"},
    ]
)
GOOD: dict[str, Any] = {"licence": "pass", "records": "pass", "expired": "0", "hygiene": "none"}


def checked(**answers: Any) -> Any:
    return check_answers(FORM, {**GOOD, **answers}, NOW)


def faults(**answers: Any) -> list[tuple[str, str]]:
    return [(each.path, each.reason) for each in checked(**answers).faults]


def test_texts_of_a_phone_and_json_of_a_page_become_the_same() -> None:
    phone = checked(place="39.5 116.7 12.0 4.5", day="2026-11-21")
    page = checked(
        expired=0,
        hygiene=["none"],
        day="2026-11-21",
        place={"lat": 39.5, "lon": 116.7, "altitude": 12, "accuracy": 4.5},
    )

    assert phone.values == page.values
    assert phone.values["expired"] == 0
    assert phone.values["hygiene"] == ["none"]
    assert phone.values["place"] == {"lat": 39.5, "lon": 116.7, "altitude": 12.0, "accuracy": 4.5}
    assert phone.values["double"] == 0
    assert not phone.faults


@pytest.mark.parametrize(
    ("answers", "path", "word"),
    [
        ({"licence": "perhaps"}, "licence", "perhaps"),
        ({"licence": ["pass", "fail"]}, "licence", "选多"),
        ({"licence": {"x": 1}}, "licence", "不是选项"),
        ({"licence": None}, "licence", "必须填写"),
        ({"expired": "many"}, "expired", "整数"),
        ({"expired": "99999999999"}, "expired", "整数"),
        ({"expired": True}, "expired", "整数"),
        ({"place": "95 10"}, "place", "位置"),
        ({"place": "nan nan"}, "place", "位置"),
        ({"place": "here"}, "place", "位置"),
        ({"day": "2026-13-01"}, "day", "日期"),
        ({"day": "2026-11-23"}, "day", "不能晚于今天"),
        ({"nobody": "x"}, "nobody", "没有这道题"),
        ({"people": "x"}, "people", "列表"),
        ({"people": [{"age": 30}]}, "people[1].person", "必须填写"),
        ({"people": [{"person": "甲"}, {"person": "乙", "age": 3}]}, "people[2].age", "不符合"),
        ({"records": "fail"}, "records_photo", "必须填写"),
        ({"licence": "na"}, "licence_reason", "必须填写"),
        ({"expired": 2}, "which", "必须填写"),
        ({"expired": -2}, "expired", "不小于 0"),
        ({"records": "fail", "records_photo": "../x.jpg"}, "records_photo", "不是文件名"),
    ],
)
def test_wrong_answers_are_named(answers: dict[str, Any], path: str, word: str) -> None:
    (found,) = faults(**answers)

    assert found[0] == path
    assert word in found[1]


def test_answers_to_questions_that_are_not_asked_are_dropped() -> None:
    told = checked(which="隔壁的", licence_reason="x", people=[{"person": "甲", "age": 20, "guardian": "乙"}])

    assert "which" not in told.values
    assert "licence_reason" not in told.values
    assert told.values["people"] == [{"person": "甲", "age": 20}]
    assert not told.faults


def test_files_are_named_where_photos_are_asked_for() -> None:
    told = checked(records="fail", records_photo="1.jpg", hygiene="dust flies", hygiene_photo="2.jpg")

    assert told.files == ["1.jpg", "2.jpg"]
    assert not told.faults


def test_a_calculated_answer_is_calculated_anew() -> None:
    assert checked(expired=3, which="奶", double="100").values["double"] == 6
