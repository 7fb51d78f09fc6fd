"""States, numbering, redaction, public lists and counters: declared, computed, shown."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from shian.engine.ledgers.actions import RowRefused, add_row, enter_row
from shian.engine.ledgers.aspects import AspectInvalid, read_aspects
from shian.engine.ledgers.conditions import holds, parse_conditions
from shian.engine.ledgers.declarations import ledger
from shian.engine.ledgers.fields import titled
from shian.engine.ledgers.models import LedgerRow
from shian.engine.ledgers.queries import public_rows, subjects_without_row
from shian.engine.ledgers.selections import condition_q, state_number, state_of_data
from shian.engine.ledgers.tests import factories
from shian.engine.ledgers.tests.factories import CITY, SOUTH, TOWNS, make_ledger_row, make_operator, make_user
from shian.kernel.accounts.models import Role
from shian.kernel.notary.models import Entry
from shian.registers.people.models import Organisation, Post

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 32


def days(number: int) -> date:
    return TODAY() + timedelta(days=number)


def save(key: str, number: int, area: str = CITY, **data) -> LedgerRow:
    row = make_ledger_row(ledger(key), number, area, **data)
    row.save()
    return row


@pytest.fixture
def office(client):
    factories.make_areas()
    user = make_user("alice", Role.OFFICE, CITY)
    client.force_login(user)
    return user


def member_of(department: str) -> object:
    """A department user whose post is in the unit 1310-<department>."""
    user = make_user(f"u{department}", Role.DEPARTMENT, CITY)
    Organisation.objects.filter(pk=Post.objects.get(person__user=user).organisation_id).update(
        code=f"1310-{department}"
    )
    return user


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"states": [{"title": "甲", "tone": "red"}]}, r"states\[1\].tone"),
        ({"states": [{"title": "甲", "tone": "due", "when": {"day": {"due_in": "soon"}}}]}, "number of days"),
        ({"states": [{"title": "甲", "tone": "due", "when": {"day": {"about": 3}}}]}, r"states\[1\].when"),
        ({"numbering": {"within": ["a"]}}, "numbering.field"),
        ({"redact": {"sources": ["a"]}}, "redact.fields"),
        ({"redact": {"fields": "text"}}, "list of names"),
        ({"public": {"only": 1}}, "public: 'only'"),
    ],
)
def test_a_wrong_aspect_names_its_key(raw, said):
    with pytest.raises(AspectInvalid, match=said):
        read_aspects(raw, titled)


@pytest.mark.parametrize(
    ("ends", "title"),
    [(days(0), "已过期"), (days(1), "将到期"), (days(14), "将到期"), (days(15), "有效"), (None, "有效")],
)
def test_a_warning_is_past_from_its_end_date_on(office, ends, title):
    declared = ledger("consumer_tips")
    row = save("consumer_tips", 1, stage="已发布", published_on=days(-30), **({"ends_on": ends} if ends else {}))
    numbered = LedgerRow.objects.annotate(state=state_number(declared.aspects.states, TODAY())).get()

    found = state_of_data(declared.aspects.states, row.data, TODAY())

    assert found.title == title
    assert declared.aspects.states[numbered.state] is found


@pytest.mark.parametrize("age", [364, 365, 366, 367])
def test_older_than_counts_whole_days_in_python_and_in_the_database(office, age):
    declared = ledger("elderly_meals")
    row = save("elderly_meals", 1, checked_on=days(-age), opened_on=days(-900), persons=3)
    numbered = LedgerRow.objects.annotate(state=state_number(declared.aspects.states, TODAY())).get()

    assert (state_of_data(declared.aspects.states, row.data, TODAY()).tone == "due") == (age > 365)
    assert (declared.aspects.states[numbered.state].tone == "due") == (age > 365)


@pytest.mark.parametrize(
    "where",
    [
        {"amount": {"gt": 80}}, {"amount": {"le": 80}}, {"subject": ["示范城市", "其他"]}, {"subject": {"ne": "其他"}},
        {"paid": {"not_null": True}}, {"paid": {"not_null": False}}, {"amount": {"ge_field": "paid"}},
        {"decided_on": {"ge": date(2022, 1, 1)}},
    ],
)  # fmt: skip
def test_conditions_mean_the_same_in_python_and_in_the_database(office, where):
    save("budgets", 1, year=2022, subject="示范城市", line="创建", amount=860.5, decided_on=date(2022, 2, 1))
    save("budgets", 2, year=2022, subject="其他", line="甲", amount=80, paid=80, decided_on=date(2021, 3, 1))
    conditions = parse_conditions(where)
    dated = [{**row.data, "decided_on": date.fromisoformat(row.data["decided_on"])} for row in LedgerRow.objects.all()]

    wanted = {row["line"] for row in dated if holds(conditions, row)}

    assert {row.data["line"] for row in LedgerRow.objects.filter(condition_q(conditions) & Q())} == wanted


def test_the_list_is_filtered_by_state(client, office):
    save("consumer_tips", 1, stage="已发布", published_on=days(-30), ends_on=days(-1))
    save("consumer_tips", 2, stage="已发布", published_on=days(-30))

    page = client.get("/ledgers/consumer_tips/", {"state": "1"}).context["list"]

    assert page.total == 1
    assert page.table.rows[0].cells["state_today"].value == "已过期"


def test_missing_and_double_numbers_are_named(client, office):
    for number, issue in enumerate((1, 2, 4, 4, 7)):
        save("account_posts", number, account="甲", issue_no=issue, published_on=days(-number))
    save("account_posts", 9, account="乙", issue_no=1, published_on=days(-9))

    rows = client.get("/ledgers/account_posts/gaps/").context["list"].table.rows

    first, second = rows
    assert (first.cells["account"], first.cells["state"].state) == ("乙", "done")
    assert (second.cells["missing"], second.cells["twice"], second.cells["last"]) == ("3、5、6", "4", 7)


CASE = {
    "item_no": "YN-1", "title": "某店案", "text": "某店销售过期糕点。", "stage": "已发布", "area_code": "131000",
    "published_on": "2022-06-01", "source_case": "罚1号", "party": "张三丰、福来食品店", "operator_code": "LF000001",
    "party_id": "110101199001010000", "phone": "13000000001", "plate": "冀R12345",
}  # fmt: skip


def test_a_case_without_identities_is_taken_and_published_without_its_source(client, office):
    enter_row(ledger=ledger("case_texts"), values=CASE, by=office, at=timezone.now())
    client.logout()

    page = client.get(reverse("public_ledgers:public_rows_list", args=["case_texts"])).content.decode()

    assert "某店销售过期糕点。" in page
    assert not [word for word in ("张三丰", "福来", "110101199001010000", "13000000001", "冀R12345") if word in page]


@pytest.mark.parametrize(
    "leak",
    ["张三丰", "福来食品店", "安次第1便利店", "110101199001010000", "13000000001", "冀R12345",
     "110101200002020011", "13912345678", "京A·12345"],
)  # fmt: skip
def test_a_case_text_that_tells_who_is_refused(office, leak):
    make_operator(1)

    with pytest.raises(RowRefused, match="公开文字"):
        enter_row(
            ledger=ledger("case_texts"), values={**CASE, "text": f"其中{leak}被罚。"}, by=office, at=timezone.now()
        )

    assert not LedgerRow.objects.exists()


def test_a_correction_neither_shows_nor_loses_the_source_of_a_case(client, office):
    enter_row(ledger=ledger("case_texts"), values=CASE, by=office, at=timezone.now())
    row = LedgerRow.objects.get()
    url = f"/ledgers/case_texts/{row.pk}/correct/"

    form = client.get(url).content.decode()
    shown = ("stage", "text", "title", "area_code", "published_on", "source_case", "operator_code")
    client.post(url, {**{name: CASE[name] for name in shown}, "reads": "7"})
    row.refresh_from_db()

    assert not [word for word in ("张三丰", "110101199001010000", "13000000001", "冀R12345") if word in form]
    assert (row.data["party"], row.data["plate"], row.data["reads"]) == ("张三丰、福来食品店", "冀R12345", 7)


def test_the_public_list_of_supermarkets_shows_only_a_valid_self_check(client):
    factories.make_areas()
    common = {"committed_on": days(-500), "self_check_on": days(-100)}
    save("trusted_supermarkets", 1, name="甲超市", result="合格", valid_to=days(50), **common)
    save("trusted_supermarkets", 2, name="乙超市", result="合格", valid_to=days(0), **common)
    save("trusted_supermarkets", 3, name="丙超市", result="不合格", valid_to=days(50), **common)

    page = client.get("/public/ledgers/trusted_supermarkets/").content.decode()

    assert [name for name in ("甲超市", "乙超市", "丙超市") if name in page] == ["甲超市"]
    assert "trusted_supermarkets" in client.get("/public/ledgers/").content.decode()


def test_a_ledger_without_a_public_list_stays_closed(client):
    assert client.get("/public/ledgers/kitchen_waste/").status_code == 404
    with pytest.raises(LookupError):
        public_rows(ledger("kitchen_waste"), TODAY())


def test_counters_add_up_by_month_and_a_still_figure_shows(client, office):
    for number, (month, copies) in enumerate([(1, 100), (1, 50), (4, 30)]):
        save(
            "publicity",
            number,
            kind="宣传资料",
            topic="创建",
            title="单",
            copies=copies,
            published_on=date(2022, month, 9),
        )

    context = client.get("/ledgers/publicity/months/").context
    leaflets = next(row for row in context["list"].table.rows if row.cells["title"].value == "倡议书宣传资料")
    place = [column.label for column in context["months"].columns].index("倡议书宣传资料") - 1
    months = {row.cells["month"]: row.cells[f"c{place}"] for row in context["months"].rows}

    assert (leaflets.cells["total"], leaflets.cells["last_on"]) == (180, date(2022, 4, 9))
    assert [(m, c.value, c.note) for m, c in months.items()] == [
        ("2022-04", 30, "累计 180"), ("2022-03", 0, "累计 150"), ("2022-02", 0, "累计 150"),
        ("2022-01", 150, "累计 150"),
    ]  # fmt: skip


def test_reprints_of_one_report_are_one(client, office):
    for number, origin in enumerate(("A", "A", "B")):
        save("publicity", number, kind="媒体报道", topic="创建", media_level="省级", origin_no=origin, title="报",
             published_on=date(2022, 1, 9))  # fmt: skip

    rows = client.get("/ledgers/publicity/months/").context["list"].table.rows

    assert {row.cells["title"].value: row.cells["total"] for row in rows}["省级媒体报道"] == 2


def test_videos_are_counted_by_account_with_the_gap_since_the_last(client, office):
    save("short_videos", 1, account="甲号", title="一", published_on=days(-40))
    save("short_videos", 2, account="乙号", title="二", published_on=days(-3))

    rows = client.get("/ledgers/short_videos/months/").context["list"].table.rows

    assert {row.cells["title"].value: (row.cells["total"], row.cells["gap"]) for row in rows} == {
        "甲号": (1, 40), "乙号": (1, 3),
    }  # fmt: skip


def test_caterers_without_a_contract_in_force_are_missing(office):
    for number in (1, 2, 3):
        make_operator(number, kind="餐饮服务", stage="餐饮")
    save("kitchen_waste", 1, operator_code="LF000001", valid_from=days(-90))
    save("kitchen_waste", 2, operator_code="LF000002", valid_from=days(-90), valid_to=days(-1))

    missing = subjects_without_row(ledger("kitchen_waste"), office, TODAY())

    assert [each.code for each in missing] == ["LF000002", "LF000003"]


def test_only_larger_supermarkets_are_expected_to_check_themselves(office):
    make_operator(1)
    make_operator(2)
    type(make_operator(3)).objects.filter(code="LF000002").update(format="大型超市")

    assert [each.code for each in subjects_without_row(ledger("trusted_supermarkets"), office, TODAY())] == ["LF000002"]


SITE = {
    "item_no": "DZ-1", "kind": "电子屏点位", "title": "广场屏", "topic": "创建", "area_code": "131002001",
    "published_on": "2022-05-01", "checked_on": "2022-06-01", "location": "116.70512,39.51234",
}  # fmt: skip


def test_a_row_is_typed_with_its_photo_and_stands_on_the_map(client, office):
    photo = SimpleUploadedFile("屏.png", PNG, "image/png")

    answer = client.post("/ledgers/publicity/create/", {**SITE, "photo": photo})
    row = LedgerRow.objects.get()
    (point,) = client.get("/ledgers/publicity/points/").json()["features"]

    assert answer["Location"] == f"/ledgers/publicity/{row.pk}/"
    assert point["geometry"]["coordinates"] == [116.70512, 39.51234]
    assert "最近检查日期：2022-06-01" in point["properties"]["lines"]
    assert b"".join(client.get(point["properties"]["photo"]).streaming_content) == PNG
    assert client.get("/ledgers/publicity/map/").context["list"].total == 1


def test_the_photo_is_closed_to_another_county(client, office):
    client.post("/ledgers/publicity/create/", {**SITE, "photo": SimpleUploadedFile("a.png", PNG)})
    row = LedgerRow.objects.get()
    client.force_login(make_user("bob", Role.COUNTY, factories.NORTH))

    assert client.get(f"/ledgers/publicity/{row.pk}/files/photo/").status_code == 404


def test_a_correction_keeps_key_file_and_what_was_said_before(client, office):
    client.post("/ledgers/publicity/create/", {**SITE, "photo": SimpleUploadedFile("a.png", PNG)})
    row = LedgerRow.objects.get()
    kept = row.data["photo"]

    changed = {**SITE, "item_no": "DZ-2", "checked_on": "2022-09-01"}
    client.post(f"/ledgers/publicity/{row.pk}/correct/", changed)
    row.refresh_from_db()

    assert (row.data["item_no"], row.data["checked_on"], row.data["photo"]) == ("DZ-1", "2022-09-01", kept)
    assert row.versions.get().data["checked_on"] == "2022-06-01"
    assert Entry.objects.filter(action__startswith="imports.").count() >= 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"location": "39.5"}, "经度,纬度"),
        ({"link": "javascript:alert(1)"}, "http"),
        ({"checked_on": "2022-01-01"}, "检查日期早于发布日期"),
        ({"area_code": "131022"}, "131022"),
        ({"photo": SimpleUploadedFile("a.png", b"no picture at all")}, "可接受的格式"),
    ],
)
def test_a_wrong_row_is_refused_beside_its_field(client, office, change, said):
    client.force_login(make_user("carol", Role.COUNTY, SOUTH))

    answer = client.post("/ledgers/publicity/create/", {**SITE, **change})

    assert answer.status_code == 200
    assert said in str(answer.context["page"].form.errors)
    assert not LedgerRow.objects.exists()


def test_a_taken_number_is_not_overwritten(office):
    declared = ledger("publicity")
    add_row(ledger=declared, values=SITE, files={}, by=office, at=timezone.now())

    with pytest.raises(RowRefused, match="已有记录"):
        add_row(ledger=declared, values={**SITE, "title": "另一块"}, files={}, by=office, at=timezone.now())

    assert LedgerRow.objects.get().data["title"] == "广场屏"


def test_one_person_wins_once(office):
    declared = ledger("quiz_winners")
    win = {"quiz_no": "J1", "quiz": "竞答", "participant_no": "P-1", "area_code": "131000", "score": "90",
           "prize": "一等奖", "draw_number": "7", "drawn_on": "2022-10-08"}  # fmt: skip
    add_row(ledger=declared, values=win, files={}, by=office, at=timezone.now())

    with pytest.raises(RowRefused, match="已有记录"):
        add_row(ledger=declared, values={**win, "prize": "二等奖"}, files={}, by=office, at=timezone.now())


@pytest.mark.parametrize(("department", "status"), [("PROP", 200), ("COMMERCE", 403)])
def test_a_department_types_into_the_ledgers_that_its_unit_owns(client, office, department, status):
    client.force_login(member_of(department))

    assert client.get("/ledgers/publicity/create/").status_code == status
    assert client.get("/ledgers/monitoring_sites/create/").status_code == 200


def test_the_action_refuses_who_does_not_own_the_ledger(office):
    with pytest.raises(PermissionDenied):
        add_row(ledger=ledger("publicity"), values=SITE, files={}, by=member_of("COMMERCE"), at=timezone.now())


def test_the_form_offers_areas_by_name(client, office):
    form = client.get("/ledgers/publicity/create/").context["page"].form

    assert (f"{TOWNS[0]}", f"银河南路街道 {TOWNS[0]}") in form.fields["area_code"].choices


def test_pages_that_the_declaration_does_not_ask_for_are_404(client, office):
    for page in ("map", "points", "gaps"):
        assert client.get(f"/ledgers/budgets/{page}/").status_code == 404
    assert client.get("/ledgers/quality_marks/months/").status_code == 404
