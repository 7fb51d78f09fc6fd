"""From the snapshot of a report to its receipt, and what a later correction of the registers shows."""

import threading
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from python_calamine import CalamineWorkbook

from shian.engine.exchange import actions
from shian.engine.exchange.actions import BatchRefused
from shian.engine.exchange.models import ReportBatch, ReportRow, ReportState, SystemImport
from shian.engine.exchange.queries import compare, system_states
from shian.engine.exchange.tasks import work
from shian.engine.measures.tests.factories import AS_OF, make_area, make_operator
from shian.kernel.accounts.models import Role, User
from shian.kernel.files.queries import path_of
from shian.kernel.notary.models import Entry
from shian.kernel.scope.models import OutOfReach
from shian.registers.operators.models import Operator, OperatorVersion
from shian.registers.people.tests.factories import reach_user

pytestmark = pytest.mark.django_db
AT = datetime(2022, 12, 1, 4, 0, tzinfo=UTC)
TODAY = date(2022, 12, 1)
KEY = "duty_operators"


@pytest.fixture
def office() -> User:
    for key in ("13", "1310", "131002", "131022", "131002001", "131022100"):
        make_area(key)
    for number, town in enumerate(("131002001", "131002001", "131022100")):
        make_operator(number, town=town, kind="餐饮服务", stage="餐饮", name=f"饭店{number}")
    return reach_user("alice", "131000", Role.OFFICE)


def taken(office: User, **more: Any) -> ReportBatch:
    asked = actions.ask_report(key=KEY, area="131000", as_of=AS_OF, by=office, at=AT, **more)
    return actions.take_report(number=asked.pk, at=AT)


def sent(office: User) -> ReportBatch:
    batch = actions.check_report(batch=taken(office), by=office, at=AT, reason="")
    actions.send_report(batch=batch, by=office, at=AT)
    return actions.write_report(number=batch.pk, at=AT)


def totals(batch: ReportBatch) -> dict[str, str]:
    return {each["title"]: each["value"] for each in batch.totals}


def test_a_snapshot_holds_the_rows_of_the_day_in_the_receivers_codes(office: User) -> None:
    batch = taken(office)

    names = [each["name"] for each in batch.columns]
    rows = [dict(zip(names, row.values, strict=True)) for row in batch.rows.order_by("key")]
    assert [(row["ZTMC"], row["ZTLB"]) for row in rows] == [("饭店0", "30"), ("饭店1", "30"), ("饭店2", "30")]
    assert totals(batch) == {"行数": "3", "餐饮服务": "3"}
    entry = Entry.objects.get(action="exchange.taken")
    assert (entry.rows_count, entry.data["rows"]) == (3, 3)


def test_a_missing_field_is_listed_with_its_remedy_and_wants_a_reason(office: User) -> None:
    Operator.objects.filter(name="饭店0").update(address="")
    batch = taken(office)

    row = ReportRow.objects.exclude(problems=[]).get()
    assert row.problems == [{"column": "经营地址", "reason": "缺少经营地址", "remedy": "在主体名录中补录地址"}]
    with pytest.raises(BatchRefused, match="1 行有缺项"):
        actions.check_report(batch=batch, by=office, at=AT)
    assert actions.check_report(batch=batch, by=office, at=AT, reason="新办").gaps_reason == "新办"


def test_a_word_without_a_code_is_a_problem(office: User) -> None:
    OperatorVersion.objects.filter(operator__name="饭店0").update(kind="外星餐馆")
    batch = taken(office)

    assert "没有对应的代码" in ReportRow.objects.exclude(problems=[]).get().problems[0]["reason"]
    assert batch.problem_rows == 1


def test_a_sent_batch_has_a_file_with_the_frozen_rows_and_is_sealed(office: User) -> None:
    batch = sent(office)

    assert batch.file is not None
    lines = CalamineWorkbook.from_path(str(path_of(batch.file.sha256))).get_sheet_by_index(0).to_python()
    assert lines[0][0] == "主体编号"
    assert len(lines) == 4
    assert Entry.objects.get(action="exchange.sent").data["file"] == batch.file.sha256


def test_a_long_report_states_to_whom_it_goes(office: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shian.engine.ledgers.exports.REASON_ABOVE", 0)
    batch = sent(office)

    assert batch.file is not None
    book = CalamineWorkbook.from_path(str(path_of(batch.file.sha256)))
    facts = [line for name in book.sheet_names[1:] for line in book.get_sheet_by_name(name).to_python()]
    assert any("报送：国家市场监督管理总局包保责任数据报送" in str(cell) for line in facts for cell in line)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE exchange_reportrow SET values = '[]'",
        "DELETE FROM exchange_reportrow",
        "UPDATE exchange_reportbatch SET as_of = as_of + 1",
        "UPDATE exchange_reportbatch SET totals = '[]'",
        "UPDATE exchange_reportbatch SET sent_by = 'mallory'",
        "DELETE FROM exchange_reportbatch",
    ],
)
def test_the_database_refuses_to_change_a_sent_batch(sql: str, office: User) -> None:
    batch = sent(office)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    batch.refresh_from_db()
    assert (batch.as_of, batch.rows.count()) == (AS_OF, 3)


def test_totals_then_and_now_differ_by_the_rows_that_are_named(office: User) -> None:
    batch = sent(office)
    Operator.objects.filter(name="饭店0").update(address="新址")
    OperatorVersion.objects.filter(operator__name="饭店1").delete()
    make_operator(9, town="131022100", kind="餐饮服务", stage="餐饮", name="补录的饭店")

    found = compare(batch, TODAY)

    assert [(each.kind, each.key) for each in found.differences] == [
        ("added", "LF000009"), ("changed", "LF000000"), ("gone", "LF000001"),
    ]  # fmt: skip
    assert {(each.title, each.then, each.again) for each in found.totals} == {
        ("行数", "3", "3"),
        ("餐饮服务", "3", "3"),
    }


def test_a_receipt_closes_and_a_return_is_corrected_by_a_new_batch(office: User) -> None:
    first = sent(office)
    with pytest.raises(BatchRefused):
        actions.accept_report(batch=first, receipt_no=" ", by=office, at=AT)
    returned = actions.return_report(batch=first, errors="缺规模", by=office, at=AT)
    second = taken(office, corrects=returned)

    assert (returned.state, second.corrects_id) == (ReportState.RETURNED, first.pk)
    with pytest.raises(BatchRefused, match="已退回"):
        actions.accept_report(batch=first, receipt_no="H-1", by=office, at=AT)
    actions.send_report(batch=actions.check_report(batch=second, by=office, at=AT), by=office, at=AT)
    done = actions.write_report(number=second.pk, at=AT)
    assert actions.accept_report(batch=done, receipt_no="H-2", by=office, at=AT).state == ReportState.ACCEPTED


def test_a_step_out_of_order_is_refused(office: User) -> None:
    batch = taken(office)

    with pytest.raises(BatchRefused):
        actions.send_report(batch=batch, by=office, at=AT)


def test_a_report_by_area_counts_and_sums(office: User) -> None:
    asked = actions.ask_report(key="county_counts", area="131000", as_of=AS_OF, by=office, at=AT)
    batch = actions.take_report(number=asked.pk, at=AT)

    assert {row.key: row.values[2] for row in batch.rows.all()} == {"131002": "2", "131022": "1"}
    assert totals(batch)["主体总数"] == "3"


def test_reach_role_and_day_are_held(office: User) -> None:
    county = reach_user("bob", "131022", Role.COUNTY)
    with pytest.raises(OutOfReach):
        actions.ask_report(key=KEY, area="131000", as_of=AS_OF, by=county, at=AT)
    with pytest.raises(PermissionDenied):
        actions.ask_report(key=KEY, area="131022", as_of=AS_OF, by=reach_user("carol", "131022", Role.STATION), at=AT)
    with pytest.raises(BatchRefused, match="还没有到"):
        actions.ask_report(key=KEY, area="131000", as_of=date(2023, 1, 1), by=office, at=AT)
    own = actions.ask_report(key=KEY, area="131022", as_of=AS_OF, by=county, at=AT)
    assert actions.take_report(number=own.pk, at=AT).rows_count == 1


def test_what_is_asked_for_waits_for_the_worker_and_tells_how_far_it_is(office: User, client: Any) -> None:
    client.force_login(office)
    asked = actions.ask_report(key=KEY, area="131000", as_of=AS_OF, by=office, at=AT)
    url = reverse("exchange:batch_detail", args=[asked.pk])

    assert (asked.state, asked.work, ReportRow.objects.count()) == ("asked", "take", 0)
    assert 'hx-trigger="every 1s"' in client.get(url).content.decode()
    assert client.get(reverse("exchange:batch_rows", args=[asked.pk])).status_code == 404
    with pytest.raises(BatchRefused, match="正在处理"):
        actions.check_report(batch=asked, by=office, at=AT)
    work(asked.pk)
    assert client.get(url, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert 'hx-trigger="every 1s"' not in client.get(url).content.decode()


def test_progress_counts_the_rows(office: User, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, str]] = []
    monkeypatch.setattr(actions, "AT_ONCE", 1)
    monkeypatch.setattr(actions, "_tell", lambda _number, percent, step: told.append((percent, step)))
    taken(office)

    assert told == [(0, "准备"), (26, "已取 1 行"), (53, "已取 2 行"), (80, "已取 3 行")]


class Killed(BaseException):
    """The worker is gone: nothing that it would do afterwards happens."""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_it_freezes_leaves_nothing_and_the_next_one_takes_it_once(
    office: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = actions.ask_report(key=KEY, area="131000", as_of=AS_OF, by=office, at=AT)
    with monkeypatch.context() as patched:
        patched.setattr(actions, "seal_batch", lambda **_more: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            work(asked.pk)
    asked.refresh_from_db()
    assert (asked.state, asked.rows_count, ReportRow.objects.count()) == ("asked", 0, 0)

    work(asked.pk)
    work(asked.pk)
    asked.refresh_from_db()
    assert (asked.state, asked.work, asked.rows_count, ReportRow.objects.count()) == ("taken", "", 3, 3)
    assert Entry.objects.filter(action="exchange.taken").count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_freeze_the_rows_once(office: User) -> None:
    asked = actions.ask_report(key=KEY, area="131000", as_of=AS_OF, by=office, at=AT)
    start, errors = threading.Barrier(2), []

    def one() -> None:
        try:
            start.wait(timeout=10)
            work(asked.pk)
        except BaseException as error:  # noqa: BLE001 - a thread tells its test what went wrong
            errors.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=one) for _worker in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert errors == []
    assert ReportRow.objects.filter(batch=asked).count() == 3
    assert Entry.objects.filter(action="exchange.taken").count() == 1


def test_a_day_without_rows_fails_and_says_why(office: User, client: Any) -> None:
    client.force_login(office)
    asked = actions.ask_report(key=KEY, area="131022", as_of=date(1999, 1, 1), by=office, at=AT)
    work(asked.pk)

    asked.refresh_from_db()
    assert (asked.state, asked.work) == ("failed", "")
    page = client.get(reverse("exchange:batch_detail", args=[asked.pk])).content.decode()
    assert "没有可以报送的数据" in page
    assert Entry.objects.get(action="exchange.failed").data["reason"] == asked.fault


def test_a_file_that_could_not_be_written_may_be_sent_again(office: User, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = actions.check_report(batch=taken(office), by=office, at=AT)
    actions.send_report(batch=batch, by=office, at=AT)
    with monkeypatch.context() as patched:
        patched.setattr(actions, "make_export", lambda **_more: (_ for _ in ()).throw(OSError("disk full")))
        with pytest.raises(OSError, match="disk full"):
            work(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.work) == ("checked", "")
    assert "disk full" in batch.fault

    actions.send_report(batch=batch, by=office, at=AT)
    work(batch.pk)
    work(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.fault) == ("sent", "")
    assert Entry.objects.filter(action="exchange.sent").count() == 1


def test_pages_walk_from_snapshot_to_receipt(office: User, client: Any) -> None:
    client.force_login(office)
    told = {"report": KEY, "area": "131000", "as_of": AS_OF.isoformat()}
    url = client.post(reverse("exchange:batch_create"), told)["Location"]
    batch = ReportBatch.objects.get()
    work(batch.pk)

    client.post(reverse("exchange:batch_check", args=[batch.pk]))
    client.post(reverse("exchange:batch_send", args=[batch.pk]))
    work(batch.pk)
    client.post(reverse("exchange:batch_accept", args=[batch.pk]), {"text": "总局-0001"})
    page = client.get(url).content.decode()
    rows = client.get(reverse("exchange:batch_rows", args=[batch.pk])).content.decode()
    listed = client.get(reverse("exchange:batch_list")).content.decode()
    file = b"".join(client.get(reverse("exchange:batch_download", args=[batch.pk])).streaming_content)

    assert "总局-0001" in page
    assert "没有差异" in rows
    assert "总局-0001" in listed
    assert file.startswith(b"PK")


def test_every_system_says_file_only_on_its_page_and_in_the_list(office: User, client: Any) -> None:
    client.force_login(office)
    listed = client.get(reverse("exchange:system_list")).content.decode()

    assert listed.count("仅文件</span>") == len(system_states(office))
    for state in system_states(office):
        page = client.get(reverse("exchange:system_detail", args=[state.system.key])).content.decode()
        assert "没有与该系统联网" in page


def test_a_file_imported_for_a_system_is_its_last_batch(office: User, client: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client.force_login(office)
    text = (
        "区划代码,月份,统计截止日期,接收件数,办结件数\n131002,2022-10,2022-10-31,12,13\n131022,2022-10,2022-10-31,8,8\n"
    )
    upload = SimpleUploadedFile("12315.csv", text.encode())
    told = {"importer": "ledger.hotline_counts", "file": upload, "effective_on": "2022-11-01"}
    answer = client.post(reverse("exchange:system_import", args=["national_12315"]), told)

    tied = SystemImport.objects.get()
    assert answer["Location"] == reverse("imports:batch_detail", args=[tied.batch_id])
    state = next(each for each in system_states(office) if each.system.key == "national_12315")
    assert (state.rows, state.errors, state.is_import) == (2, 1, True)
    assert "12315.csv" in client.get(reverse("exchange:system_detail", args=["national_12315"])).content.decode()
    assert Entry.objects.get(action="exchange.imported").data["system"] == "national_12315"


def test_an_importer_of_another_system_is_refused(office: User, client: Any) -> None:
    client.force_login(office)
    answer = client.post(
        reverse("exchange:system_import", args=["national_12315"]),
        {"importer": "operators", "effective_on": "2022-11-01"},
    )

    assert answer.status_code == 200
    assert SystemImport.objects.count() == 0
