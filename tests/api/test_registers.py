"""What the interface says is what the pages say: masks, reach, figures, results, imports, exchange."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shian.engine.ledgers.models import LedgerRow
from shian.engine.measures.queries import figures
from shian.kernel.accounts.models import Role, User
from shian.kernel.imports.models import BatchState, ImportBatch
from shian.kernel.notary.models import Entry
from shian.kernel.scope.rules import key_of_code
from shian.registers.areas.actions import load_outlines
from shian.registers.areas.models import AreaOutline
from shian.registers.operators.models import Operator
from shian.registers.people.tests.factories import OrganisationFactory, PersonFactory, PostFactory, reach_user
from tests.api.programs import Program, program_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("langfang")]
DAY = "2022-11-24"


@pytest.fixture
def office() -> Program:
    return program_of(reach_user("office", "131000", Role.OFFICE))


@pytest.fixture
def county() -> Program:
    return program_of(reach_user("county", "131022", Role.COUNTY))


def told(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def test_name_and_number_are_masked_but_for_the_supervisors(office: Program, county: Program) -> None:
    operator = Operator.objects.filter(county="131022").exclude(representative="").exclude(phone="").order_by("pk")[0]

    masked = told(office.get(f"/operators/{operator.code}"))
    whole = told(county.get(f"/operators/{operator.code}"))

    assert (whole["representative"], whole["phone"], whole["is_masked"]) == (
        operator.representative,
        operator.phone,
        False,
    )
    assert masked["is_masked"]
    assert "*" in masked["representative"]
    assert masked["phone"][3:7] == "****"
    assert operator.phone not in json.dumps(masked)


def test_lists_of_operators_hold_no_personal_data(county: Program) -> None:
    operator = Operator.objects.filter(county="131022").exclude(phone="").order_by("pk")[0]

    listed = county.get("/operators", {"q": operator.licence_no or operator.code, "state": "any"})

    row = next(row for row in told(listed)["items"] if row["code"] == operator.code)
    assert not {"phone", "representative"} & set(row)
    assert operator.phone not in listed.content.decode()


def test_numbers_of_posts_are_whole_for_the_own_unit_only() -> None:
    user = reach_user("office", "131000", Role.OFFICE)
    other = OrganisationFactory(code="131000-X", area_code="131000")
    PostFactory(person=PersonFactory(phone="13800000001"), organisation=other, area_code="131000")
    own = user.person.posts.get().organisation
    PostFactory(person=PersonFactory(phone="13800000002"), organisation=own, area_code="131000")
    program = program_of(user)

    theirs = told(program.get("/organisations/131000-X/posts"))["items"]
    ours = told(program.get(f"/organisations/{own.code}/posts"))["items"]

    assert [post["phone"] for post in theirs] == ["138****0001"]
    assert "13800000002" in [post["phone"] for post in ours]


def test_all_operators_of_a_county_are_harvested_page_by_page(county: Program) -> None:
    codes, address = [], "/operators?limit=500&state=any"
    while address:
        answer = county.get(address)
        page = told(answer)
        codes += [row["code"] for row in page["items"]]
        assert answer.headers.get("Link", "") == (f'<{page["next"]}>; rel="next"' if page["next"] else "")
        address = page["next"].partition("/api/v1")[2] if page["next"] else ""

    assert len(codes) == len(set(codes)) == Operator.objects.filter(county="131022").count()


@pytest.mark.parametrize("key", ["operators.total", "budgets.paid_rate", "budgets.growth"])
def test_a_figure_is_what_the_engine_computes(office: Program, key: str) -> None:
    from datetime import date

    expected = figures([key], as_of=date(2022, 11, 24), area_prefix="1310")[key]

    whole = told(office.get(f"/figures/{key}/value", {"as_of": DAY, "area": "131000"}))
    parts = told(office.get(f"/figures/{key}/areas", {"as_of": DAY, "area": "131000"}))

    assert whole["shown"] == str(expected["1310"].shown)
    assert {row["area"]: row["shown"] for row in parts} == {
        area: None if found.shown is None else str(found.shown) for area, found in expected.items() if len(area) == 6
    }


def harvested(program: Program, address: str) -> list[Any]:
    """The items of all pages."""
    items: list[Any] = []
    while address:
        page = told(program.get(address))
        items += page["items"]
        address = page["next"].partition("/api/v1")[2] if page["next"] else ""
    return items


def test_rows_behind_a_figure_are_as_many_as_it_says(county: Program) -> None:
    asked = f"as_of={DAY}&area=131022100"

    value = told(county.get(f"/figures/operators.total/value?{asked}"))
    rows = harvested(county, f"/figures/operators.total/rows?{asked}&limit=500")

    assert len({row["key"] for row in rows}) == len(rows) == int(value["shown"])
    assert rows[0]["values"]["name"]


def test_the_result_of_an_evaluation_with_its_items(office: Program) -> None:
    result = told(office.get("/evaluation", {"as_of": DAY}))
    listed = told(office.get("/evaluation/items", {"as_of": DAY}))["items"]
    unknown = told(office.get("/evaluation/items", {"as_of": DAY, "state": "unknown"}))["items"]
    item = told(office.get("/evaluation/items/1.4.2", {"as_of": DAY}))
    vetoes = told(office.get("/evaluation/vetoes", {"as_of": DAY}))

    assert len(listed) == 94
    assert sum(result["states"].values()) == 94
    assert len(unknown) == result["states"]["unknown"]
    assert result["is_illustrative"]
    assert item["basis"]["measures"]
    assert len(vetoes) == 5
    total, *sections = result["points"]
    assert float(total["lost"]) == pytest.approx(sum(float(each["lost"]) for each in sections))


def test_the_indicators_of_the_edition_in_force(office: Program) -> None:
    (edition,) = [each for each in told(office.get("/standards"))["items"] if each["state"] == "in_force"]

    found = told(office.get(f"/standards/{edition['id']}/indicators", {"limit": 500}))["items"]

    assert len(found) == 94
    assert found[0]["section_title"]


def test_geojson_names_its_datum(county: Program) -> None:
    outlines = told(county.get("/areas/131022/outlines", {"as_of": DAY}))
    points = told(county.get("/operators/points", {"bbox": "116,38,118,40", "zoom": "9", "as_of": DAY}))

    for collection in (outlines, points):
        assert collection["type"] == "FeatureCollection"
        assert (collection["coordinate_reference"]["datum"], collection["coordinate_reference"]["epsg"]) == (
            "CGCS2000",
            4490,
        )
    assert len(outlines["features"]) == len(told(county.get("/areas", {"parent": "131022", "as_of": DAY}))["items"])
    located = Operator.objects.filter(county="131022", lon__isnull=False, opened_on__lte=DAY).exclude(
        closed_on__lte=DAY
    )
    assert sum(each["properties"]["count"] for each in points["features"]) == located.count()


def test_outlines_that_went_out_come_in_again_as_they_were(county: Program, tmp_path: Path) -> None:
    asked = ("/areas/131022/outlines", {"as_of": DAY})
    sent = told(county.get(*asked))
    codes = [each["properties"]["code"] for each in sent["features"]]
    keys = [key_of_code(code) for code in codes]
    before = {row.key: (row.geometry, row.is_synthetic) for row in AreaOutline.objects.filter(key__in=keys)}
    AreaOutline.objects.filter(key__in=keys).delete()
    assert told(county.get(*asked))["features"] == []

    path = tmp_path / "outlines.geojson"
    path.write_text(json.dumps(sent, ensure_ascii=False), encoding="utf-8")
    load_outlines(path=path, source="往返", is_synthetic=False, by="alice", at=timezone.now())

    assert told(county.get(*asked)) == sent
    assert {row.key: (row.geometry, row.is_synthetic) for row in AreaOutline.objects.filter(key__in=keys)} == before
    assert len(codes) > 5


def test_a_declaration_is_a_table_schema(office: Program) -> None:
    schema = told(office.get("/ledgers/budgets"))["table_schema"]

    by_name = {each["name"]: each for each in schema["fields"]}
    assert schema["primaryKey"] == ["area_code", "year", "subject", "line"]
    assert by_name["amount"]["constraints"] == {"required": True, "minimum": 0}
    assert by_name["subject"]["constraints"]["enum"][0] == "示范城市"


def test_public_rows_hold_public_fields_only(office: Program) -> None:
    public = told(office.get("/ledgers/budgets/public"))["items"]
    whole = told(office.get("/ledgers/budgets/rows"))["items"]

    assert len(public) == len(whole) > 0
    assert set(public[0]["values"]) <= {"area_code", "year", "subject", "line", "amount"}
    assert set(whole[0]["values"]) > set(public[0]["values"])


def test_rows_are_filtered_by_words_and_others_are_refused(office: Program) -> None:
    found = told(office.get("/ledgers/budgets/rows", {"word": "subject:示范城市", "limit": 500}))["items"]

    assert {row["values"]["subject"] for row in found} == {"示范城市"}
    assert office.get("/ledgers/budgets/rows", {"word": "subject:无"}).status_code == 422
    assert office.get("/ledgers/budgets/rows", {"word": "nothing:x"}).status_code == 422


def test_an_export_states_its_checksum_and_is_sealed(office: Program) -> None:
    answer = office.get("/ledgers/budgets/export", {"area": "131000", "as_of": DAY, "reason": "数据核对"})
    body = b"".join(answer.streaming_content).decode("utf-8-sig")

    entry = Entry.objects.get(action="export.made")
    assert answer["X-Content-SHA256"] in body
    assert (entry.actor, entry.subject) == ("office", "ledgers.ledger:budgets")


def test_an_answer_that_is_known_is_not_sent_again(office: Program) -> None:
    first = office.get("/products", {"limit": 5})
    again = office.get("/products", {"limit": 5}, If_None_Match=first["ETag"])
    other = office.get("/products", {"limit": 6}, If_None_Match=first["ETag"])

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert other.status_code == 200
    assert first["Cache-Control"] == "private, no-cache"


def test_a_seal_is_opened_by_whoever_made_it(office: Program, county: Program) -> None:
    entry = Entry.objects.filter(action="api.token_created", actor="office").latest("id")

    found = told(office.get(f"/log/entries/{entry.uid}"))

    assert found["is_intact"]
    assert json.loads(found["content"])["action"] == "api.token_created"
    assert county.get(f"/log/entries/{entry.uid}").status_code == 404


def upload(program: Program, *rows: str) -> Any:
    head = "区划代码,年度,经费科目,预算项目,预算金额（万元）,批复日期"
    content = "\n".join([head, *rows]).encode()
    form = {
        "importer": "ledger.budgets",
        "effective_on": DAY,
        "file": SimpleUploadedFile("经费.csv", content, "text/csv"),
    }
    return program.post("/imports", form=form)


def test_a_file_is_sent_judged_accepted_and_undone(office: Program) -> None:
    answer = upload(office, "131022,2022,其他,接口试验,12.5,2022-02-01", "139999,2022,其他,接口试验,1,2022-02-01")
    (batch,) = told(answer, 201)
    assert (batch["state"], batch["rows_good"], batch["rows_bad"]) == ("checked", 1, 1)

    (problem,) = told(office.get(f"{answer['Location'].removeprefix('/api/v1')}/problems"))["items"]
    bad = office.get(f"/imports/{batch['id']}/bad-rows")
    accepted = told(office.post(f"/imports/{batch['id']}/accept"))
    again = office.post(f"/imports/{batch['id']}/accept")
    undone = told(office.post(f"/imports/{batch['id']}/undo", {"reason": "试验结束"}))

    assert problem["row"] == 3
    assert b"".join(bad.streaming_content)[:2] == b"PK"
    assert (accepted["state"], accepted["rows_new"]) == ("accepted", 1)
    assert accepted["entry"]
    assert again.status_code == 409
    assert undone["state"] == "undone"
    assert not LedgerRow.objects.filter(ledger="budgets", data__line="接口试验").exists()


def test_rows_outside_the_reach_do_not_come_in(county: Program) -> None:
    (batch,) = told(upload(county, "131023,2022,其他,接口试验,12.5,2022-02-01"), 201)

    assert (batch["state"], batch["rows_good"]) == ("failed", 0)


def test_a_role_without_the_importer_is_403() -> None:
    station = program_of(reach_user("station", "131022100", Role.STATION))

    answer = upload(station, "131022,2022,其他,接口试验,12.5,2022-02-01")

    assert answer.status_code == 403
    assert not ImportBatch.objects.filter(created_by="station").exists()


def test_figures_go_out_as_a_data_value_set(office: Program) -> None:
    found = told(
        office.get(
            "/dataValueSets", {"dataSet": "operators", "period": "20221124", "orgUnit": "131000", "children": "true"}
        )
    )

    by_unit = {each["orgUnit"]: each for each in found["dataValues"] if each["dataElement"] == "operators.total"}
    assert by_unit["131000"]["value"] == "64098"
    assert by_unit["131000"]["period"] == "20221124"
    counties = [int(each["value"]) for unit, each in by_unit.items() if len(unit) == 6 and unit != "131000"]
    assert sum(counties) == 64098
    assert office.get("/dataValueSets", {"dataSet": "x", "period": "2022", "orgUnit": "131000"}).status_code == 404
    assert (
        office.get("/dataValueSets", {"dataSet": "operators", "period": "2022W1", "orgUnit": "131000"}).status_code
        == 422
    )


def values(**changes: Any) -> dict[str, Any]:
    combo = "subject:示范城市;line:数据交换"
    return {
        "orgUnit": "131022",
        "period": "2022",
        "dataValues": [
            {"dataElement": "budgets.amount", "value": "88.5", "attributeOptionCombo": combo, **changes},
            {"dataElement": "budgets.decided_on", "value": "2022-03-01", "attributeOptionCombo": combo},
        ],
    }


def test_values_come_in_through_the_ordinary_importer(office: Program) -> None:
    judged = told(office.post("/dataValueSets?dryRun=true", values()))
    assert (judged["status"], judged["batches"][0]["state"]) == ("SUCCESS", BatchState.CHECKED)
    assert not LedgerRow.objects.filter(ledger="budgets", data__line="数据交换").exists()

    done = told(office.post("/dataValueSets", values()))
    row = LedgerRow.objects.get(ledger="budgets", data__line="数据交换")

    assert (done["status"], done["importCount"]["imported"]) == ("SUCCESS", 1)
    assert (row.county, row.data["year"], str(row.data["amount"])) == ("131022", 2022, "88.5")
    assert Entry.objects.filter(uid=done["batches"][0]["entry"], action="imports.accepted").exists()


def test_a_value_that_came_in_goes_out_in_the_figure_that_counts_it(office: Program) -> None:
    asked = {"dataSet": "budgets", "period": "20221124", "orgUnit": "131022"}

    def amount() -> Decimal:
        found = told(office.get("/dataValueSets", asked))["dataValues"]
        return sum((Decimal(each["value"]) for each in found if each["dataElement"] == "budgets.amount"), Decimal(0))

    before = amount()
    told(office.post("/dataValueSets?dryRun=true", values()))
    assert amount() == before
    told(office.post("/dataValueSets", values()))
    assert amount() == before + Decimal("88.5")
    told(office.post("/dataValueSets", values(value="100.25")))
    assert amount() == before + Decimal("100.25")


def test_a_bad_value_is_told_and_stays_out(office: Program) -> None:
    done = told(office.post("/dataValueSets", values(value="-1")))

    assert done["status"] == "ERROR"
    assert done["importCount"]["imported"] == 0
    assert done["conflicts"]


@pytest.mark.parametrize(
    "change", [{"dataElement": "none.amount"}, {"dataElement": "budgets.none"}, {"attributeOptionCombo": "none:1"}]
)
def test_a_value_without_a_place_is_refused(office: Program, change: dict[str, str]) -> None:
    answer = office.post("/dataValueSets", values(**change))

    assert (answer.status_code, answer.json()["type"]) == (422, "/api/problems#unusable")


# Statements of a call: two for token and owner, one for the reach; with savepoints of the request.
BUDGETS = {
    "/products?limit=500": 6,
    "/areas?limit=500": 7,
    "/operators?limit=500": 7,
    "/organisations?limit=500": 7,
    "/ledgers/budgets/rows?limit=500": 7,
    "/figures?limit=500": 6,
    f"/figures/operators.total/value?as_of={DAY}": 8,
    f"/evaluation?as_of={DAY}": 12,
    f"/evaluation/items?as_of={DAY}&limit=500": 12,
    "/notices?limit=500": 7,
    "/imports?limit=500": 7,
}


@pytest.mark.parametrize("path", BUDGETS)
def test_a_list_costs_the_same_however_long(path: str, office: Program) -> None:
    told(office.get(path))  # what is read once for a process

    with CaptureQueriesContext(connection) as captured:
        told(office.get(path))

    assert len(captured) <= BUDGETS[path], [each["sql"][:80] for each in captured.captured_queries]


def test_a_closed_account_reaches_nothing(office: Program) -> None:
    User.objects.filter(username="office").update(is_active=False)

    assert office.get("/operators").status_code == 401
