"""Codes are issued once for everybody who should have one; their states follow each other; all of it is sealed."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from shian.domains.census import actions
from shian.domains.census.definitions.codes import MEASURES
from shian.domains.census.models import CodeScan, CodeState, OperatorCode
from shian.domains.census.queries.codes import code_folder, scan_days, scan_totals
from shian.domains.census.rules.codes import ALPHABET, serial_in, signed_token
from shian.engine.measures.queries import figures
from shian.engine.measures.tests import factories
from shian.engine.measures.tests.factories import CITY, NORTH, SOUTH, TOWNS, make_operator
from shian.kernel.accounts.models import Role
from shian.kernel.events.bus import publish
from shian.kernel.imports.events import ImportAccepted
from shian.kernel.notary.models import Entry, Rows
from shian.kernel.notary.queries import row_path
from shian.kernel.notary.rules import uuid7
from shian.kernel.notary.tree import root_of
from shian.kernel.scope.models import OutOfReach
from shian.registers.operators.models import Operator

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 10, tzinfo=timezone.get_default_timezone())
DAY = date(2026, 11, 22)


@pytest.fixture
def home(settings, tmp_path):
    settings.SHIAN_HOME = tmp_path
    return tmp_path


@pytest.fixture
def operators(home):
    factories.make_areas()
    return [
        make_operator(1, town=TOWNS[0]),
        make_operator(2, town=TOWNS[1]),
        make_operator(3, town=TOWNS[2]),
        make_operator(4, town=TOWNS[0], closed_on=date(2022, 1, 1)),
        make_operator(5, town=TOWNS[0], opened_on=date(2027, 1, 1)),
    ]


@pytest.fixture
def office(operators):
    return factories.make_user("alice", Role.OFFICE, CITY)


@pytest.fixture
def county(operators):
    return factories.make_user("bob", Role.COUNTY, SOUTH)


def live(operator) -> OperatorCode:
    return OperatorCode.objects.exclude(state="revoked").get(operator=operator)


def test_everybody_who_is_not_closed_gets_one_code(operators):
    count = actions.issue_missing_codes(by="worker", at=AT)

    codes = OperatorCode.objects.order_by("operator__code")
    assert count == 4
    assert [code.operator.code for code in codes] == ["LF000001", "LF000002", "LF000003", "LF000005"]
    assert {(code.state, code.issued_by, code.issued_at, code.issued_on) for code in codes} == {
        ("active", "worker", AT, DAY)
    }
    assert len({code.serial for code in codes}) == 4
    assert all(len(code.serial) == 16 and set(code.serial) <= set(ALPHABET) for code in codes)


def test_second_run_issues_and_seals_nothing(operators):
    actions.issue_missing_codes(by="worker", at=AT)

    assert actions.issue_missing_codes(by="worker", at=AT + timedelta(hours=1)) == 0
    assert Entry.objects.filter(action="census.codes_issued").count() == 1


def test_newcomer_gets_the_one_code_that_is_missing(operators):
    actions.issue_missing_codes(by="worker", at=AT)
    newcomer = make_operator(9)

    assert actions.issue_missing_codes(by="worker", at=AT) == 1
    assert live(newcomer).state == CodeState.ACTIVE


def test_batch_is_sealed_by_the_root_over_its_codes(operators):
    actions.issue_missing_codes(by="worker", at=AT)

    entry = Entry.objects.get(action="census.codes_issued")
    codes = OperatorCode.objects.order_by("operator_id").select_related("operator")
    digests = [actions.code_digest(code.operator.code, code.serial) for code in codes]
    assert bytes(Rows.objects.get(entry_uid=entry.uid).digests) == b"".join(digests)
    assert (bytes(entry.rows_root), entry.rows_count) == root_of(digests)
    assert row_path(entry, 0)
    assert {code.seal for code in codes} == {entry.uid}


def test_issue_takes_few_statements_for_however_many(operators, django_assert_max_num_queries):
    for number in range(100, 400):
        make_operator(number)

    with django_assert_max_num_queries(8):
        assert actions.issue_missing_codes(by="worker", at=AT) == 304


def test_selection_is_cut_to_the_reach(operators, county):
    count = actions.issue_codes(operators=[each.code for each in operators], by=county, at=AT)

    assert count == 3
    assert set(OperatorCode.objects.values_list("operator__county", flat=True)) == {SOUTH}


def test_department_may_not_issue(operators):
    user = factories.make_user("dora", Role.DEPARTMENT, CITY)

    with pytest.raises(PermissionDenied):
        actions.issue_codes(operators=["LF000001"], by=user, at=AT)


def test_database_refuses_a_second_live_code(operators):
    actions.issue_missing_codes(by="worker", at=AT)
    code = live(operators[0])

    with pytest.raises(IntegrityError, match="census_code_one_live"), transaction.atomic():
        OperatorCode.objects.create(
            operator=operators[0], serial="0" * 16, seal=code.seal, issued_by="x", issued_at=AT, issued_on=DAY
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "revoked", "reason": "x"},
        {"state": "active", "ended_on": DAY},
        {"state": "suspended"},
        {"changed_by": "x"},
        {"changed_at": AT},
    ],
)
def test_database_refuses_states_that_cannot_be(operators, wrong):
    actions.issue_missing_codes(by="worker", at=AT)

    with pytest.raises(IntegrityError), transaction.atomic():
        OperatorCode.objects.filter(operator=operators[0]).update(**wrong)


def test_suspend_and_resume_keep_the_code_and_say_why(operators, office):
    actions.issue_missing_codes(by="worker", at=AT)

    code = actions.suspend_code(operator=operators[0], reason=" 核对证照 ", by=office, at=AT)
    assert (code.state, code.reason, code.changed_by, code.changed_at) == ("suspended", "核对证照", "alice", AT)
    code = actions.resume_code(operator=operators[0], reason="核对无误", by=office, at=AT)
    assert (code.state, code.reason, code.ended_on) == ("active", "", None)

    sealed = Entry.objects.filter(subject="operators.operator:LF000001").order_by("id")
    assert [(entry.action, entry.actor, entry.data) for entry in sealed] == [
        ("census.code_suspended", "alice", {"serial": code.serial, "reason": "核对证照"}),
        ("census.code_resumed", "alice", {"serial": code.serial, "reason": "核对无误"}),
    ]


def test_revoked_code_stays_revoked(operators, office):
    actions.issue_missing_codes(by="worker", at=AT)

    code = actions.revoke_code(operator=operators[0], reason="冒用", by=office, at=AT)

    assert (code.state, code.ended_on) == ("revoked", DAY)
    assert Entry.objects.filter(action="census.code_revoked").count() == 1
    for act in (actions.resume_code, actions.suspend_code, actions.revoke_code, actions.replace_code):
        with pytest.raises(actions.CodeRefused):
            act(operator=operators[0], reason="再来", by=office, at=AT)


def test_replacing_revokes_the_old_and_issues_a_new_one(operators, office):
    actions.issue_missing_codes(by="worker", at=AT)
    before = live(operators[0])

    new = actions.replace_code(operator=operators[0], reason="标签损坏", by=office, at=AT)

    before.refresh_from_db()
    assert (before.state, before.reason, before.ended_on) == ("revoked", "标签损坏", DAY)
    assert live(operators[0]) == new
    assert new.serial != before.serial
    entry = Entry.objects.get(action="census.code_replaced")
    assert new.seal == entry.uid
    assert entry.data == {"serial": new.serial, "before": before.serial, "reason": "标签损坏"}


def test_closed_operator_gets_no_replacement(operators, office):
    actions.issue_missing_codes(by="worker", at=AT)
    Operator.objects.filter(pk=operators[0].pk).update(closed_on=DAY)
    operators[0].refresh_from_db()

    with pytest.raises(actions.CodeRefused):
        actions.replace_code(operator=operators[0], reason="标签损坏", by=office, at=AT)


@pytest.mark.parametrize("reason", ["", "   "])
def test_nothing_changes_without_a_reason(operators, office, reason):
    actions.issue_missing_codes(by="worker", at=AT)

    with pytest.raises(actions.CodeRefused):
        actions.suspend_code(operator=operators[0], reason=reason, by=office, at=AT)
    assert live(operators[0]).state == CodeState.ACTIVE


def test_active_code_cannot_be_resumed(operators, office):
    actions.issue_missing_codes(by="worker", at=AT)

    with pytest.raises(actions.CodeRefused):
        actions.resume_code(operator=operators[0], reason="恢复", by=office, at=AT)


def test_county_has_no_hand_in_its_neighbour(operators, county):
    actions.issue_missing_codes(by="worker", at=AT)
    assert operators[2].county == NORTH

    with pytest.raises(OutOfReach):
        actions.revoke_code(operator=operators[2], reason="作废", by=county, at=AT)
    assert live(operators[2]).state == CodeState.ACTIVE


def test_operator_that_an_undone_import_takes_away_takes_its_codes_along(operators):
    actions.issue_missing_codes(by="worker", at=AT)
    actions.count_scan(code=live(operators[0]).pk, role="visitor", at=AT)

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM operators_operatorversion WHERE operator_id = %s", [operators[0].pk])
        cursor.execute("DELETE FROM operators_operator WHERE id = %s", [operators[0].pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    assert OperatorCode.objects.count() == 3
    assert CodeScan.objects.count() == 0


def test_database_refuses_a_code_of_nobody(operators):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError, match="census_code_operator"), transaction.atomic():
        OperatorCode.objects.create(
            operator_id=0, serial="0" * 16, seal=uuid7(), issued_by="x", issued_at=AT, issued_on=DAY
        )


def test_signing_key_is_made_once_and_readable_by_its_owner_only(home):
    first, second = actions.signing_key(), actions.signing_key()

    path = code_folder() / "001.key"
    assert first.verifier == second.verifier
    assert (path.stat().st_mode & 0o777, code_folder().stat().st_mode & 0o777) == (0o600, 0o700)
    assert [each.name for each in Path(code_folder()).iterdir()] == ["001.key"]
    token = signed_token("0" * 16, first)
    assert serial_in(token, [second.verifier]) == "0" * 16


def test_scans_are_counted_by_day_and_role(operators):
    actions.issue_missing_codes(by="worker", at=AT)
    code = live(operators[0])

    for role, at in (("visitor", AT), ("visitor", AT), ("staff", AT), ("visitor", AT + timedelta(days=1))):
        actions.count_scan(code=code.pk, role=role, at=at)

    assert set(CodeScan.objects.values_list("day", "role", "count")) == {
        (DAY, "visitor", 2),
        (DAY, "staff", 1),
        (date(2026, 11, 23), "visitor", 1),
    }
    assert scan_totals([code]) == {"visitor": 3, "staff": 1}
    assert [(each.day.day, each.visitors, each.staff) for each in scan_days([code])] == [(23, 1, 0), (22, 2, 1)]


def waiting_jobs() -> int:
    from procrastinate.contrib.django.models import ProcrastinateJob

    return ProcrastinateJob.objects.filter(task_name=actions.ISSUE, status="todo").count()


@pytest.mark.parametrize(("importer", "new", "jobs"), [("operators", 3, 1), ("operators", 0, 0), ("areas", 3, 0)])
def test_import_of_operators_asks_for_their_codes(home, importer, new, jobs):
    event = ImportAccepted(importer, 1, new, 0, "alice", AT)

    publish(event)
    publish(event)

    assert waiting_jobs() == jobs


def test_job_issues_what_is_missing(operators):
    from shian.domains.census.tasks import issue_codes

    issue_codes(by="alice")
    issue_codes(by="alice")

    assert OperatorCode.objects.count() == 4


def test_coverage_counts_codes_that_are_not_revoked_on_the_day(operators, office):
    key = MEASURES[0].key

    def coverage(day: date, area: str):
        return figures([key], as_of=day, area_prefix=CITY, areas=[area])[key][area]

    actions.issue_missing_codes(by="worker", at=AT)
    actions.suspend_code(operator=operators[0], reason="核对", by=office, at=AT)
    actions.revoke_code(operator=operators[2], reason="冒用", by=office, at=AT + timedelta(days=1))

    before, then, after = (coverage(DAY + timedelta(days=days), CITY) for days in (-1, 0, 1))
    assert [(each.part, each.whole) for each in (before, then, after)] == [(0, 3), (3, 3), (2, 3)]
    assert coverage(DAY, NORTH).value == 100
    assert coverage(DAY + timedelta(days=1), NORTH).value == 0
