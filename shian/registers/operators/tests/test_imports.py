"""Operators through the importer: what enters, what comes back, what stops."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from python_calamine import CalamineWorkbook

from shian.kernel.accounts.models import Role
from shian.kernel.files.actions import FileRefused
from shian.kernel.imports.actions import (
    BatchNotOpen,
    ImportSummary,
    Stated,
    accept_batch,
    accept_difference,
    check_batch,
    import_path,
    upload_file,
)
from shian.kernel.imports.models import BatchState, ImportBatch
from shian.kernel.imports.tests.files import csv_file
from shian.kernel.notary.models import Entry
from shian.registers.areas.tests.factories import AreaFactory
from shian.registers.operators.models import Operator, OperatorVersion
from shian.registers.operators.rules import is_uscc
from shian.registers.operators.tests.files import licence, operator, table, workbook
from shian.registers.people.tests.factories import reach_user

pytestmark = pytest.mark.django_db
DAY = date(2022, 11, 24)
WRONG_INSIDE = next(code for char in "0123456789ABCDEFGH" if is_uscc(code := f"91131022MA7ABCD30{char}"))


@pytest.fixture(autouse=True)
def divisions() -> None:
    AreaFactory(code="131000", level="city", name="廊坊市", kind="地级市")
    AreaFactory(code="131022", level="county", name="固安县")
    AreaFactory(code="131023", level="county", name="永清县")
    AreaFactory(code="131100", level="city", name="衡水市", kind="地级市")
    AreaFactory(code="131102", level="county", name="桃城区", kind="市辖区")
    for code, name in (
        ("131022100", "固安镇"),
        ("131022101", "宫村镇"),
        ("131023100", "永清镇"),
        ("131102100", "郑家河沿镇"),
    ):
        AreaFactory(code=code, level="township", name=name, kind="镇")


def bring(tmp_path: Path, rows: Sequence[dict[str, Any]], **terms: Any) -> ImportSummary:
    return send(workbook(tmp_path / "operators.xlsx", rows), **terms)


def send(path: Path, **terms: Any) -> ImportSummary:
    terms = {"by": "cli", "at": timezone.now(), "importer": "operators", "effective_on": DAY, **terms}
    return import_path(path=path, **terms)[0]


def problems(summary: ImportSummary, severity: str = "error") -> list[tuple[int, str, str]]:
    found = ImportBatch.objects.get(pk=summary.batch).problems.filter(severity=severity).order_by("row_no", "id")
    return [(each.row_no, each.column, each.reason) for each in found]


def upload(user: Any, listed: Sequence[dict[str, Any]], **stated: Any) -> ImportBatch:
    out = io.StringIO()
    csv.writer(out).writerows(table(listed))
    return upload_file(
        importer_key="operators", name="主体.csv", stream=io.BytesIO(out.getvalue().encode()),
        stated=Stated(DAY, **stated), by=user, at=timezone.now(),
    )[0]  # fmt: skip


def test_good_rows_enter_with_pinyin_area_columns_version_and_one_seal(tmp_path: Path) -> None:
    summary = bring(tmp_path, [operator(code="131022-1", employees="１２"), operator()])

    row = Operator.objects.get(code="131022-1")
    assert (summary.state, summary.new, summary.accepted, summary.rejected) == ("accepted", 2, 2, 0)
    assert (row.county, row.township, row.village, row.employees) == ("131022", "131022100", "", 12)
    assert row.name_pinyin == "gu an xin yuan bian li dian"
    assert row.initials == "gaxybld"
    assert row.source_batch == summary.batch
    version = OperatorVersion.objects.get(operator=row)
    assert (version.valid_from, version.valid_to, version.township) == (date(2020, 5, 1), None, "131022100")
    entry = Entry.objects.get(action="imports.accepted")
    assert entry.rows_count == 2
    assert ImportBatch.objects.get(pk=summary.batch).entry == entry.uid


def test_a_second_import_changes_nothing(tmp_path: Path) -> None:
    rows = [operator(area_m2="12.345", lon="116.1", lat="39.1"), operator()]
    bring(tmp_path, rows)
    before = list(Operator.objects.order_by("id").values())

    summary = bring(tmp_path, rows, again=True)

    assert (summary.state, summary.new, summary.changed, summary.same) == ("accepted", 0, 0, 2)
    assert list(Operator.objects.order_by("id").values()) == before


def test_columns_that_the_file_lacks_keep_their_values(tmp_path: Path) -> None:
    first = operator(phone="13800001234", address="旧址")
    bring(tmp_path, [first])

    summary = bring(tmp_path, [{**{k: v for k, v in first.items() if k not in {"phone", "size"}}, "address": "新址"}])

    row = Operator.objects.get()
    assert summary.changed == 1
    assert (row.address, row.phone, row.size) == ("新址", "13800001234", "微型")


def test_bad_rows_come_back_and_enter_once_corrected(tmp_path: Path) -> None:
    bad = operator(code="131022-9", employees="三人", opened_on="2022-02-30", address="=1+1")
    summary = bring(tmp_path, [operator(), bad])

    assert (summary.accepted, summary.rejected) == (1, 1)
    returned = Path(summary.workbook)
    rows = CalamineWorkbook.from_path(str(returned)).get_sheet_by_index(0).to_python()
    assert rows[0][0] == "行号"
    assert rows[0][-3:] == ["问题列", "问题", "处理办法"]
    assert rows[1][0] == 3
    assert rows[1][rows[0].index("从业人数")] == "三人"
    assert rows[1][rows[0].index("地址")] == "=1+1"
    assert "从业人数" in rows[1][-3]

    rows[1][rows[0].index("从业人数")] = "3"
    rows[1][rows[0].index("开业日期")] = 44593.0
    corrected = tmp_path / "corrected.xlsx"
    with xlsxwriter.Workbook(str(corrected), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    again = import_path(path=corrected, by="cli", at=timezone.now(), importer="operators", effective_on=DAY)[0]

    assert (again.accepted, again.rejected) == (1, 0)
    row = Operator.objects.get(code="131022-9")
    assert (row.opened_on, row.address) == (date(2022, 2, 1), "=1+1")


def test_the_newest_content_sent_again_is_said_to_be_in_already(tmp_path: Path) -> None:
    first = csv_file(tmp_path / "1.csv", table([operator(code="131022-1")]))
    second = csv_file(tmp_path / "2.csv", table([operator(code="131022-1", address="新址")]))
    brought = send(first)

    again = send(first)
    assert (again.state, again.batch, ImportBatch.objects.count()) == ("unchanged", brought.batch, 1)
    assert f"批次 {brought.batch}" in again.note

    send(second)
    back = send(first)
    assert (back.state, back.changed) == ("accepted", 1)


def test_content_of_which_rows_came_back_is_judged_again(tmp_path: Path) -> None:
    rows = [operator(), operator(host_code="131022-MARKET")]
    path = csv_file(tmp_path / "1.csv", table(rows))
    assert send(path).rejected == 1

    assert send(path).state == "accepted"


def test_duplicates_inside_the_file_name_each_other(tmp_path: Path) -> None:
    twice = operator(code="131022-1")
    summary = bring(tmp_path, [twice, operator(), {**twice, "licence_no": licence()}])

    found = problems(summary)
    assert [(row, column) for row, column, _reason in found] == [(2, "主体编号"), (4, "主体编号")]
    assert "第 2、4 行" in found[0][2]
    assert summary.accepted == 1


def test_one_licence_belongs_to_one_open_operator(tmp_path: Path) -> None:
    number = licence()
    closed = operator(licence_no=number, closed_on="2021-01-01")
    inside = bring(tmp_path, [closed, operator(licence_no=number), operator(licence_no=licence())])
    assert inside.accepted == 3

    same = licence()
    summary = bring(tmp_path, [operator(licence_no=number), operator(licence_no=same), operator(licence_no=same)])

    reasons = [reason for _row, _column, reason in problems(summary)]
    assert summary.accepted == 0
    assert any("已属于在册主体" in reason for reason in reasons)
    assert sum("证照编号与第 3、4 行相同" in reason for reason in reasons) == 2


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"uscc": "91131002MA7ABCD39X"}, "统一社会信用代码", "校验不符"),
        ({"uscc": "131000200000123"}, "统一社会信用代码", "15 位旧注册号"),
        ({"uscc": 911310020000001231}, "统一社会信用代码", "超过 15 位"),
        ({"licence_no": "JY13301080111718"}, "证照编号", "校验位"),
        ({"licence_kind": "YB"}, "证照编号", "与证照类型不符"),
        ({"licence_kind": "无"}, "证照编号", "证照类型却为"),
        ({"licence_no": ""}, "证照编号", "没有证照编号"),
        ({"kind": "三小"}, "三小类别", "须填写三小类别"),
        ({"small_kind": "小餐饮"}, "三小类别", "非三小"),
        ({"format": "飞船"}, "业态", "不在可选范围"),
        ({"area_code": "131022999"}, "所在区划", "没有这个区划代码"),
        ({"area_code": "139999"}, "所在区划", "没有这个区划代码"),
        ({"area_code": "131022"}, "所在区划", "只到县级"),
        ({"closed_on": "2019-01-01"}, "注销日期", "早于开始日期"),
        ({"lon": "116.3"}, "纬度", "须同时填写"),
        ({"lon": "999", "lat": "39"}, "经度", "大于上限"),
        ({"employees": "-1"}, "从业人数", "小于下限"),
        ({"host_code": "nobody"}, "所在市场编号", "没有这个"),
        ({"name": ""}, "名称", "必填项为空"),
        ({"name": "长" * 121}, "名称", "超过 120 个字"),
    ],
)
def test_each_error_is_named_and_keeps_the_row_out(
    tmp_path: Path, changes: dict[str, Any], column: str, reason: str
) -> None:
    summary = bring(tmp_path, [operator(), operator(**changes)])

    assert (summary.accepted, summary.rejected) == (1, 1)
    row, culprit, why = problems(summary)[0]
    assert (row, culprit) == (3, column)
    assert reason in why


def test_an_unknown_division_has_one_remedy_and_is_not_blamed_for_its_reach(tmp_path: Path) -> None:
    county = reach_user("carol", "131022", Role.COUNTY)
    batch = upload(county, [operator(area_code=code) for code in ("139999", "139999001", "131023100")])
    check_batch(batch=batch, at=timezone.now())

    told = [(each.row_no, each.reason) for each in batch.problems.order_by("row_no", "id")]
    unknown, outside = "没有这个区划代码", "该行所属区划不在您的管辖范围内"
    assert told == [(2, unknown), (3, unknown), (4, outside)]
    assert "9 位乡级" in batch.problems.get(row_no=3).remedy


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"phone": "12345"}, "不像电话"),
        ({"opened_on": "2090-01-01"}, "在今天之后"),
        ({"kind": "餐饮服务"}, "业态通常属于"),
        ({"uscc": WRONG_INSIDE}, "主体标识码"),
    ],
)
def test_warnings_let_the_row_in(tmp_path: Path, changes: dict[str, Any], reason: str) -> None:
    summary = bring(tmp_path, [operator(**changes)])

    assert (summary.accepted, summary.rejected) == (1, 0)
    assert any(reason in why for _row, _column, why in problems(summary, "warning"))


def test_an_ended_township_is_refused_with_its_successor(tmp_path: Path) -> None:
    AreaFactory(
        code="131022201", level="township", name="彭村乡", kind="乡",
        valid_to=date(2021, 1, 1), successor_code="131022100",
    )  # fmt: skip
    closed = operator(area_code="131022201", closed_on="2020-12-01")

    summary = bring(tmp_path, [operator(area_code="131022201"), closed])

    assert summary.accepted == 1
    assert "彭村乡 2000-01-01—2021-01-01 → 131022100" in problems(summary)[0][2]


def test_a_stall_whose_market_is_wrong_stays_out_with_it(tmp_path: Path) -> None:
    market = operator(code="M1", kind="农贸市场", format="农贸市场", licence_kind="无", licence_no="", employees="many")
    good = operator(code="M2", kind="农贸市场", format="农贸市场", licence_kind="无", licence_no="")

    summary = bring(tmp_path, [market, good, operator(host_code="M1"), operator(host_code="m2")])

    assert (summary.accepted, summary.rejected) == (2, 2)
    assert "那一行有误" in problems(summary)[-1][2]


def test_a_missed_total_stops_everything_until_a_named_user_accepts_it() -> None:
    user = reach_user("zhang", "131022")
    batch = upload(user, [operator(), operator(employees="x")], rows=3, sums={"从业人数": "9"})

    check_batch(batch=batch, at=timezone.now())
    assert batch.state == BatchState.STOPPED
    assert batch.totals == [
        {"field": "", "stated": "3", "found": "1", "difference": "-2"},
        {"field": "employees", "stated": "9", "found": "3", "difference": "-6"},
    ]
    accept_batch(batch=batch, by="zhang", at=timezone.now())
    assert (batch.state, Operator.objects.count()) == (BatchState.STOPPED, 0)

    accept_difference(batch=batch, reason="来文总数含已注销主体", by=user, at=timezone.now())
    accept_batch(batch=batch, by="zhang", at=timezone.now())

    assert (batch.state, Operator.objects.count()) == (BatchState.ACCEPTED, 1)
    entry = Entry.objects.get(action="imports.accepted")
    assert entry.data["difference"] == {"by": "zhang", "reason": "来文总数含已注销主体"}


def test_a_difference_needs_a_reason_and_a_stopped_batch() -> None:
    user = reach_user("zhang", "131022")
    batch = upload(user, [operator()], rows=2)
    with pytest.raises(BatchNotOpen):
        accept_difference(batch=batch, reason="早了", by=user, at=timezone.now())

    check_batch(batch=batch, at=timezone.now())
    with pytest.raises(ValueError, match="理由"):
        accept_difference(batch=batch, reason="  ", by=user, at=timezone.now())


def test_a_county_imports_its_own_rows_only() -> None:
    user = reach_user("zhang", "131022")
    rows = [
        operator(),
        operator(area_code="131023100"),
        operator(area_code="131102100"),
        operator(area_code="131022101"),
    ]
    batch = upload(user, rows)

    accept_batch(batch=batch, by="zhang", at=timezone.now())

    assert (batch.rows_good, batch.rows_bad) == (2, 2)
    assert set(Operator.objects.values_list("county", flat=True)) == {"131022"}
    assert {p.reason for p in batch.problems.all()} == {"该行所属区划不在您的管辖范围内"}


def test_a_city_does_not_reach_the_next_city_whose_code_begins_alike() -> None:
    user = reach_user("li", "131000", Role.OFFICE)
    batch = upload(user, [operator(), operator(area_code="131102100")])

    accept_batch(batch=batch, by="li", at=timezone.now())

    assert set(Operator.objects.values_list("city", flat=True)) == {"1310"}


def test_a_township_user_does_not_reach_the_sister_township() -> None:
    user = reach_user("wang", "131022100")
    batch = upload(user, [operator(), operator(area_code="131022101")])

    accept_batch(batch=batch, by="wang", at=timezone.now())

    assert (batch.rows_good, batch.rows_bad) == (1, 1)


def test_a_county_cannot_take_over_another_countys_operator(tmp_path: Path) -> None:
    bring(tmp_path, [operator(code="131023-1", area_code="131023100")])
    batch = upload(reach_user("zhang", "131022"), [operator(code="131023-1"), operator()])

    accept_batch(batch=batch, by="zhang", at=timezone.now())

    assert Operator.objects.get(code="131023-1").county == "131023"
    assert (batch.rows_good, batch.rows_bad) == (1, 1)


def test_stations_do_not_import_and_counties_do_not_import_organisations() -> None:
    station = reach_user("station", "131022100", Role.STATION)
    with pytest.raises(PermissionDenied):
        upload(station, [operator()])
    with pytest.raises(PermissionDenied):
        upload_file(
            importer_key="organisations", name="a.csv", stream=io.BytesIO(b"x"),
            stated=Stated(DAY), by=reach_user("zhang", "131022"), at=timezone.now(),
        )  # fmt: skip


def test_an_error_while_writing_leaves_nothing_and_the_batch_can_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from shian.kernel.imports import runs

    batch = upload(reach_user("zhang", "131022"), [operator(), operator()])
    real = runs.write_rows

    def break_after_writing(run: Any) -> None:
        real(run)
        raise MemoryError("killed")

    monkeypatch.setattr(runs, "write_rows", break_after_writing)
    with pytest.raises(MemoryError):
        accept_batch(batch=batch, by="zhang", at=timezone.now())
    batch.refresh_from_db()
    assert (Operator.objects.count(), OperatorVersion.objects.count()) == (0, 0)
    assert (batch.state, batch.work) == (BatchState.FAILED, "")
    assert not Entry.objects.filter(action="imports.accepted").exists()

    monkeypatch.undo()
    accept_batch(batch=batch, by="zhang", at=timezone.now())
    assert (batch.state, Operator.objects.count()) == (BatchState.ACCEPTED, 2)


def test_an_accepted_batch_is_accepted_once() -> None:
    batch = upload(reach_user("zhang", "131022"), [operator()])
    accept_batch(batch=batch, by="zhang", at=timezone.now())

    with pytest.raises(BatchNotOpen):
        accept_batch(batch=batch, by="zhang", at=timezone.now())


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("主体.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 64, "不是可接受的格式"),
        ("主体.xls", b"\xd0\xcf\x11\xe0" + b"0" * 64, "旧版 Excel"),
        ("主体.csv", b"", "不是可接受的格式"),
    ],
)
def test_wrong_kinds_of_files_are_refused_in_words(name: str, content: bytes, message: str) -> None:
    with pytest.raises(FileRefused, match=message):
        upload_file(
            importer_key="operators", name=name, stream=io.BytesIO(content),
            stated=Stated(DAY), by=reach_user("zhang", "131022"), at=timezone.now(),
        )  # fmt: skip


def test_headings_without_rows_fail_in_words() -> None:
    header_only = table([operator()])[:1]
    out = io.StringIO()
    csv.writer(out).writerows(header_only)
    batch = upload_file(
        importer_key="operators", name="主体.csv", stream=io.BytesIO(out.getvalue().encode()),
        stated=Stated(DAY), by=reach_user("li", "131022"), at=timezone.now(),
    )[0]  # fmt: skip

    check_batch(batch=batch, at=timezone.now())

    assert batch.state == BatchState.FAILED
    assert "没有数据行" in batch.error


def test_the_number_of_statements_does_not_grow_with_the_file(
    tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    def statements(rows: int) -> int:
        with django_assert_max_num_queries(98) as context:
            bring(tmp_path, [operator() for _ in range(rows)])
        return len(context)

    statements(1)  # who listens to imports has asked for its job by now

    assert statements(2) == statements(300)
