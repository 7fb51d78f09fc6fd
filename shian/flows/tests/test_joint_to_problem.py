"""Joint checks (F-14): what goes to a department is a problem of the campaign, confirmed by another unit."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from shian.domains.campaign.tests.loops import AT, photo, took
from shian.domains.fieldchecks.actions.joint import Assignment, JointPlan, assign_problems, hold_joint, plan_joint
from shian.domains.fieldchecks.queries.joint import problems_of
from shian.engine.cases.actions import CaseRefused
from shian.engine.cases.models import Case
from shian.engine.cases.tests.cast import Cast

pytestmark = pytest.mark.django_db
TODAY = AT.date()
DUE = TODAY + timedelta(days=10)


@pytest.fixture
def cast(time_machine: Any) -> Cast:
    time_machine.move_to(AT, tick=False)
    return Cast()


@pytest.fixture
def joint(cast: Cast) -> Any:
    """The office leads, the bureaus of agriculture and education take part; two problems were found."""
    plan = JointPlan("校园周边联合检查", "131022", TODAY, cast.office_unit, [cast.bureau, cast.other])
    made = plan_joint(plan=plan, by=cast.office, at=AT)
    return hold_joint(joint=made, meeting="", problems=["留样不足", "证照过期"], by=cast.office, at=AT)


def assigned(joint: Any, cast: Cast, *units: Any, due_on: date = DUE) -> list[Case]:
    given = [Assignment(each, unit, due_on, "较重") for each, unit in zip(problems_of(joint), units, strict=True)]
    assign_problems(joint=joint, given=given, by=cast.office, at=AT)
    return list(Case.objects.filter(subject=joint.subject).order_by("pk"))


def test_each_problem_is_a_case_with_unit_and_day(cast: Cast, joint: Any) -> None:
    with translation.override("en"):
        first, second = assigned(joint, cast, cast.bureau, cast.other)

    assert (first.type, first.source, first.state, first.due_on) == ("problem", "joint", "rectifying", DUE)
    assert (first.issuer, first.unit, first.verifier) == (cast.office_unit, cast.bureau, cast.office_unit)
    assert (first.title, second.title, second.unit) == ("留样不足", "证照过期", cast.other)
    assert first.body == "联合检查“校园周边联合检查”（2023-03-06）发现：留样不足"
    assert first.data["severity"] == "较重"


def test_the_lead_confirms_what_a_department_put_right(cast: Cast, joint: Any) -> None:
    first, _second = assigned(joint, cast, cast.bureau, cast.other)
    took(first, "submit", cast.officer, note="已补留样", files=[photo()], data={"measures": "培训"})

    took(first, "close", cast.office)

    assert Case.objects.get(pk=first.pk).state == "closed"


def test_another_department_confirms_what_the_lead_put_right(cast: Cast, joint: Any) -> None:
    first, _second = assigned(joint, cast, cast.office_unit, cast.other)
    assert first.verifier == cast.bureau
    took(first, "submit", cast.office, note="已改", files=[photo()], data={"measures": "培训"})

    with pytest.raises(CaseRefused):
        took(first, "close", cast.office)
    took(first, "close", cast.officer)

    assert Case.objects.get(pk=first.pk).state == "closed"


def test_the_page_of_the_check_shows_how_far_its_problems_are(cast: Cast, joint: Any) -> None:
    client = Client()
    client.force_login(cast.office)
    url = reverse("fieldchecks:joint_check_assign", args=[joint.pk])
    told = {f"{name}_{each.pk}": value for each in problems_of(joint)
            for name, value in (("unit", cast.bureau.code), ("due", DUE), ("severity", "严重"))}  # fmt: skip
    far = {**told, **{name: "2099-01-01" for name in told if name.startswith("due")}}
    refused = client.post(url, far).content.decode()
    assert "十年" in refused
    assert not Case.objects.filter(subject=joint.subject).exists()

    client.post(url, told)

    page = client.get(reverse("fieldchecks:joint_check_detail", args=[joint.pk])).content.decode()
    assert all(each.number in page for each in Case.objects.filter(subject=joint.subject))
    assert Case.objects.filter(data__severity="严重").count() == 2
