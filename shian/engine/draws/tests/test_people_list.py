"""People on the page of a draft: a list with their recusals, the rules of the teams, what is refused."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shian.engine.draws import actions
from shian.engine.draws.actions import DrawRefused
from shian.engine.draws.lists import BadList, people_in
from shian.engine.draws.models import Draw, DrawPerson
from shian.engine.draws.rules.recusal import Person
from shian.engine.draws.tests.factories import office
from shian.registers.areas.tests.factories import make_city_and_county

pytestmark = pytest.mark.django_db
HEAD = "编号,姓名,区划,专长,考核有效期至,证件有效期至,有利害关系的单位,上次检查的单位,最多单位数\n"
PLACES = "编号,层,区划\n1,餐饮,131002\n2,餐饮,131002\n3,生产,131022\n"
PEOPLE = HEAD + "R1,某甲,131022,餐饮、生产,2027-12-31,2030/1/1,1，2,3,5\nR2,某乙,131000,,,,,,\nR3,某丙,131000,,,,,,\n"


@pytest.fixture(autouse=True)
def areas() -> None:
    make_city_and_county()


def asked(**changes: Any) -> dict[str, Any]:
    known = timezone.localtime(timezone.now() + timedelta(days=1))
    return {
        "title": "双随机", "area": "131000", "frame_kind": "list", "as_of": "2026-11-20", "ratio": "100",
        "rounding": "up", "minimum": "1", "reserves": "0", "method": "public", "source_1": "收盘点数",
        "kind_1": "numbers", "kind_2": "numbers", "kind_3": "numbers", "known_at": known.strftime("%Y-%m-%dT%H:%M"),
        "list_file": SimpleUploadedFile("名册.csv", PLACES.encode()),
        "draws_people": "on", "people": SimpleUploadedFile("人员.csv", PEOPLE.encode()), "team_size": "2",
        "certified": "0", "avoids_last": "on", "own_width": "6", **changes,
    }  # fmt: skip


def posted(client: Client, **changes: Any) -> str:
    client.force_login(office())
    return client.post(reverse("draws:draw_create"), asked(**changes), follow=True).content.decode()


def test_a_list_of_people_tells_what_binds_them() -> None:
    first, second, _third = people_in(PEOPLE.encode("gb18030"), office())

    assert first.person == Person(
        "R1", "131022", frozenset({"餐饮", "生产"}), date(2027, 12, 31), date(2030, 1, 1), frozenset({"1", "2"}),
        frozenset({"3"}), 5,
    )  # fmt: skip
    assert (first.label, second.person) == ("某甲", Person("R2", "1310"))


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("R1,某甲,131102,,,,,,", "区划 131102 不在管辖范围内"),
        ("R1,某甲,,,2027-13-01,,,,", "“考核有效期至”应是日期"),
        ("R1,某甲,,,,明年,,,", "“证件有效期至”应是日期"),
        ("R1,某甲,,,,,,,0", "大于 0 的整数"),
        ("R1,,,,,,,,", "“姓名”没有填写"),
        ("R1,某甲,,,,,,,\nR1,某乙,,,,,,,", "第 3 行：编号 R1 与第 2 行重复"),
    ],
)
def test_a_wrong_person_is_named(row: str, problem: str) -> None:
    with pytest.raises(BadList, match=problem) as bad:
        people_in((HEAD + row).encode(), office())
    assert bad.value.field == "people"


def test_people_and_rules_are_asked_with_the_draft_and_kept_when_it_is_changed(client: Client) -> None:
    posted(client)
    draw = Draw.objects.get()
    assert (draw.people_count, draw.team_rules["size"], draw.team_rules["own_width"]) == (3, 2, 6)

    edit = reverse("draws:draw_edit", args=[draw.pk])
    assert "checked" in client.get(edit).content.decode().split('name="draws_people"')[1][:120]
    client.post(edit, asked(list_file="", people="", limit="4"))

    draw.refresh_from_db()
    assert (draw.people_count, draw.team_rules["limit"]) == (3, 4)
    assert DrawPerson.objects.get(draw=draw, key="R1").facts[5] == ["1", "2"]
    client.post(edit, asked(list_file="", people="", draws_people=""))
    draw.refresh_from_db()
    assert (draw.people_count, draw.team_rules) == (0, {})


def test_who_is_left_by_the_recusals_must_fill_a_team(client: Client) -> None:
    posted(client)
    draw = actions.freeze_draw(draw=Draw.objects.get(), by=office(), at=timezone.now())  # R2 and R3 go everywhere
    assert draw.people_digest

    posted(client, people=SimpleUploadedFile("人员.csv", PEOPLE.rsplit("R3", 1)[0].encode()))
    with pytest.raises(DrawRefused, match="1"):  # R1 is bound to places 1 and 2, so R2 would go alone
        actions.freeze_draw(draw=Draw.objects.latest("pk"), by=office(), at=timezone.now())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"people": ""}, "请提供检查人员名册"),
        ({"people": SimpleUploadedFile("a.csv", b"x")}, "缺少表头“编号”"),
        ({"people": SimpleUploadedFile("a.csv", (HEAD + 'R1,"' + "甲" * 1_100_000).encode())}, "引号没有成对"),
        ({"list_file": SimpleUploadedFile("a.csv", b'"' + b"x" * 1_100_000)}, "引号没有成对"),
        ({"team_size": "0"}, "大于或等于"),
        ({"certified": "101"}, "小于或等于"),
        ({"own_width": "5"}, "5"),
    ],
)
def test_what_cannot_be_drawn_is_refused_beside_its_field(client: Client, changes: dict[str, Any], said: str) -> None:
    page = posted(client, **changes)

    assert said in page
    assert not Draw.objects.exists()
