"""Undoing an import: the register as it was before, or a reason why not. Also ReplacedRow and WrittenRows."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shian.kernel.accounts.models import Role, User
from shian.kernel.imports.actions import (
    BatchNotOpen,
    ImportSummary,
    UndoRefused,
    forget_replaced,
    import_path,
    undo_batch,
)
from shian.kernel.imports.models import BatchState, ImportBatch, ReplacedRow, WrittenRows
from shian.kernel.imports.tests.files import csv_file
from shian.kernel.notary.models import Entry

pytestmark = pytest.mark.django_db
PRODUCTS = ["品类编码", "名称", "上级编码", "产品范围"]
AREAS = ["区划代码", "名称", "级别", "类型", "上级代码", "启用日期", "停用日期"]
OPERATORS = ["主体编号", "名称", "证照类型", "主体类别", "业态", "环节", "所在区划", "地址", "开业日期", "注销日期"]
CITY = ["131000", "廊坊市", "市", "地级市", "", "2000-01-01", ""]
COUNTY = ["131022", "固安县", "县", "县", "131000", "2000-01-01", ""]
TOWN = ["131022100", "固安镇", "乡", "镇", "131022", "2000-01-01", ""]


@pytest.fixture
def office() -> User:
    return User.objects.create(username="root", role=Role.ADMIN, is_superuser=True)


@pytest.fixture
def bring(tmp_path: Path) -> Any:
    def do(importer: str, head: Sequence[str], *rows: Sequence[str], **terms: Any) -> ImportBatch:
        path = csv_file(tmp_path / f"{importer}.csv", [head, *rows])
        terms = {"by": "cli", "at": timezone.now(), "importer": importer, "again": True, **terms}
        summary: ImportSummary = import_path(path=path, **terms)[0]
        assert (summary.state, summary.rejected) == ("accepted", 0), summary
        return ImportBatch.objects.get(pk=summary.batch)

    return do


def undo(batch: ImportBatch, by: Any, **terms: Any) -> ImportBatch:
    return undo_batch(batch=batch, by=by, **{"reason": "传错文件", "at": timezone.now(), **terms})


def table(name: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(t)::text FROM {name} t ORDER BY id")
        return list(cursor.fetchall())


def shop(code: str = "S1", **changes: str) -> list[str]:
    cells = [code, "鑫源便利店", "无", "食品销售", "便利店", "流通", "131022100", "新华路1号", "2020-05-01", ""]
    row = dict(zip(OPERATORS, cells, strict=True))
    return list({**row, **changes}.values())


def test_new_rows_go_and_changed_rows_are_as_before(bring: Any, office: User) -> None:
    bring("products", PRODUCTS, ["A", "蔬菜", "", "食用农产品"], ["B", "水果", "", "食用农产品"])
    before = table("products_product")
    batch = bring(
        "products",
        PRODUCTS,
        ["A", "蔬菜类", "C", "食用农产品"],
        ["B", "水果", "", "食用农产品"],
        ["C", "根", "", "食用农产品"],
    )
    assert table("products_product") != before

    undone = undo(batch, office)

    assert table("products_product") == before
    assert undone.state == BatchState.UNDONE
    entry = Entry.objects.get(action="imports.undone")
    assert (entry.actor, entry.data["removed"], entry.data["restored"]) == ("root", 1, 1)
    assert entry.data["reason"] == "传错文件"
    assert not WrittenRows.objects.filter(batch=batch).exists()
    assert not ReplacedRow.objects.filter(batch=batch).exists()


def test_the_first_import_of_all_leaves_nothing_behind(bring: Any, office: User) -> None:
    undo(bring("products", PRODUCTS, ["A", "蔬菜", "B", "食用农产品"], ["B", "农", "", "食用农产品"]), office)

    assert table("products_product") == []


def test_dated_versions_of_operators_come_back_too(bring: Any, office: User) -> None:
    bring("areas", AREAS, CITY, COUNTY, TOWN)
    bring("operators", OPERATORS, shop("S1"), shop("S2"), effective_on=date(2021, 1, 1))
    before = table("operators_operator"), table("operators_operatorversion")
    changed = shop("S1", 业态="中型超市", 开业日期="2020-04-01")
    batch = bring("operators", OPERATORS, changed, shop("S2"), shop("S3"), effective_on=date(2022, 1, 1))
    assert len(table("operators_operatorversion")) == 4

    undo(batch, office)

    assert (table("operators_operator"), table("operators_operatorversion")) == before


def test_what_changed_since_stops_the_undo_until_that_is_undone(bring: Any, office: User) -> None:
    first = bring("products", PRODUCTS, ["A", "蔬菜", "", "食用农产品"])
    second = bring("products", PRODUCTS, ["A", "蔬菜类", "", "食用农产品"])

    with pytest.raises(UndoRefused, match="“产品品类”中有 1 行此后又有变更"):
        undo(first, office)

    first.refresh_from_db()
    assert first.state == BatchState.ACCEPTED
    undo(second, office)
    assert "蔬菜类" not in str(table("products_product"))


def test_a_version_that_changed_since_stops_the_undo(bring: Any, office: User) -> None:
    bring("areas", AREAS, CITY, COUNTY, TOWN)
    batch = bring("operators", OPERATORS, shop("S1"))
    apps.get_model("operators", "OperatorVersion").objects.update(size="大型")

    with pytest.raises(UndoRefused, match="此后又有变更"):
        undo(batch, office)
    apps.get_model("operators", "OperatorVersion").objects.all().delete()
    with pytest.raises(UndoRefused, match="此后又有变更"):
        undo(batch, office)


@pytest.mark.parametrize(
    ("importer", "said"),
    [("areas", "“食品经营主体”中有 1 行引用了新增的记录"), ("organisations", "“任职”引用了新增的记录")],
)
def test_rows_that_others_refer_to_stay_and_who_refers_is_named(
    bring: Any, office: User, importer: str, said: str
) -> None:
    bring("areas", AREAS, CITY, COUNTY)
    batches = {"areas": bring("areas", AREAS, TOWN)}
    bring("operators", OPERATORS, shop("S1"))
    unit = ["U1", "固安县局", "政府部门", "131022", "2019-01-01"]
    batches["organisations"] = bring(
        "organisations", ["单位编码", "单位名称", "单位类别", "所在区划", "成立日期"], unit
    )
    bring("persons", ["人员编号", "姓名"], ["P1", "甲"])
    post = ["P1", "U1", "局长", "领导", "131022", "2019-01-01"]
    kinds = apps.get_model("people", "Post")._meta.get_field("kind").choices
    post[3] = (
        kinds[0][0] if kinds else __import__("shian.registers.people.models", fromlist=["POST_KINDS"]).POST_KINDS[0]
    )
    bring("posts", ["人员编号", "单位编码", "职务", "岗位类别", "任职区划", "任职日期"], post)

    with pytest.raises(UndoRefused, match=said):
        undo(batches[importer], office)


def test_the_next_day_is_too_late_and_what_was_kept_is_dropped(bring: Any, office: User) -> None:
    bring("products", PRODUCTS, ["A", "蔬菜", "", "食用农产品"])
    batch = bring("products", PRODUCTS, ["A", "蔬菜类", "", "食用农产品"])
    later = timezone.now() + timedelta(days=1, hours=2)

    with pytest.raises(UndoRefused, match="超过一天"):
        undo(batch, office, at=later)

    assert ReplacedRow.objects.count() == 1
    assert forget_replaced(at=later) == 2
    assert (ReplacedRow.objects.count(), WrittenRows.objects.count()) == (0, 0)


def test_an_undo_wants_a_reason_a_role_and_an_accepted_batch(bring: Any, office: User) -> None:
    batch = bring("products", PRODUCTS, ["A", "蔬菜", "", "食用农产品"])

    with pytest.raises(UndoRefused):
        undo(batch, office, reason=" ")
    with pytest.raises(PermissionDenied):
        undo(batch, User.objects.create(username="carol", role=Role.COUNTY))
    undo(batch, office)
    with pytest.raises(BatchNotOpen):
        undo(batch, office)


def test_an_importer_that_keeps_nothing_says_so(bring: Any, office: User) -> None:
    batch = bring("products", PRODUCTS, ["A", "蔬菜", "", "食用农产品"])
    WrittenRows.objects.all().delete()

    with pytest.raises(UndoRefused, match="没有留下变更前的数据"):
        undo(batch, office)


def test_the_page_offers_it_asks_why_and_tells_what_hinders(bring: Any, office: User, client: Client) -> None:
    first = bring("products", PRODUCTS, ["A", "蔬菜", "", "食用农产品"])
    second = bring("products", PRODUCTS, ["A", "蔬菜类", "", "食用农产品"])
    client.force_login(office)
    address = reverse("imports:batch_undo", args=[first.pk])

    assert address in client.get(reverse("imports:batch_detail", args=[first.pk])).content.decode()
    assert "恢复到接收以前" in client.get(address).content.decode()
    assert client.post(address, {"reason": ""}).status_code == 200
    assert "此后又有变更" in client.post(address, {"reason": "错"}).content.decode()

    done = client.post(reverse("imports:batch_undo", args=[second.pk]), {"reason": "错"}, follow=True).content.decode()
    assert "已撤销" in done
    assert reverse("imports:batch_undo", args=[second.pk]) not in done


def test_content_that_was_undone_is_new_again(bring: Any, office: User, tmp_path: Path) -> None:
    undo(bring("products", PRODUCTS, ["A", "蔬菜", "", "食用农产品"]), office)

    again = import_path(path=tmp_path / "products.csv", by="cli", at=timezone.now(), importer="products")[0]
    assert (again.state, again.new) == ("accepted", 1)
