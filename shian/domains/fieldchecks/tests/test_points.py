"""Points: their way, who finds which, what the database refuses, what a page shows."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from shian.domains.fieldchecks.actions.points import (
    PointDraft,
    advance_point,
    list_point,
    withdraw_point,
)
from shian.domains.fieldchecks.actions.refusals import CheckRefused
from shian.domains.fieldchecks.models import FieldPoint
from shian.domains.fieldchecks.queries.formats import formats_at
from shian.domains.fieldchecks.queries.points import PointChoice, coverage_of, points_chosen, points_of
from shian.domains.fieldchecks.tests.factories import AT, DAY, make_benchmark, make_formats, make_operator, make_point
from shian.engine.cases.series import next_in_series
from shian.kernel.notary.models import Entry
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.walls import Bounds, bounded_by

pytestmark = pytest.mark.django_db


def test_a_listed_operator_takes_name_place_and_department(people):
    operator = make_operator("OP-1")

    point = list_point(draft=PointDraft("overt", "M19", operator), by=people["county"], at=AT)

    assert (point.code, point.name, point.state) == ("131022-M19-0001", operator.name, "listed")
    assert (point.department, point.township, point.listed_on) == ("市场监督管理局", "131022100", DAY)
    entry = Entry.objects.get(action="fieldchecks.point_listed")
    assert entry.subject == f"fieldchecks.point:{point.uid}"


def test_one_mode_has_one_format_and_the_other_mode_has_its_own(people):
    operator = make_operator("OP-1")
    list_point(draft=PointDraft("overt", "M19", operator), by=people["county"], at=AT)
    list_point(draft=PointDraft("covert", "A03", operator), by=people["county"], at=AT)

    with pytest.raises(CheckRefused, match="131022-M19-0001"):
        list_point(draft=PointDraft("overt", "M18", operator), by=people["county"], at=AT)
    with pytest.raises(IntegrityError, match="one_format_per_mode"), transaction.atomic():
        make_point("P-9", format="M18", operator=operator)


def test_what_is_sealed_of_a_covert_point_names_nothing(people):
    operator = make_operator("OP-1")
    point = list_point(draft=PointDraft("covert", "A03", operator), by=people["county"], at=AT)

    entry = Entry.objects.get(action="fieldchecks.point_listed")

    assert operator.name not in str(entry.data)
    assert point.code not in str(entry.data) + entry.subject
    assert "A03" not in str(entry.data) + entry.subject


@pytest.mark.parametrize(
    ("draft", "told"),
    [
        (PointDraft("overt", "M99", None, "某地", "131022100"), "业态目录"),
        (PointDraft("covert", "M19", None, "某地", "131022100"), "业态目录"),
    ],
)
def test_a_format_of_no_dictionary_is_refused(people, draft, told):
    with pytest.raises(CheckRefused, match=told):
        list_point(draft=draft, by=people["county"], at=AT)


def test_a_closed_operator_is_refused(people):
    gone = make_operator("OP-1", closed_on=date(2022, 11, 1))

    with pytest.raises(CheckRefused, match="注销"):
        list_point(draft=PointDraft("overt", "M19", gone), by=people["county"], at=AT)


def test_a_point_goes_its_way_and_back(people):
    by = people["county"]
    point = list_point(draft=PointDraft("overt", "M01", None, "某基地", "131022100"), by=by, at=AT)
    for step in ("prepared", "checked", "ready"):
        point = advance_point(point=point, to=step, on=DAY, by=by, at=AT)
    assert (point.state, point.ready_on) == ("ready", DAY)

    with pytest.raises(CheckRefused, match="原因"):
        advance_point(point=point, to="checked", on=DAY, by=by, at=AT)
    point = advance_point(point=point, to="checked", on=DAY, reason="台账缺页", by=by, at=AT)
    assert (point.state, point.ready_on, point.checked_on) == ("checked", None, DAY)

    point = withdraw_point(point=point, on=DAY, reason="停产", by=by, at=AT)
    with pytest.raises(CheckRefused):
        withdraw_point(point=point, on=DAY, reason="又一次", by=by, at=AT)
    with pytest.raises(CheckRefused):
        advance_point(point=point, to="ready", on=DAY, by=by, at=AT)


@pytest.mark.parametrize("on", [date(2022, 5, 1), date(2022, 12, 1)])
def test_a_day_outside_the_way_is_refused(people, on):
    point = make_point("P-1", state="checked", ready_on=None)

    with pytest.raises(CheckRefused, match="2022-09-01"):
        advance_point(point=point, to="ready", on=on, by=people["county"], at=AT)


def test_the_ledger_says_what_is_a_benchmark_and_when(people):
    operator = make_operator("OP-1")
    shop, place = make_point("P-1", operator=operator), make_point("P-2", name="落垡蔬菜基地")
    make_point("P-3", mode="covert", operator=operator)
    make_point("P-4", area="131002100", name="落垡蔬菜基地")  # of the same name in another county
    make_benchmark(shop, valid_to=date(2022, 12, 1))
    make_benchmark(place)

    def held(day):
        rows = FieldPoint.objects.with_benchmarks(day).filter(is_benchmark=True)
        return sorted(rows.values_list("code", flat=True))

    assert held(date(2022, 8, 31)) == []
    assert held(DAY) == ["P-1", "P-2"]
    assert held(date(2022, 12, 1)) == ["P-2"]


def test_others_change_nothing(people):
    point = make_point("P-1")

    with pytest.raises(OutOfReach):
        withdraw_point(point=point, on=DAY, reason="x", by=people["other"], at=AT)


def test_covert_points_exist_for_those_who_prepare_them_only(people):
    make_point("P-1")
    make_point("P-2", mode="covert")

    seen = {name: sorted(points_of(user).values_list("code", flat=True)) for name, user in people.items()}

    assert seen == {
        "office": ["P-1", "P-2"], "county": ["P-1", "P-2"], "other": [], "station": ["P-1"], "reviewer": ["P-1"],
    }  # fmt: skip


def test_the_database_hides_them_as_well(people):
    make_point("P-1")
    make_point("P-2", mode="covert")

    def codes(name):
        user = people[name]
        with bounded_by(lambda: Bounds(user=user.pk, reach=reach_of(user))), connection.cursor() as cursor:
            cursor.execute("SELECT code FROM fieldchecks_fieldpoint ORDER BY code")
            return [code for (code,) in cursor.fetchall()]

    assert codes("county") == ["P-1", "P-2"]
    assert codes("station") == ["P-1"]
    assert codes("other") == []


def test_coverage_counts_check_records_of_live_points_as_of_the_day(people):
    make_point("P-1")
    make_point("P-2", state="listed", prepared_on=None, checked_on=None, ready_on=None)
    make_point("P-3", state="withdrawn", withdrawn_on=date(2022, 10, 1))

    def told(day):
        found = coverage_of(points_of(people["office"]), day)
        return found.points, found.checked, found.ready

    assert told(DAY) == (2, 1, 1)
    assert told(date(2022, 9, 2)) == (3, 2, 0)
    assert told(date(2022, 8, 1)) == (3, 0, 0)


def test_a_smaller_place_has_its_own_dictionary(place):
    make_formats("131022", department="县局")

    assert {each.department for each in formats_at("131022100", DAY)} == {"县局"}
    assert {each.department for each in formats_at("131002", DAY)} == {"市场监督管理局"}
    assert [each.code for each in formats_at("131002", DAY)] == ["M01", "M18", "M19", "A03"]
    assert formats_at("131022100", date(2022, 7, 1)) == []


def test_choices_cut_the_list(people):
    make_benchmark(make_point("P-1"))
    make_point("P-2", format="M18", name="大饭店")
    make_point("P-3", state="withdrawn", withdrawn_on=DAY)

    def codes(**choice):
        return sorted(points_chosen(PointChoice(**choice), people["office"]).values_list("code", flat=True))

    assert codes() == ["P-1", "P-2"]
    assert codes(state="withdrawn") == ["P-3"]
    assert codes(is_benchmark=True) == ["P-1"]
    assert codes(mode="overt", format="M18") == ["P-2"]
    assert codes(text="大饭") == ["P-2"]
    assert codes(area="131002") == []


def test_a_point_is_listed_on_its_page_and_wrong_input_comes_back(client, people):
    make_operator("OP-1")
    client.force_login(people["county"])
    url = reverse("fieldchecks:field_point_create")

    for wrong in (
        {"kind": "overt:M19"},
        {"kind": "overt:M19", "operator": "OP-404"},
        {"kind": "nonsense", "operator": "OP-1"},
    ):
        assert client.post(url, wrong).status_code == 200
    assert FieldPoint.objects.count() == 0

    client.post(url, {"kind": "overt:M19", "operator": "op-1"})
    point = FieldPoint.objects.get()
    page = client.get(reverse("fieldchecks:field_point_detail", args=[point.pk])).content.decode()
    assert "131022-M19-0001" in page
    assert "列入点位库" in page


def test_the_steps_of_a_point_are_on_its_page(client, people):
    point = make_point("P-1", state="listed", prepared_on=None, checked_on=None, ready_on=None)
    client.force_login(people["county"])

    assert client.get(reverse("fieldchecks:field_point_confirm", args=[point.pk, "ready"])).status_code == 404
    url = reverse("fieldchecks:field_point_confirm", args=[point.pk, "checked"])
    assert "2022-06-01" in client.post(url, {"on": "2021-01-01"}).content.decode()
    client.post(url, {"on": "2022-09-01"})
    client.post(reverse("fieldchecks:field_point_withdraw", args=[point.pk]), {"on": "2022-10-01", "reason": "拆迁"})

    point.refresh_from_db()
    assert (point.state, point.checked_on, point.reason) == ("withdrawn", date(2022, 9, 1), "拆迁")


def test_a_station_finds_a_covert_point_nowhere(client, people):
    operator = make_operator("OP-1")
    point = make_point("P-2", mode="covert", operator=operator, name="暗访的地方")
    client.force_login(people["station"])

    assert client.get(reverse("fieldchecks:field_point_detail", args=[point.pk])).status_code == 404
    listed = client.get(reverse("fieldchecks:field_point_list"), {"mode": "covert"}).content.decode()
    assert "暗访的地方" not in listed
    exported = client.get(reverse("fieldchecks:field_point_export"), {"format": "csv"})
    assert "暗访的地方" not in exported.getvalue().decode()
    tab = client.get(reverse("census:operator_detail", args=["OP-1"]), {"tab": "points"}).content.decode()
    assert "P-2" not in tab
    client.force_login(people["county"])
    tab = client.get(reverse("census:operator_detail", args=["OP-1"]), {"tab": "points"}).content.decode()
    assert "P-2" in tab


@pytest.mark.parametrize(
    ("taken", "following"),
    [([], "131022-M19-0001"), (["0007", "0008"], "131022-M19-0009"), (["9999", "10000"], "131022-M19-10001"),
     (["0003", "旧7", "1-2"], "131022-M19-0004")],
)  # fmt: skip
def test_a_code_follows_the_last_of_its_series_whatever_files_have_brought(place, taken, following):
    for each in taken:
        make_point(f"131022-M19-{each}")
    assert next_in_series(FieldPoint.objects, "131022-M19-", column="code", digits=4) == following
