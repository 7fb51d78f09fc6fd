"""The pages: upload, look, reconcile, accept, take the bad rows home."""

import io
import json
import zipfile
from collections.abc import Sequence
from typing import Any

import pytest
import xlsxwriter
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from shian.kernel.accounts.models import Role, User
from shian.kernel.imports.actions import batches
from shian.kernel.imports.models import BatchState, ImportBatch, ImportProblem, Work
from shian.kernel.imports.tests.files import csv_bytes
from shian.kernel.notary.models import Entry

pytestmark = pytest.mark.django_db
HEAD = ["品类编码", "名称", "上级编码", "产品范围", "备注"]
VERBS = ("accept", "check", "match", "cancel", "bad_rows")
GOOD, BAD = ["A", "蔬菜", "", "食用农产品", ""], ["B", "糕点", "", "点心", ""]


@pytest.fixture
def office(client: Client) -> Client:
    client.force_login(User.objects.create(username="alice", role=Role.OFFICE))
    return client


def products() -> int:
    return apps.get_model("products", "Product").objects.count()


def upload(client: Client, content: bytes, name: str = "品类.csv", **more: Any) -> Any:
    fields = {"importer": "products", "effective_on": "2022-11-24", **more}
    return client.post(reverse("imports:batch_create"), {**fields, "file": SimpleUploadedFile(name, content)})


def uploaded(client: Client, rows: Sequence[Sequence[str]], **more: Any) -> ImportBatch:
    answer = upload(client, csv_bytes([HEAD, *rows]), **more)
    assert answer.status_code == 302, answer.content.decode()
    return ImportBatch.objects.latest("id")


def act(client: Client, batch: ImportBatch, verb: str, **data: str) -> Any:
    return client.post(reverse(f"imports:batch_{verb}", args=[batch.pk]), data)


def page(client: Client, batch: ImportBatch) -> str:
    answer = client.get(reverse("imports:batch_detail", args=[batch.pk]))
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_an_upload_is_checked_but_nothing_enters_until_it_is_accepted(office: Client) -> None:
    batch = uploaded(office, [GOOD, BAD])

    text = page(office, batch)
    assert (batch.state, batch.rows_new, batch.rows_bad, products()) == (BatchState.CHECKED, 1, 1, 0)
    assert [(p.row_no, p.column, p.value) for p in ImportProblem.objects.all()] == [(3, "产品范围", "点心")]
    for shown in ("不在可选范围内", "点心", "备注", "未使用", "将新增 1 行", "前几行"):
        assert shown in text

    act(office, batch, "accept")
    batch.refresh_from_db()
    assert (batch.state, batch.finished_by, products()) == (BatchState.ACCEPTED, "alice", 1)
    assert "已接收" in page(office, batch)
    assert Entry.objects.get(action="imports.accepted").actor == "alice"


def test_a_missed_total_shows_stated_found_and_difference_and_wants_a_reason(office: Client) -> None:
    batch = uploaded(office, [GOOD], expected_rows="3")

    text = page(office, batch)
    assert batch.state == BatchState.STOPPED
    assert "合计不符" in text
    assert "-2" in text
    assert reverse("imports:batch_accept", args=[batch.pk]) not in text

    refused = act(office, batch, "accept_difference", reason="")
    assert refused.status_code == 200
    assert not Entry.objects.filter(action="imports.difference_accepted").exists()

    act(office, batch, "accept_difference", reason="两类本年度停用")
    act(office, batch, "accept")
    batch.refresh_from_db()
    assert (batch.state, batch.difference_by, products()) == (BatchState.ACCEPTED, "alice", 1)
    assert "两类本年度停用" in page(office, batch)


def test_a_batch_without_a_good_row_offers_its_bad_rows_and_the_way_out(office: Client) -> None:
    batch = uploaded(office, [BAD])

    text = page(office, batch)
    offered = {verb: reverse(f"imports:batch_{verb}", args=[batch.pk]) in text for verb in VERBS}
    assert batch.state == BatchState.FAILED
    assert "没有可以接收的数据" in text
    assert "待接收" not in text
    assert offered == {"accept": False, "check": False, "match": False, "cancel": True, "bad_rows": True}

    act(office, batch, "accept")
    assert products() == 0


def test_the_newest_content_again_is_taken_on_a_word_of_its_own_only(office: Client) -> None:
    first = uploaded(office, [GOOD])
    act(office, first, "accept")
    second = uploaded(office, [GOOD])

    text = page(office, second)
    assert "与上一批相同" in text
    assert f"批次 {first.pk}（品类.csv" in text
    assert "仍然接收" in text

    act(office, second, "accept")
    second.refresh_from_db()
    assert second.state == BatchState.CHECKED

    act(office, second, "accept", again="1")
    second.refresh_from_db()
    assert (second.state, second.rows_same) == (BatchState.ACCEPTED, 1)


def test_bad_rows_go_home_as_a_workbook(office: Client) -> None:
    batch = uploaded(office, [GOOD, BAD])

    answer = office.get(reverse("imports:batch_bad_rows", args=[batch.pk]))

    content = b"".join(answer.streaming_content)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[0] == ["行号", *HEAD, "问题列", "问题", "处理办法"]
    assert rows[1][:5] == [3.0, "B", "糕点", "", "点心"]


def test_a_formula_without_result_is_reported_once_and_answers_are_shown_as_words(office: Client) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["单位编码", "单位名称", "单位类别", "所在区划", "创建部门", "成立日期"])
        sheet.write_row(1, 0, ["U1", "甲局", "政府部门", "131000", "是", "2019-01-01"])
        sheet.write_formula("D2", '="13"&"1000"', None, "")

    upload(office, out.getvalue(), "单位.xlsx", importer="organisations")

    batch = ImportBatch.objects.get()
    assert [(p.column, p.reason) for p in batch.problems.filter(column="所在区划")] == [
        ("所在区划", "单元格 D2 是公式，但文件中没有计算结果")
    ]
    text = page(office, batch)
    assert "前几行" in text
    assert ">true<" not in text


def test_a_template_can_be_filled_and_sent_back(office: Client) -> None:
    answer = office.get(reverse("imports:template_download", args=["products"]))

    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.get_sheet_by_index(0).to_python()[0] == HEAD[:4]
    assert "食用农产品" in str(book.get_sheet_by_index(1).to_python())


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("品类.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 64, "不是可接受的格式"),
        ("品类.xls", b"\xd0\xcf\x11\xe0" + b"0" * 64, "请在 Excel 中另存为 .xlsx"),
        ("品类.zip", b"PK\x05\x06" + b"\0" * 18, "不是可接受的格式"),
    ],
)
def test_a_wrong_file_is_refused_on_the_form(office: Client, name: str, content: bytes, message: str) -> None:
    answer = upload(office, content, name)

    assert answer.status_code == 200
    assert message in answer.content.decode()
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (csv_bytes([["编号", "名称"], ["1", "x"]]), "缺少必需的列"),
        (csv_bytes([HEAD]), "没有数据行"),
        (b"<html></html>", "网页"),
    ],
)
def test_an_unusable_file_says_why_on_its_page(office: Client, content: bytes, message: str) -> None:
    upload(office, content)

    batch = ImportBatch.objects.get()
    assert batch.state == BatchState.FAILED
    assert message in page(office, batch)


@pytest.mark.parametrize(
    ("sums", "message"), [("随便写", "看不懂"), ("名称=3", "不是可以合计的列"), ("没有的列=3", "不是可以合计的列")]
)
def test_stated_sums_that_make_no_sense_are_refused_on_the_form(office: Client, sums: str, message: str) -> None:
    answer = upload(office, csv_bytes([HEAD, GOOD]), expected_sums=sums)

    assert message in answer.content.decode()


def test_a_big_file_becomes_a_job_whose_progress_is_polled(office: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    deferred: list[dict[str, Any]] = []
    monkeypatch.setattr(batches, "INLINE_BYTES", 10)
    monkeypatch.setattr(batches, "defer", lambda name, **arguments: deferred.append({"name": name, **arguments}))

    batch = uploaded(office, [GOOD])
    assert (batch.state, batch.work) == (BatchState.UPLOADED, Work.CHECK)
    assert 'hx-trigger="every 1s"' in page(office, batch)
    address = reverse("imports:batch_detail", args=[batch.pk])
    assert "HX-Refresh" not in office.get(address, headers={"HX-Request": "true"}).headers

    from shian.kernel.imports.tasks import work

    work(batch=batch.pk, work="check", by="alice")
    assert office.get(address, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    batch.refresh_from_db()
    assert (batch.state, deferred[0]["name"]) == (BatchState.CHECKED, "imports.work")

    work(batch=batch.pk, work="accept", by="alice")
    work(batch=batch.pk, work="accept", by="alice")
    assert products() == 1


def test_a_zipped_package_becomes_one_batch_per_resource(office: Client) -> None:
    out = io.BytesIO()
    resources = [{"name": n, "path": f"{n}.csv", "shian": {"importer": "products", "expected_rows": 1}} for n in "ab"]
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("datapackage.json", json.dumps({"name": "city", "resources": resources}))
        for name in "ab":
            archive.writestr(f"{name}.csv", csv_bytes([HEAD, [name, "蔬菜", "", "食用农产品", ""]]))

    upload(office, out.getvalue(), "city.zip")

    assert list(ImportBatch.objects.order_by("id").values_list("name", "package", "state")) == [
        ("a.csv", "city", BatchState.CHECKED),
        ("b.csv", "city", BatchState.UPLOADED),
    ]


def test_a_cancelled_batch_stays_cancelled(office: Client) -> None:
    batch = uploaded(office, [GOOD])

    act(office, batch, "cancel")
    act(office, batch, "accept")

    batch.refresh_from_db()
    assert (batch.state, products()) == (BatchState.CANCELLED, 0)


def test_others_do_not_see_the_batch_and_stations_do_not_see_imports(office: Client, client: Client) -> None:
    batch = uploaded(office, [GOOD])
    address = reverse("imports:batch_detail", args=[batch.pk])

    client.force_login(User.objects.create(username="carol", role=Role.COUNTY))
    assert client.get(address).status_code == 404
    assert act(client, batch, "accept").status_code == 404
    assert address not in client.get(reverse("imports:batch_list")).content.decode()

    client.force_login(User.objects.create(username="sam", role=Role.STATION))
    assert client.get(reverse("imports:batch_list")).status_code == 403


def test_a_county_is_not_offered_what_it_may_not_import(client: Client) -> None:
    client.force_login(User.objects.create(username="carol", role=Role.COUNTY))

    text = client.get(reverse("imports:batch_create")).content.decode()
    assert 'value="operators"' in text
    assert 'value="products"' not in text
    assert client.get(reverse("imports:template_download", args=["products"])).status_code == 404


def test_the_list_is_filtered_by_kind_and_state(office: Client) -> None:
    uploaded(office, [GOOD])
    address = reverse("imports:batch_list")

    assert "品类.csv" in office.get(address, {"state": "checked", "importer": "products"}).content.decode()
    assert "品类.csv" not in office.get(address, {"state": "accepted"}).content.decode()
