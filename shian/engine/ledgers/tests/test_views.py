"""Pages of ledgers: index, list, filters, record with history, missing subjects, exports, scope."""

import csv
import io
from datetime import date

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from shian.engine.ledgers.declarations import ledger
from shian.engine.ledgers.imports import spec_of
from shian.engine.ledgers.models import LedgerRow
from shian.engine.ledgers.queries import subjects_without_row
from shian.engine.ledgers.tests import factories
from shian.engine.ledgers.tests.factories import CITY, NORTH, SOUTH, TOWNS, make_ledger_row
from shian.kernel.accounts.models import Role
from shian.kernel.imports.headings import find_field
from shian.kernel.notary.models import Entry

pytestmark = pytest.mark.django_db
LIST = "/ledgers/budgets/"
BUDGETS_IN_ENGLISH = "Budgets"


def save(key: str, number: int, area: str, **data) -> LedgerRow:
    row = make_ledger_row(ledger(key), number, area, **data)
    row.save()
    return row


@pytest.fixture
def rows():
    factories.make_areas()
    return [
        save("budgets", 1, CITY, year=2022, subject="示范城市", line="创建", amount=860.5, decided_on=date(2022, 2, 1)),
        save("budgets", 2, SOUTH, year=2022, subject="其他", line="=1+1", amount=80, decided_on=date(2022, 3, 1)),
        save("budgets", 3, NORTH, year=2021, subject="其他", line="设备", amount=70, decided_on=date(2021, 3, 1)),
    ]


@pytest.fixture
def office(client, rows):
    user = factories.make_user("alice", Role.OFFICE, CITY)
    client.force_login(user)
    return user


@pytest.fixture
def county(client, rows):
    user = factories.make_user("bob", Role.COUNTY, SOUTH)
    client.force_login(user)
    return user


def listed(client, **query: str) -> int:
    return client.get(LIST, query).context["list"].total


def test_the_index_counts_rows_and_missing_subjects(client, office):
    page = client.get(reverse("ledgers:ledger_list"))
    rows = {row.key: row for row in page.context["list"].table.rows}

    assert rows["budgets"].cells["rows"] == 3
    assert rows["monitoring_sites"].cells["missing"].value == "3 个"
    assert rows["pesticides"].cells["rows"] == 0


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 3),
        ({"area": SOUTH}, 1),
        ({"f_subject": "其他"}, 2),
        ({"f_subject": "没有这个词"}, 3),
        ({"year": "2022"}, 2),
        ({"q": "设备"}, 1),
        ({"as_of": "2021-12-31"}, 1),
        ({"f_subject": "其他", "year": "2022", "area": SOUTH}, 1),
    ],
)
def test_filters_come_from_the_declaration(client, office, query, count):
    assert listed(client, **query) == count


def test_a_county_sees_its_own_rows_only(client, county):
    assert listed(client) == 1
    assert client.get(reverse("ledgers:row_list", args=["budgets"]), {"area": NORTH}).status_code == 404


def test_a_row_beyond_the_reach_is_404_and_logged(client, county, rows):
    answer = client.get(reverse("ledgers:row_detail", args=["budgets", rows[2].pk]))

    assert answer.status_code == 404
    assert Entry.objects.get(action="scope.refused").actor == "bob"


def test_an_unknown_ledger_is_404(client, office):
    assert client.get("/ledgers/nothing/").status_code == 404
    assert client.get(reverse("ledgers:missing_list", args=["pesticides"])).status_code == 404


def test_a_record_shows_its_corrections(client, office, rows):
    row = rows[0]
    row.data = {**row.data, "amount": 900}
    row.updated_by = "carol"
    row.save()

    page = client.get(reverse("ledgers:row_detail", args=["budgets", row.pk])).content.decode()

    assert "预算金额（万元）：860.5 → 900" in page
    assert "carol" in page


def test_pages_do_not_call_a_code_what_they_show_by_name(client, office, rows):
    save("coldchain_sites", 1, SOUTH, name="冷库", location="116.70,39.52")
    columns = {each.key: each for each in client.get("/ledgers/coldchain_sites/").context["list"].table.columns}
    facts = client.get(f"{LIST}{rows[1].pk}/").context["record"].sections[0].facts

    assert str(columns["area_code"].label) == "区划"
    assert not columns["location"].is_default
    assert {"区划", "预算单位"} <= {str(each.label) for each in facts}


def test_subjects_without_a_valid_row_are_a_list(client, office):
    save("monitoring_sites", 1, TOWNS[0], valid_from=date(2020, 1, 1))
    save("monitoring_sites", 2, TOWNS[1], valid_from=date(2020, 1, 1), valid_to=date(2021, 1, 1))
    declared = ledger("monitoring_sites")

    missing = subjects_without_row(declared, office, date(2022, 1, 1))

    assert [each.key for each in missing] == [TOWNS[1], TOWNS[2]]
    page = client.get(reverse("ledgers:missing_list", args=["monitoring_sites"]), {"as_of": "2022-01-01"})
    assert page.context["list"].total == 2


def test_nobody_is_missing_where_nothing_is_expected(office):
    with pytest.raises(LookupError):
        subjects_without_row(ledger("pesticides"), office, date(2022, 1, 1))


def exported(client, **query: str) -> tuple[str, object]:
    answer = client.get(reverse("ledgers:row_export", args=["budgets"]), query)
    return b"".join(answer.streaming_content), answer


def test_csv_holds_what_is_filtered_states_itself_and_is_no_formula(client, office):
    body, answer = exported(client, format="csv", year="2022")
    lines = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    heading = next(index for index, line in enumerate(lines) if line[0] == "区划代码")

    assert [line[0] for line in lines[heading + 1 :]] == ["131000", "131002"]
    assert "'=1+1" in lines[heading + 2]
    stated = "\n".join(line[0] for line in lines[:heading])
    assert "筛选：年度 2022" in stated
    assert "导出人：alice" in stated
    assert f"校验值（SHA-256）：{answer['X-Content-SHA256']}" in stated


def test_xlsx_holds_the_same_rows_and_checksum(client, office, tmp_path):
    _, as_csv = exported(client, format="csv")
    body, answer = exported(client, format="xlsx")
    path = tmp_path / "out.xlsx"
    path.write_bytes(body)
    book = CalamineWorkbook.from_path(str(path))
    data = book.get_sheet_by_name("数据").to_python()

    assert len(data) == 4
    assert data[1][data[0].index("预算金额（万元）")] == 860.5
    assert answer["X-Content-SHA256"] == as_csv["X-Content-SHA256"]
    about = dict(row[:2] for row in book.get_sheet_by_name("说明").to_python())
    assert about["校验值（SHA-256）"] == answer["X-Content-SHA256"]


def test_an_export_is_cut_to_the_reach_and_sealed(client, county):
    body, _ = exported(client, format="csv")

    assert "131022" not in body.decode()
    entry = Entry.objects.get(action="export.made")
    assert (entry.actor, entry.data["行数"]) == ("bob", "1")


def test_an_unknown_format_is_404(client, office):
    assert client.get(reverse("ledgers:row_export", args=["budgets"]), {"format": "pdf"}).status_code == 404


def test_the_list_keeps_its_budget(client, office, django_assert_max_num_queries):
    client.get(LIST)

    with django_assert_max_num_queries(12):
        client.get(LIST)


@pytest.fixture
def english(client, office):
    client.cookies.load({"django_language": "en"})


def test_english_pages_name_ledgers_fields_and_units_in_english(client, english, rows):
    index = client.get(reverse("ledgers:ledger_list")).content.decode()
    listed_rows = client.get(LIST).content.decode()
    record = client.get(reverse("ledgers:row_detail", args=["budgets", rows[0].pk])).content.decode()

    assert BUDGETS_IN_ENGLISH in index
    for page in (listed_rows, record):
        assert "Budget (10 000 yuan)" in page
        assert "预算金额" not in page


def test_exports_stay_chinese_with_the_same_checksum(client, office):
    _, chinese = exported(client, format="csv")
    client.cookies.load({"django_language": "en"})
    body, english = exported(client, format="csv")

    assert "预算金额（万元）" in body.decode()
    assert english["X-Content-SHA256"] == chinese["X-Content-SHA256"]


def test_the_importer_takes_headings_in_either_language():
    spec = spec_of(ledger("budgets"))

    for heading in ("预算金额（万元）", "Budget (10 000 yuan)", "amount"):
        assert find_field(spec, heading).name == "amount"
