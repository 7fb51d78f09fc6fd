"""One-click reports: one press and a receipt, or what is missing and nothing sent; accepted, returned, sent again."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from shian.domains.campaign.actions.evidence import file_evidence
from shian.domains.campaign.actions.submissions import (
    SubmissionIncomplete,
    SubmissionRefused,
    accept_submission,
    return_submission,
    send_submission,
)
from shian.domains.campaign.actions.weeks import file_report, open_week
from shian.domains.campaign.models import EvidenceNeed, Submission, WeekReport
from shian.domains.campaign.rules.weeks import monday_of
from shian.domains.campaign.tests.factories import make_organisation, make_user
from shian.domains.campaign.tests.loops import opened as case_opened
from shian.domains.campaign.tests.loops import took
from shian.domains.campaign.tests.test_evidence import Facts, agriculture, content, liaison, office, opened
from shian.engine.cases.tests.cast import Cast
from shian.kernel.accounts.models import Role
from shian.kernel.notary.models import Entry
from shian.kernel.scope.models import OutOfReach
from shian.registers.people.models import Post

__all__ = ["agriculture", "liaison", "office"]
LINE = {"item_code": "", "done": "召开推进会", "planned": "", "problem": "", "help_needed": ""}
pytestmark = pytest.mark.django_db


@pytest.fixture
def week(agriculture):
    """This week, open: the unit owes its ledger."""
    return open_week(area_key="1310", monday=monday_of(timezone.localdate()), by="worker", at=timezone.now())


def file_the_week(unit, by) -> None:
    file_report(report=WeekReport.objects.get(unit=unit), lines=[LINE], by=by, at=timezone.now())


def file_all(unit, by) -> None:
    codes = list(EvidenceNeed.objects.filter(unit=unit).values_list("item_code", flat=True))
    today = timezone.localdate()
    file_evidence(unit=unit, area_key="1310", items=codes, facts=Facts("年度材料", today), content=content("全"), by=by,
                  at=timezone.now())  # fmt: skip


def sent(unit, by) -> Submission:
    return send_submission(unit=unit, monday=monday_of(timezone.localdate()), by=by, at=timezone.now())


def test_a_liaison_officer_with_complete_drafts_sends_with_one_press_and_gets_a_receipt(
    client, week, agriculture, liaison, office
) -> None:
    opened(office, timezone.now())
    file_the_week(agriculture, liaison)
    file_all(agriculture, liaison)
    client.force_login(liaison)
    answer = client.post(reverse("campaign:submission_send"), follow=True)

    found = Submission.objects.get()
    assert found.receipt_no == f"提报〔{timezone.localdate().year}〕1310-AGRI-001"
    assert found.receipt_no in answer.content.decode()
    assert {part["key"]: len(part["lines"]) for part in found.contents}["weekly"] == 1
    assert Entry.objects.get(action="campaign.submission_sent").data["receipt_no"] == found.receipt_no


def test_with_a_missing_document_the_press_lists_it_and_sends_nothing(
    client, week, agriculture, liaison, office
) -> None:
    opened(office, timezone.now())
    file_the_week(agriculture, liaison)
    need = EvidenceNeed.objects.filter(unit=agriculture).first()
    client.force_login(liaison)
    text = client.post(reverse("campaign:submission_send")).content.decode()

    assert not Submission.objects.exists()
    assert not Entry.objects.filter(action="campaign.submission_sent").exists()
    assert f"{need.item_code} " in text
    assert reverse("campaign:need_detail", args=[need.pk]) in text
    assert "没有提报" in text


def test_an_unfiled_week_is_missing(week, agriculture, liaison) -> None:
    with pytest.raises(SubmissionIncomplete) as lacking:
        sent(agriculture, liaison)
    assert [gap.text for gap in lacking.value.missing] == ["本周台账没有填报"]


def test_a_returned_report_is_sent_again_and_an_accepted_one_is_not(client, week, agriculture, liaison, office) -> None:
    file_the_week(agriculture, liaison)
    first = sent(agriculture, liaison)
    with pytest.raises(SubmissionRefused, match="已提报"):
        sent(agriculture, liaison)
    with pytest.raises(SubmissionRefused, match="理由"):
        return_submission(submission=first, reason=" ", by=office, at=timezone.now())
    client.force_login(office)
    client.post(reverse("campaign:submission_return", args=[first.pk]), {"reason": "缺少数据"})
    second = sent(agriculture, liaison)
    accept_submission(submission=second, by=office, at=timezone.now())

    assert list(Submission.objects.order_by("attempt").values_list("attempt", "state")) == [
        (1, "returned"), (2, "accepted"),
    ]  # fmt: skip
    assert first.receipt_no != second.receipt_no
    client.force_login(liaison)
    assert "缺少数据" in client.get(reverse("campaign:submission_detail", args=[first.pk])).content.decode()
    with pytest.raises(SubmissionRefused):
        return_submission(submission=second, reason="晚了", by=office, at=timezone.now())


def test_nobody_sends_or_reads_for_another_unit(client, week, agriculture, liaison) -> None:
    file_the_week(agriculture, liaison)
    found, other = sent(agriculture, liaison), make_user("other", Role.DEPARTMENT)
    Post.objects.filter(person__user=other).update(organisation=make_organisation("EDU"))
    with pytest.raises(OutOfReach):
        sent(agriculture, other)
    client.force_login(other)
    assert client.get(reverse("campaign:submission_detail", args=[found.pk])).status_code == 404


def test_tasks_without_progress_and_problems_due_this_week_are_missing(db) -> None:
    cast, now = Cast(), timezone.now()
    today = timezone.localdate()
    task = case_opened(cast, "task", at=now, due_on=today + timedelta(days=60))
    problem = case_opened(cast, "problem", at=now, source="check", data={"severity": "一般"})
    monday = monday_of(today)
    took(problem, "assign", cast.office, now, unit=cast.bureau, due_on=monday + timedelta(days=6))
    with pytest.raises(SubmissionIncomplete) as lacking:
        send_submission(unit=cast.bureau, monday=monday, by=cast.officer, at=now)
    assert [gap.text.rpartition("：")[2] for gap in lacking.value.missing] == ["本周没有报进度", "本周到期没有回复"]
    took(task, "accept", cast.officer, now)
    with pytest.raises(SubmissionIncomplete) as lacking:
        send_submission(unit=cast.bureau, monday=monday, by=cast.officer, at=now)
    assert len(lacking.value.missing) == 1
