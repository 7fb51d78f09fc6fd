"""What reminds whom today: signatures, imports left lying, failed jobs."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from shian.domains.campaign.actions import draft_catalogues, issue_catalogue
from shian.domains.campaign.queries.inputs import standard_at
from shian.domains.campaign.tests.factories import make_areas, make_standard, make_user
from shian.flows import fault_reminders, import_reminders, signature_reminders
from shian.flows.recipients import department_staff, office_staff
from shian.kernel.accounts.models import Role, User
from shian.kernel.files.models import StoredFile
from shian.kernel.imports.models import BatchState, ImportBatch
from shian.kernel.notices.actions import run_rule
from shian.kernel.notices.ladders import rules
from shian.kernel.notices.models import Notice
from shian.kernel.notices.tasks import run_one
from shian.registers.people.models import Organisation

pytestmark = pytest.mark.django_db
Catalogue, Duty = apps.get_model("campaign", "Catalogue"), apps.get_model("campaign", "Duty")
ZONE = ZoneInfo("Asia/Shanghai")
ISSUED = datetime(2026, 3, 2, 10, tzinfo=ZONE)  # a Monday; due on Thursday the 5th


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=ZONE)


@pytest.fixture
def issued(db) -> dict[str, Any]:
    make_areas()
    make_standard()
    drafts = draft_catalogues(
        standard=standard_at(ISSUED.date()), area="131000", due_on=date(2026, 12, 31), by="office", at=ISSUED
    )
    return {kind: issue_catalogue(catalogue=draft, by="office", at=ISSUED) for kind, draft in drafts.items()}


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(recipient=user).order_by("id").values_list("title_id", "level").distinct())


def levels(user: User) -> list[str]:
    return list(Notice.objects.filter(recipient=user).order_by("id").values_list("level", flat=True))


def test_every_story_is_on_the_list() -> None:
    keys = {rule.key for prompt in (True, False) for rule in rules(prompt=prompt)}

    assert {"campaign.signatures", "imports.waiting", "jobs.failed"} <= keys


def test_a_county_is_reminded_of_its_signature_and_the_office_in_the_end(issued) -> None:
    alice, bob = make_user("alice", Role.COUNTY, "131022"), make_user("bob", Role.COUNTY, "131002")
    chief = make_user("chief", Role.OFFICE)
    for day in (2, 3, 4, 5, 6, 9, 10, 11):
        run_rule(rule=signature_reminders.RULE, at=at(day))

    own = Notice.objects.filter(recipient=alice, subject__endswith="/131022").order_by("id")
    assert [notice.level for notice in own] == ["soon", "due", "overdue"]
    assert own[0].title == "县（市、区）分解目录待签收：固安县 83 条"
    assert own[0].body == "请于 2026-03-05 前核对并签收。"
    assert own[0].link.endswith("?audience=131022")
    assert levels(bob) == ["soon", "due", "overdue"]
    assert "escalated" in levels(chief)


def test_a_signed_catalogue_reminds_nobody(issued) -> None:
    alice = make_user("alice", Role.COUNTY, "131022")
    run_rule(rule=signature_reminders.RULE, at=at(2))
    Duty.objects.filter(audience="131022").update(acknowledged_at=ISSUED, acknowledged_by="alice")
    run_rule(rule=signature_reminders.RULE, at=at(20))

    assert levels(alice) == ["soon"]


def test_a_department_signs_through_its_liaison_officer(issued) -> None:
    carol = make_user("carol", Role.DEPARTMENT)
    audience = Duty.objects.filter(catalogue=issued["department"]).values_list("audience", flat=True).first()
    Organisation.objects.filter(posts__person__user=carol).update(department_code=audience)
    run_rule(rule=signature_reminders.RULE, at=at(2))

    assert department_staff(audience, "1310") == [carol.pk]
    assert {n.subject for n in Notice.objects.filter(recipient=carol)} >= {
        f"campaign.catalogue:{issued['department'].pk}/{audience}"
    }


def test_units_without_an_account_are_told_to_the_office_in_one_notice(issued) -> None:
    chief = make_user("chief", Role.OFFICE)
    run_rule(rule=signature_reminders.RULE, at=at(2))

    notice = Notice.objects.get(recipient=chief)
    audiences = Duty.objects.values("catalogue", "audience").distinct().count()
    assert notice.title == f"{audiences} 个单位的分解目录待签收"


def test_issuing_asks_the_worker_at_once(issued) -> None:
    job = ProcrastinateJob.objects.get(task_name="notices.run_rule")
    assert job.args == {"key": "campaign.signatures"}
    alice = make_user("alice", Role.COUNTY, "131022")
    Catalogue.objects.update(issued_at=timezone.now())

    run_one(**job.args)
    assert levels(alice) == ["soon"]


def batch(created_by: str, state: str = BatchState.CHECKED, **more: object) -> ImportBatch:
    stored, _new = StoredFile.objects.get_or_create(
        sha256="0" * 64, defaults={"size": 1, "kind": "csv", "name": "a.csv", "stored_by": "x", "stored_at": ISSUED}
    )
    values = {"importer": "areas", "file": stored, "name": "区划.csv", "effective_on": date(2026, 3, 2)} | more
    return ImportBatch.objects.create(**values, state=state, created_by=created_by, created_at=ISSUED)


def test_an_import_left_lying_reminds_its_uploader_then_the_office(db) -> None:
    alice, chief = make_user("alice", Role.COUNTY, "131022"), make_user("chief", Role.OFFICE)
    batch("alice", province="13", city="1310", county="131022")
    batch("alice", BatchState.CANCELLED, name="乙.csv")
    for day in range(2, 20):
        run_rule(rule=import_reminders.RULE, at=at(day))

    assert levels(alice) == ["due", "overdue"]
    assert levels(chief) == ["escalated"]
    assert Notice.objects.filter(recipient=alice).first().title == "导入“区划.csv”待接收"


def test_an_import_of_the_command_line_is_told_to_the_administrators(db) -> None:
    root = User.objects.create(username="root", role=Role.ADMIN)
    batch("cli", BatchState.STOPPED)
    run_rule(rule=import_reminders.RULE, at=at(3))

    assert levels(root) == ["due"]


def fail_job(task: str, moment: datetime, status: str = "failed") -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status) "
            "VALUES ('default', %s, '{}', 'todo') RETURNING id",
            [task],
        )
        (number,) = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [status, number])
        cursor.execute("DELETE FROM procrastinate_events WHERE job_id = %s", [number])
        cursor.execute(
            "INSERT INTO procrastinate_events (job_id, type, at) VALUES (%s, 'failed', %s)", [number, moment]
        )


def test_a_job_that_failed_is_told_once_a_day_and_kind(db) -> None:
    root = User.objects.create(username="root", role=Role.ADMIN)
    now = timezone.now()
    for _attempt in range(3):
        fail_job("imports.work", now)
    fail_job("notices.deliver", now)
    fail_job("campaign.renew", now - timedelta(days=30))

    assert run_rule(rule=fault_reminders.RULE, at=now) == 2
    fail_job("imports.work", now)
    assert run_rule(rule=fault_reminders.RULE, at=now) == 0
    notice = Notice.objects.filter(recipient=root).order_by("id").first()
    assert (notice.level, notice.title) == ("fault", "后台任务失败：imports.work")
    assert f"{timezone.localdate(now)} 已失败 3 次" in notice.body


def test_a_county_without_an_office_has_the_citys(db) -> None:
    chief = make_user("chief", Role.OFFICE)

    assert office_staff("1310", "131022") == [chief.pk]
    assert office_staff("1311") == []
