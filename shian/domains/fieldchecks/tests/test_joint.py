"""Joint checks: one record with several departments; problems go to departments."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from shian.domains.fieldchecks.actions.joint import Assignment, JointPlan, assign_problems, hold_joint, plan_joint
from shian.domains.fieldchecks.actions.refusals import CheckRefused
from shian.domains.fieldchecks.models import JointCheck, JointProblem
from shian.domains.fieldchecks.queries.joint import joint_checks_of, problems_of
from shian.domains.fieldchecks.tests.factories import AT, DAY, make_point
from shian.kernel.accounts.models import Role, User
from shian.kernel.notary.models import Entry
from shian.kernel.scope.models import OutOfReach
from shian.registers.people.tests.factories import OrganisationFactory, PersonFactory, PostFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def units(people):
    return [
        OrganisationFactory(
            code=f"131022-{name}", name=f"固安{name}", area_code="131022", department_code=name, township=""
        )
        for name in ("SAMR", "EDU", "AGRI")
    ]  # fmt: skip


def planned(units, by, **changes):
    values = {"title": "学校食堂联合检查", "area": "131022", "held_on": DAY, "lead": units[0], "departments": units}
    return plan_joint(plan=JointPlan(**{**values, **changes}), by=by, at=AT)


def test_several_departments_share_one_record(people, units):
    joint = planned(units, people["county"])

    assert JointCheck.objects.count() == 1
    assert set(joint.departments.all()) == set(units)
    assert Entry.objects.filter(action="fieldchecks.joint_planned").count() == 1


def test_one_department_is_no_joint_check(people, units):
    with pytest.raises(CheckRefused, match="两个部门"):
        planned(units, people["county"], departments=units[:1])


def test_others_plan_nothing_here(people, units):
    with pytest.raises(OutOfReach):
        planned(units, people["other"])
    planned(units, people["county"])
    assert not joint_checks_of(people["other"]).exists()


def test_a_department_that_takes_no_part_writes_nothing_into_it(client, people, units):
    joint = planned(units, people["county"], departments=units[:2])
    users = {name: User.objects.create(username=name, role=Role.DEPARTMENT) for name in ("edu", "agri")}
    for name, unit in (("edu", units[1]), ("agri", units[2])):
        PostFactory(person=PersonFactory(user=users[name]), organisation=unit, area_code="131022")

    client.force_login(users["agri"])
    page = client.get(reverse("fieldchecks:joint_check_detail", args=[joint.pk]))
    assert page.status_code == 200
    assert list(page.context["record"].actions) == []
    with pytest.raises(OutOfReach):
        hold_joint(joint=joint, meeting="", problems=["留样不足"], by=users["agri"], at=AT)
    held = hold_joint(joint=joint, meeting="", problems=["留样不足"], by=users["edu"], at=AT)
    assert held.state == "held"


def test_every_problem_is_assigned_with_a_day(people, units):
    by = people["county"]
    joint = hold_joint(
        joint=planned(units, by), meeting="讲解留样要求", problems=["留样不足", "", " 台账缺页 "], by=by, at=AT
    )
    problems = problems_of(joint)
    assert [each.text for each in problems] == ["留样不足", "台账缺页"]

    with pytest.raises(CheckRefused, match="每个问题"):
        assign_problems(joint=joint, given=[Assignment(problems[0], units[1], DAY)], by=by, at=AT)
    given = [Assignment(each, units[1], DAY - timedelta(days=1)) for each in problems]
    with pytest.raises(CheckRefused, match="早于今天"):
        assign_problems(joint=joint, given=given, by=by, at=AT)
    done = assign_problems(joint=joint, given=[Assignment(each, units[1], DAY) for each in problems], by=by, at=AT)

    assert done.state == "assigned"
    assert set(JointProblem.objects.values_list("department", "due_on")) == {("131022-EDU", DAY)}


def test_a_check_without_findings_needs_no_assigning_and_is_held_once(people, units):
    by = people["county"]
    joint = hold_joint(joint=planned(units, by), meeting="", problems=[], by=by, at=AT)

    assert joint.state == "assigned"
    with pytest.raises(CheckRefused):
        hold_joint(joint=joint, meeting="", problems=[], by=by, at=AT)


def test_it_is_not_held_before_its_day(people, units):
    with pytest.raises(CheckRefused, match="还没有到"):
        hold_joint(
            joint=planned(units, people["county"], held_on=DAY + timedelta(days=1)), meeting="", problems=[],
            by=people["county"], at=AT,
        )  # fmt: skip


def test_the_pages_of_a_joint_check(client, people, units):
    make_point("P-1")
    client.force_login(people["county"])
    url = reverse("fieldchecks:joint_check_create")
    plan = {"title": "校园联合检查", "held_on": "2022-11-24", "lead": units[0].code,
            "departments": [each.code for each in units], "points": "P-1"}  # fmt: skip
    assert "没有这些点位" in client.post(url, {**plan, "points": "P-1\nP-9"}).content.decode()
    assert client.post(url, {**plan, "departments": []}).status_code == 200
    client.post(url, plan)
    joint = JointCheck.objects.get()

    client.post(
        reverse("fieldchecks:joint_check_close", args=[joint.pk]), {"problems": "留样不足", "meeting": "现场会"}
    )
    problem = JointProblem.objects.get()
    assign = reverse("fieldchecks:joint_check_assign", args=[joint.pk])
    assert client.post(assign, {f"unit_{problem.pk}": units[1].code}).status_code == 200
    due = str(timezone.localdate() + timedelta(days=30))
    given = {f"unit_{problem.pk}": units[1].code, f"due_{problem.pk}": due, f"severity_{problem.pk}": "一般"}
    client.post(assign, given)

    page = client.get(reverse("fieldchecks:joint_check_detail", args=[joint.pk])).content.decode()
    for told in ("固安SAMR", "固安EDU", "固安AGRI", "留样不足", "P-1", due):
        assert told in page
    client.force_login(people["station"])
    assert client.get(reverse("fieldchecks:joint_check_list")).status_code == 403


def test_joint_checks_beyond_a_page_are_on_the_next_one(client, people, units):
    for number in range(51):
        planned(units, people["county"], title=f"第{number:02d}次联合检查", held_on=DAY - timedelta(days=number))
    client.force_login(people["county"])
    listed = client.get(reverse("fieldchecks:joint_check_list"))
    page = listed.context["list"].table.page

    assert (page.total, len(page.items)) == (51, 50)
    following = client.get(reverse("fieldchecks:joint_check_list"), {"after": page.next}).content.decode()
    assert "第50次联合检查" in following
    assert "第49次联合检查" not in following


def test_a_problem_that_is_too_long_is_refused_not_cut(people, units):
    by = people["county"]
    with pytest.raises(CheckRefused, match="300"):
        hold_joint(joint=planned(units, by), meeting="", problems=["长" * 301], by=by, at=AT)


def test_who_reaches_several_areas_says_where_first_and_is_offered_the_departments_there(client, people, units):
    OrganisationFactory(code="1310-EDU", name="市教育局", area_code="131000", department_code="EDU", township="")
    client.force_login(people["office"])
    url = reverse("fieldchecks:joint_check_create")
    assert "固安SAMR" not in client.get(url).content.decode()
    assert client.post(url, {"area": "999999"}).status_code == 200

    there = client.post(url, {"area": "131022"})["Location"]
    page = client.get(there).content.decode()
    assert "固安SAMR" in page
    assert "市教育局" not in page
    plan = {"title": "校园联合检查", "held_on": "2022-11-24", "lead": units[0].code, "points": ""}
    client.post(there, {**plan, "departments": [each.code for each in units]})
    assert JointCheck.objects.get().area_code == "131022"
