"""The yearly appraisal: self-score and verified score side by side, a reason on every line where they differ (A-17)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from shian.domains.campaign.actions import appraisals as actions
from shian.domains.campaign.actions.appraisals import (
    AppraisalRefused,
    file_entry,
    grade_appraisal,
    issue_appraisal,
    publish_appraisal,
    verify_entry,
)
from shian.domains.campaign.models import Appraisal, AppraisalEntry, AppraisalLine, Evidence
from shian.domains.campaign.queries.appraisals import appraisal_rule
from shian.domains.campaign.rules.appraisals import AppraisalRuleInvalid, Said, grade_of
from shian.domains.campaign.tests.factories import AT, make_organisation, make_user
from shian.domains.campaign.tests.test_unit_scores import staff
from shian.kernel.accounts.models import Role
from shian.kernel.notary.models import Entry
from shian.kernel.notices.models import Notice
from shian.kernel.scope.models import OutOfReach

pytestmark = pytest.mark.django_db
DUE = date(2022, 12, 20)
RULE = appraisal_rule(date(2022, 11, 24))
FULL = {number: Said(each.maximum, "已完成") for number, each in enumerate(RULE.lines, 1)}


@pytest.fixture
def units(city):
    office = make_organisation("CAMPO", kind="指挥部办公室", is_campaign_department=False)
    found = {code: make_organisation(code) for code in ("SAMR", "AGRI")}
    county = make_organisation("CAMPO", "131022", is_campaign_department=False)
    return {"office": office, "131022": county, **found}


@pytest.fixture
def appraisal(units):
    return issue_appraisal(area_key="1310", year=2022, due_on=DUE, by="office", at=AT)


def entry(appraisal, unit="AGRI", county=""):
    return AppraisalEntry.objects.get(appraisal=appraisal, unit__department_code=unit, unit__county=county)


def said(**changes):
    """Full points but for these lines: l3=(8, "words")."""
    return {**FULL, **{int(key[1:]): Said(D(score), words) for key, (score, words) in changes.items()}}


def document(unit, title="考核材料"):
    return Evidence.objects.create(
        title=title, unit=unit, issued_on=date(2022, 1, 1), filed_at=AT, filed_by="x", province="13", city="1310"
    )


# rules


def test_the_pack_adds_up_and_its_grades_fall_to_nothing():
    assert sum(each.maximum for each in RULE.lines) == RULE.total == 100
    with pytest.raises(AppraisalRuleInvalid, match="add up to 85"):
        replace(RULE, lines=RULE.lines[1:])
    with pytest.raises(AppraisalRuleInvalid, match="fall to 0"):
        replace(RULE, grades=[("A", D(90))])


@pytest.mark.parametrize(("total", "grade"), [("90", "A"), ("89.99", "B"), ("80", "B"), ("60", "C"), ("0", "D")])
def test_a_total_on_the_line_has_reached_the_grade(total, grade):
    assert grade_of(D(total), RULE.grades) == grade


# the flow


def test_who_issues_while_another_does_is_told_so(units, monkeypatch):
    found = actions.reporting_units

    def named_while_another_issues(*args):
        monkeypatch.setattr(actions, "reporting_units", found)
        issue_appraisal(area_key="1310", year=2022, due_on=DUE, by="office", at=AT)
        return found(*args)

    monkeypatch.setattr(actions, "reporting_units", named_while_another_issues)
    with pytest.raises(AppraisalRefused, match="已经下发"):
        issue_appraisal(area_key="1310", year=2022, due_on=DUE, by="office", at=AT)


def test_every_unit_has_a_row_from_the_day_of_issue(appraisal):
    found = appraisal.entries.order_by("unit__code").values_list("unit__code", "group", "state")

    assert list(found) == [
        ("1310-AGRI", "department", "open"), ("1310-SAMR", "department", "open"), ("131022-CAMPO", "county", "open"),
    ]  # fmt: skip
    assert AppraisalLine.objects.count() == 3 * len(RULE.lines)


@pytest.mark.parametrize(
    ("year", "due_on", "words"),
    [(2022, DUE, "已经下发"), (2023, DUE, "今年或者以前"), (2021, date(2022, 11, 1), "不能早于今天")],
)
def test_an_appraisal_twice_or_of_a_year_to_come_is_refused(appraisal, year, due_on, words):
    with pytest.raises(AppraisalRefused, match=words):
        issue_appraisal(area_key="1310", year=year, due_on=due_on, by="office", at=AT)


def test_a_unit_scores_itself_with_its_own_documents(appraisal, units):
    user, paper = staff("gu", Role.DEPARTMENT, units["AGRI"]), document(units["AGRI"])

    filed = file_entry(entry=entry(appraisal), by=user, at=AT,
                       said={**FULL, 4: Said(D("18.5"), "", (paper.pk,))})  # fmt: skip

    assert (filed.state, filed.self_total) == ("filed", D("98.5"))
    assert list(filed.lines.get(number=4).proofs.all()) == [paper]
    assert Entry.objects.get(action="campaign.appraisal_filed").data["lines"]["4"] == ["18.5", 1]
    foreign = document(units["SAMR"])
    with pytest.raises(OutOfReach):
        file_entry(entry=entry(appraisal), by=user, at=AT, said={**FULL, 4: Said(D(1), "", (foreign.pk,))})
    with pytest.raises(OutOfReach):
        file_entry(entry=entry(appraisal, "SAMR"), by=user, at=AT, said=FULL)


@pytest.mark.parametrize(
    ("answer", "words"),
    [(Said(None), "第 5 条“问题整改和督办销号”没有填写得分"), (Said(D("15.01"), "满"), "应在 0 和 15 之间"),
     (Said(D(-1), "负"), "应在 0 和 15 之间"), (Said(D(3)), "请写明自评说明或者附佐证材料")],
)  # fmt: skip
def test_a_self_score_names_the_line_that_lacks_something(appraisal, answer, words):
    with pytest.raises(AppraisalRefused, match=words) as refused:
        file_entry(entry=entry(appraisal), said={**FULL, 5: answer}, by="unit", at=AT)

    assert list(refused.value.lines) == [5]
    assert entry(appraisal).state == "open"


def test_a_difference_without_a_reason_is_refused_naming_every_such_line(appraisal):
    file_entry(entry=entry(appraisal), said=FULL, by="unit", at=AT)

    told = said(l3=("8", ""), l5=("10", " "), l6=("9", "抽检缺一批"))
    with pytest.raises(AppraisalRefused) as refused:
        verify_entry(entry=entry(appraisal), said=told, by="office", at=AT)

    assert refused.value.lines == {
        3: "第 3 条“经费和队伍保障”自评 10 分、核定 8 分，请写明差异理由。",
        5: "第 5 条“问题整改和督办销号”自评 15 分、核定 10 分，请写明差异理由。",
    }
    assert entry(appraisal).state == "filed"
    assert not AppraisalLine.objects.filter(verified_score__isnull=False).exists()


def test_a_difference_with_a_reason_and_equal_points_without_one_are_taken(appraisal):
    file_entry(entry=entry(appraisal), said=FULL, by="unit", at=AT)

    done = verify_entry(
        entry=entry(appraisal), said={**said(l3=("8", "少一辆执法车")), 1: Said(D(15))}, by="office", at=AT
    )

    line = done.lines.get(number=3)
    assert (done.verified_total, line.self_score, line.verified_score, line.reason) == (98, 10, 8, "少一辆执法车")


@pytest.mark.parametrize("own", [None, D(10)])
def test_the_database_refuses_a_difference_without_a_reason(appraisal, own):
    line = entry(appraisal).lines.get(number=3)

    with pytest.raises(IntegrityError, match="difference_says_why"), transaction.atomic():
        AppraisalLine.objects.filter(pk=line.pk).update(self_score=own, verified_score=8)


def done(appraisal, unit, county="", **changes):
    file_entry(entry=entry(appraisal, unit, county), said=FULL, by="unit", at=AT)
    return verify_entry(entry=entry(appraisal, unit, county), said=said(**changes), by="office", at=AT)


def test_grades_and_places_follow_the_verified_totals(appraisal):
    done(appraisal, "AGRI", l4=("5", "未完成"))
    done(appraisal, "SAMR")
    with pytest.raises(AppraisalRefused, match="还没有自评：CAMPO局"):
        grade_appraisal(appraisal=appraisal, by="office", at=AT)

    graded = grade_appraisal(appraisal=appraisal, by="office", at=AT + timedelta(days=30))

    found = {each.unit.code: (each.verified_total, each.grade, each.place) for each in graded.entries.all()}
    assert found == {"1310-SAMR": (100, "A", 1), "1310-AGRI": (85, "B", 2), "131022-CAMPO": (None, "D", None)}
    with pytest.raises(AppraisalRefused, match="不能再改"):
        verify_entry(entry=entry(appraisal), said=FULL, by="office", at=AT)


def test_what_waits_to_be_verified_holds_the_grades_up(appraisal):
    file_entry(entry=entry(appraisal), said=FULL, by="unit", at=AT)

    with pytest.raises(AppraisalRefused, match="还没有核定：AGRI局"):
        grade_appraisal(appraisal=appraisal, by="office", at=AT + timedelta(days=30))


def test_it_is_published_once_graded_and_told(appraisal, units):
    officer = staff("gu", Role.DEPARTMENT, units["AGRI"])
    with pytest.raises(AppraisalRefused, match="自评和核定中"):
        publish_appraisal(appraisal=appraisal, by="office", at=AT)
    grade_appraisal(appraisal=appraisal, by="office", at=AT + timedelta(days=30))

    publish_appraisal(appraisal=appraisal, by="office", at=AT)

    assert Notice.objects.get(recipient=officer).params["year"] == 2022
    assert Appraisal.objects.get().state == "published"


def test_no_unit_reads_grades_in_the_log_before_they_are_published(client, appraisal, units):
    done(appraisal, "AGRI")
    graded = grade_appraisal(appraisal=appraisal, by="office", at=AT + timedelta(days=30))
    entry = Entry.objects.get(action="campaign.appraisal_graded")
    assert entry.data["units"]["1310-AGRI"][1] == "A"
    address = reverse("notary:entry_detail", args=[entry.uid])
    officer, chief = staff("gu", Role.DEPARTMENT, units["AGRI"]), staff("li", Role.OFFICE, units["office"])

    def seen(user):
        client.force_login(user)
        return client.get(address).status_code

    assert (seen(officer), seen(chief)) == (404, 200)
    publish_appraisal(appraisal=graded, by="office", at=AT)
    assert (seen(officer), seen(chief)) == (200, 200)


def test_roles_are_held_to_their_part(appraisal, units):
    officer, reviewer = staff("gu", Role.DEPARTMENT, units["AGRI"]), staff("ai", Role.REVIEWER, units["office"])
    for work in (
        lambda: verify_entry(entry=entry(appraisal), said=FULL, by=officer, at=AT),
        lambda: grade_appraisal(appraisal=appraisal, by=reviewer, at=AT),
        lambda: file_entry(entry=entry(appraisal), said=FULL, by=reviewer, at=AT),
        lambda: issue_appraisal(area_key="1310", year=2021, due_on=DUE, by=officer, at=AT),
    ):
        with pytest.raises(PermissionDenied):
            work()


# pages


def posted(pk_lines=None, **changes):
    """The form as a browser sends it: l3=(score, words)."""
    told = {}
    for number, each in FULL.items():
        score, words = changes.get(f"l{number}", (each.score, each.words))
        told |= {f"score_{number}": str(score), f"words_{number}": words}
    return told | (pk_lines or {})


def text(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_a_unit_files_and_the_office_verifies_side_by_side_from_the_pages(client, units):
    now = timezone.now()
    made = issue_appraisal(area_key="1310", year=2022, due_on=timezone.localdate(now), by="office", at=now)
    own, paper = entry(made), document(units["AGRI"], "冷库整治总结")
    office = staff("alice", Role.OFFICE, units["office"])
    client.force_login(staff("gu", Role.DEPARTMENT, units["AGRI"]))
    assert "自评" in text(client.get(reverse("campaign:appraisal_detail", args=[own.pk])))
    filled = text(client.post(reverse("campaign:appraisal_submit", args=[own.pk]), follow=True,
                              data=posted({"proofs_4": [paper.pk]}, l4=("19", "完成九成五"))))  # fmt: skip
    assert "冷库整治总结" in filled
    client.force_login(office)
    verifying = reverse("campaign:appraisal_verify", args=[own.pk])
    form = text(client.get(verifying))
    assert "自评 19 分：完成九成五" in form
    assert reverse("campaign:evidence_detail", args=[paper.pk]) in form

    refused = text(client.post(verifying, posted(l4=("17", ""), l1=("15", ""))))
    assert "第 4 条“创建任务完成”自评 19 分、核定 17 分，请写明差异理由。" in refused
    taken = text(client.post(verifying, posted(l4=("17", "两项未达标")), follow=True))

    assert "两项未达标" in taken
    assert "-2.00" in taken
    assert text(client.get(reverse("campaign:appraisal_list"))).count("已核定") >= 2


def test_the_office_issues_grades_and_publishes_from_the_page(client, units):
    client.force_login(staff("alice", Role.OFFICE, units["office"]))
    today = timezone.localdate()
    assert "还没有考核" in text(client.get(reverse("campaign:appraisal_list")))
    wrong = text(client.post(reverse("campaign:appraisal_create"), {"year": today.year + 1, "due_on": str(today)}))
    assert "今年或者以前" in wrong
    client.post(reverse("campaign:appraisal_create"), {"year": today.year, "due_on": str(today)})
    made = Appraisal.objects.get()
    early = text(client.post(reverse("campaign:appraisal_grade", args=[made.pk]), follow=True))
    assert "还没有自评" in early
    Appraisal.objects.update(due_on=today - timedelta(days=1))
    text(client.post(reverse("campaign:appraisal_grade", args=[made.pk]), follow=True))
    last = text(client.post(reverse("campaign:appraisal_publish", args=[made.pk]), follow=True))

    assert "已公布" in last
    assert Appraisal.objects.get().state == "published"


def test_a_unit_sees_itself_until_all_is_published_and_never_the_lines_of_others(client, appraisal, units):
    client.force_login(staff("gu", Role.DEPARTMENT, units["AGRI"]))
    before = text(client.get(reverse("campaign:appraisal_list")))
    assert "AGRI局" in before
    assert "SAMR局" not in before
    other = reverse("campaign:appraisal_detail", args=[entry(appraisal, "SAMR").pk])
    assert client.get(other).status_code == 404

    grade_appraisal(appraisal=appraisal, by="office", at=AT + timedelta(days=30))
    publish_appraisal(appraisal=appraisal, by="office", at=AT)

    assert "SAMR局" in text(client.get(reverse("campaign:appraisal_list")))
    assert client.get(other).status_code == 404
    assert client.get(reverse("campaign:appraisal_verify", args=[entry(appraisal).pk])).status_code == 403


def test_others_stay_outside(client, appraisal):
    client.force_login(make_user("station", Role.STATION, "131022100"))
    assert client.get(reverse("campaign:appraisal_list")).status_code == 403
    client.force_login(make_user("dora", Role.OFFICE, "131022"))
    assert client.get(reverse("campaign:appraisal_detail", args=[entry(appraisal).pk])).status_code == 404
    assert client.post(reverse("campaign:appraisal_grade", args=[appraisal.pk])).status_code == 404
