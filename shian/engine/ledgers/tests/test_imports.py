"""Ledgers through the ordinary importer: rows, checks, corrections with history."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from shian.engine.ledgers.declarations import all_ledgers
from shian.engine.ledgers.imports import spec_of
from shian.engine.ledgers.models import LedgerRow, LedgerRowVersion
from shian.engine.ledgers.queries import origins_of, versions_of
from shian.engine.ledgers.tests import factories
from shian.kernel.accounts.models import Role
from shian.kernel.imports.actions import import_path
from shian.kernel.imports.models import ImportProblem
from shian.kernel.notary.actions import sequence
from shian.kernel.notary.models import Entry, Leaf

pytestmark = pytest.mark.django_db
AT = datetime(2022, 11, 24, 9, tzinfo=UTC)
HEADINGS = "区划代码,年度,经费科目,预算项目,预算单位编码,预算金额（万元）,已执行金额（万元）,批复日期,批复文号"
BUDGETS = (
    f"{HEADINGS}\n131000,2022,示范城市,创建工作,,860.25,742.3,2022-02-18,廊财1号\n"
    "131002,2022,抽检监测,抽检,,80,,2022-03-01,\n"
)


@pytest.fixture(autouse=True)
def areas():
    factories.make_areas()


def bring(tmp_path: Path, text: str, name: str = "budgets.csv", importer: str = "ledger.budgets"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return import_path(path=path, importer=importer, by="alice", at=AT)[0]


def test_every_declared_ledger_has_an_importer():
    for ledger in all_ledgers().values():
        spec = spec_of(ledger)
        assert spec.key == f"ledger.{ledger.key}"
        assert [each.name for each in spec.fields] == [each.name for each in ledger.given]


def test_rows_come_in_with_columns_data_and_batch(tmp_path):
    summary = bring(tmp_path, BUDGETS)

    assert (summary.accepted, summary.rejected) == (2, 0), summary
    row = LedgerRow.objects.get(county="", ledger="budgets")
    assert row.data["amount"] == Decimal("860.25")
    assert row.data["year"] == 2022
    assert "org_code" not in row.data
    assert (row.city, row.occurs_on, row.updated_by) == ("1310", date(2022, 2, 18), "alice")
    assert row.key == '["131000", "2022", "示范城市", "创建工作"]'
    assert origins_of({row.batch})[row.batch].seal


def test_the_same_rows_again_change_nothing(tmp_path):
    bring(tmp_path, BUDGETS)
    before = list(LedgerRow.objects.order_by("pk").values())

    again = bring(tmp_path, BUDGETS + "\n", name="again.csv")

    assert again.new == 0
    assert list(LedgerRow.objects.order_by("pk").values()) == before
    assert not LedgerRowVersion.objects.exists()


def test_a_correction_keeps_what_was_said_before(tmp_path):
    bring(tmp_path, BUDGETS)
    summary = bring(tmp_path, BUDGETS.replace("860.25", "900"), name="corrected.csv")

    assert (summary.new, summary.changed, summary.same) == (0, 1, 1)
    row = LedgerRow.objects.get(county="")
    (version,) = versions_of(row)
    assert row.data["amount"] == 900
    assert version.data["amount"] == Decimal("860.25")
    assert (version.by, version.batch) == ("alice", row.batch)


def test_bad_rows_come_back_with_reason_and_remedy_and_good_ones_stay(tmp_path):
    text = (
        BUDGETS
        + "131002,2022,其他,超支,,10,20,2022-03-01,\n"
        + "131002,2022,旅游,无此科目,,10,,2022-03-01,\n"
        + "139999,2022,其他,无此区划,,10,,2022-03-01,\n"
        + "131002,2022,其他,负数,,-1,,2022-03-01,\n"
    )

    summary = bring(tmp_path, text)

    assert (summary.accepted, summary.rejected) == (2, 4)
    reasons = dict(ImportProblem.objects.filter(severity="error").values_list("row_no", "reason"))
    assert reasons[4] == "已执行金额大于预算金额"
    assert set(reasons) == {4, 5, 6, 7}


def test_an_empty_other_field_demands_nothing(tmp_path):
    """左列停用日期为空时不比较。"""
    text = "监测点编号,监测点名称,区划代码,监测类别,承担单位编码,年计划样品数,启用日期,停用日期\n"
    summary = bring(tmp_path, text + "M1,一号,131002100,综合,,5,2020-01-01,\n", "sites.csv", "ledger.monitoring_sites")

    assert (summary.accepted, summary.rejected) == (1, 0), list(ImportProblem.objects.values())
    row = LedgerRow.objects.get(ledger="monitoring_sites")
    assert (row.township, row.valid_from, row.valid_to) == ("131002100", date(2020, 1, 1), None)


def test_an_operator_that_is_not_registered_is_remarked_on_only(tmp_path):
    ledger = next(each for each in all_ledgers().values() if each.operator)

    references = {each.name: each.references for each in spec_of(ledger).fields}

    assert references[ledger.operator].severity == "warning"
    assert references[ledger.area].severity == "error"


def test_the_history_shows_the_seal_of_every_word_with_its_leaf(tmp_path, client, settings):
    """The first registration keeps its own seal and its own author when somebody else corrects the row."""
    settings.SHIAN_HOME = tmp_path
    bring(tmp_path, BUDGETS)
    path = tmp_path / "corrected.csv"
    path.write_text(BUDGETS.replace("860.25", "900"), encoding="utf-8")
    import_path(path=path, importer="ledger.budgets", by="bob", at=AT)
    sequence(at=AT)
    row = LedgerRow.objects.get(county="")
    first, second = Entry.objects.filter(action="imports.accepted").order_by("pk")
    client.force_login(factories.make_user("carol", Role.OFFICE, factories.CITY))

    shown = client.get(f"/ledgers/budgets/{row.pk}/").context["record"].timeline

    assert [(each.by, each.seal.url) for each in shown] == [("bob", second.seal.url), ("alice", first.seal.url)]
    leaves = dict(Leaf.objects.values_list("entry_id", "number"))
    assert [each.seal.number for each in shown] == [leaves[second.pk], leaves[first.pk]]
