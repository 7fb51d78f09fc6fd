"""Leaders' acts, demonstration projects, benchmarks and sheets, training and lessons, as pages over ledgers."""

import json
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from shian.domains.campaign.queries.showcases import sheet_for_operator
from shian.domains.campaign.tests.factories import make_organisation, make_user
from shian.engine.cases.models import Case
from shian.engine.ledgers.models import LedgerRow
from shian.kernel.accounts.models import Role
from shian.kernel.scope.rules import columns_of_key
from shian.registers.people.tests.factories import PersonFactory, PostFactory

AT = datetime(2023, 3, 6, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
pytestmark = pytest.mark.django_db


def row(ledger: str, key: str, area: str = "1310", **given: Any) -> LedgerRow:
    columns = {name: given.pop(name) for name in ("occurs_on", "valid_from", "organisation_code") if name in given}
    return LedgerRow.objects.create(
        ledger=ledger, key=json.dumps([key], ensure_ascii=False), data=given, updated_at=AT, updated_by="office",
        **columns, **columns_of_key(area),
    )  # fmt: skip


@pytest.fixture
def office(city):
    return make_user("writer", Role.OFFICE)


def page(client, name: str, *args: Any, **asked: str) -> str:
    return client.get(reverse(f"campaign:{name}", args=args), asked).content.decode()


def test_a_positions_year_lists_each_act_with_its_document_and_its_task(client, office) -> None:
    unit = make_organisation("FSCO")
    told = {"position": "市长", "act": "调研", "doc_ref": "调研记录"}
    for number, day in (("1", date(2022, 8, 30)), ("2", date(2022, 9, 1)), ("3", date(2023, 3, 1))):
        row("leader_duties", number, occurs_on=day, act_no=f"LZ-{number}", subject=f"调研{number}", **told)
    row(
        "leader_duties",
        "4",
        occurs_on=date(2022, 9, 2),
        act_no="LZ-4",
        subject="书记调研",
        **{**told, "position": "市委书记"},
    )
    for number, is_open in (("1", True), ("2", False)):
        Case.objects.create(
            type="task", number=f"任{number}", title="跟进", subject=f"leader_duties:LZ-{number}", issuer=unit,
            state="working" if is_open else "done", is_open=is_open,
            closed_at=None if is_open else AT, opened_on=date(2022, 9, 3), created_at=AT,
            updated_at=AT, **columns_of_key("1310"),
        )  # fmt: skip
    client.force_login(office)
    text = page(client, "act_list", position="市长", year="2022")
    body = text[text.index("<tbody") : text.index("</tbody>")]
    assert body.count("<tr") == 2
    assert body.count("调研记录") == 2
    assert ("任1" in body, "任2" in body) == (True, True)
    assert (body.count("未办结"), body.count("已办结")) == (1, 1)
    task = reverse("cases:case_detail", args=[Case.objects.get(number="任1").pk])
    assert task in body
    client.force_login(make_user("liaison", Role.DEPARTMENT))  # of another unit: no second task, and nothing to open
    text = page(client, "act_list", position="市长", year="2022")
    assert ("任1" in text, task in text, "交办任务</a>" in text) == (True, False, False)


def test_weights_of_projects_make_up_their_category_or_the_page_says_so(client, office) -> None:
    told = {"category": "示范引领", "category_weight": 28, "milestone": "建设中"}
    first = row("demonstration_projects", "A", valid_from=date(2022, 6, 1), project_no="A", theme="落实两个责任",
                weight=20, score=18, **told)  # fmt: skip
    row("demonstration_projects", "B", valid_from=date(2022, 6, 1), project_no="B", theme="智慧监管", weight=8, **told)
    row("project_evidence", "A1", project_no="A", name="方案", accepted_on="2022-11-10")
    row("project_evidence", "A2", project_no="A", name="总结")
    client.force_login(office)
    assert "项目分值合计 28，等于类别总分" in page(client, "project_list")
    text = page(client, "project_detail", first.pk)
    assert "1 / 2 份" in text
    assert ("20" in text, "18" in text, "缺" in text) == (True, True, True)
    row("demonstration_projects", "C", valid_from=date(2022, 6, 1), project_no="C", theme="信用监管", weight=5, **told)
    assert "项目分值合计 33，类别总分 28，不相等" in page(client, "project_list")


def test_a_county_sees_its_benchmarks_or_none_yet_and_a_sheet_is_printed_without_an_account(client, city) -> None:
    for name in ("农贸市场", "中央厨房"):
        row("check_formats", name, valid_from=date(2022, 8, 1), mode="明查", format=name, department="市场监督管理局")
    row(
        "benchmark_sites",
        "甲",
        "131022",
        valid_from=date(2022, 9, 1),
        kind="标杆点位",
        format="农贸市场",
        name="固安农贸样板",
    )
    row(
        "benchmark_sites",
        "乙",
        "131002",
        valid_from=date(2022, 9, 1),
        kind="标杆点位",
        format="中央厨房",
        name="安次厨房样板",
    )
    sheet = row("format_sheets", "农贸市场", valid_from=date(2022, 8, 10), format="农贸市场", sheet_version="2022-08",
                title="农贸市场明白纸", points="入场查验；每日快检", operator_formats="农贸市场、批发市场")  # fmt: skip
    client.force_login(make_user("county", Role.COUNTY, "131022"))
    text = page(client, "benchmark_list")
    body = text[text.index("<tbody") : text.index("</tbody>")]
    assert "固安农贸样板" in body
    assert "安次厨房样板" not in body
    assert body.count("暂无") == 1
    assert reverse("campaign:sheet_print", args=[sheet.pk]) in body
    client.logout()
    printed = page(client, "sheet_print", sheet.pk)
    assert "<li>每日快检</li>" in printed
    assert sheet_for_operator("批发市场", "1310", date(2023, 1, 1)) == sheet
    assert sheet_for_operator("批发", "1310", date(2023, 1, 1)) is None


def test_the_dictionary_of_formats_says_which_sheet_is_an_operators_own(city) -> None:
    since, day = date(2022, 8, 1), date(2023, 1, 1)
    row("check_formats", "M19", valid_from=since, mode="明查", format="小餐饮", operator_formats="小餐饮、小吃店")
    row("check_formats", "A03", valid_from=since, mode="暗访", format="早夜市小餐饮", operator_formats="饮品店")
    sheet = row("format_sheets", "小餐饮", valid_from=since, format="小餐饮", title="小餐饮明白纸", points="亮证")
    row("format_sheets", "早夜市小餐饮", valid_from=since, format="早夜市小餐饮", title="早夜市明白纸", points="亮证")

    assert sheet_for_operator("小吃店", "1310", day) == sheet
    assert sheet_for_operator("吃店", "1310", day) is None
    assert sheet_for_operator("饮品店", "1310", day) is None
    assert sheet_for_operator("小吃店", "1310", date(2022, 7, 1)) is None


def test_a_units_page_shows_who_has_not_been_trained_on_its_sheet(client, office) -> None:
    unit = make_organisation("STATION", "131022100", kind="监管所")
    people = [PersonFactory(name=name) for name in ("甲某", "乙某", "丙某")]
    for person in people:
        PostFactory(person=person, organisation=unit, area_code="131022100")
    row(
        "training_sheets",
        "现场",
        valid_from=date(2022, 8, 1),
        sheet="现场核查打分表",
        unit_kind="监管所",
        pass_score=80,
    )
    for person, score in zip(people[:2], (90, 60), strict=True):
        row("training_records", person.person_no, "131022100", occurs_on=date(2022, 9, 1), person_no=person.person_no,
            sheet="现场核查打分表", score=score)  # fmt: skip
    client.force_login(office)
    url = reverse("people:organisation_detail", args=[unit.code])
    text = client.get(url, {"tab": "training"}).content.decode()
    body = text[text.index("<tbody") : text.index("</tbody>")]
    assert (body.count("未培训"), body.count("考核未合格"), body.count("已培训")) == (1, 1, 1)
    assert body.index("丙某") < body.index("甲某")  # those to be trained stand first


def test_a_lesson_takes_its_figures_from_the_registers(client, office) -> None:
    told = {"theme": "经费随任务走", "practice": "按清单安排", "standing": "发布", "lesson_no": "JY-1"}
    lesson = row("lessons", "JY-1", occurs_on=date(2023, 1, 1), measures="budgets.amount", before_on="2021-12-31",
                 after_on="2022-12-31", **told)  # fmt: skip
    client.force_login(office)
    for year, amount in ((2021, 120), (2022, 860)):
        row(
            "budgets", str(year), occurs_on=date(year, 2, 18), year=year, subject="示范城市", line="创建", amount=amount
        )
    text = page(client, "lesson_detail", lesson.pk)
    body = text[text.index('id="effects"') :]
    assert ("120" in body, "860" in body, "740" in body) == (True, True, True)
    LedgerRow.objects.filter(ledger="budgets", data__year=2022).update(data={
        "year": 2022, "subject": "示范城市", "line": "创建", "amount": 900})  # fmt: skip
    assert "780" in page(client, "lesson_detail", lesson.pk)  # bound, not typed
