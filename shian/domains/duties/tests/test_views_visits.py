"""Pages of visits: the list and its record, the quarter and what is left, the official's own page."""

import json
from datetime import date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shian.domains.duties.actions.quarters import close_quarter
from shian.domains.duties.models import DutyVisit, QuarterFigure
from shian.domains.duties.queries.visits import Ground, assignment_key, ground_of, trained_on
from shian.domains.duties.rules.visits import Quarter
from shian.domains.duties.tests.factories import make_official
from shian.domains.duties.tests.visiting import NOW, ZONE, Village, filled_in, sheet
from shian.engine.cases.models import Case
from shian.kernel.accounts.models import Role
from shian.kernel.scope.walls import system_scope
from shian.registers.people.tests.factories import reach_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def village(place, time_machine):
    time_machine.move_to(NOW, tick=False)
    return Village()


def test_a_visit_from_a_phone_asks_the_database_fifteen_times(village):
    """Session, user; lock, number, business; then five rows and their seals, the match, its ground, a number: what the
    last hour of a quarter costs."""
    client = Client()
    client.force_login(village.user)
    first, second = ((match, *filled_in(match, NOW, {})) for match in (village.business(), village.business()))

    def sent(match, version, answers, files):
        told = json.dumps({"answers": answers, "assignment": assignment_key(match)})
        url = reverse("forms:submission_create", args=[version.pk, f"uuid:{match.pk}"])
        return client.post(url, {"answers": told, **files})

    assert sent(*first).status_code == 201, "what a process asks once is known from here on"
    with CaptureQueriesContext(connection) as asked:
        answer = sent(*second)

    assert answer.status_code == 201
    assert answer.json()["missing"] == []
    assert DutyVisit.objects.get(match=second[0]).operator_signature
    ends = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    told = [each["sql"] or "INSERT" for each in asked.captured_queries]
    assert len([each for each in told if not each.startswith(ends)]) <= 15, told


def test_what_is_known_beforehand_of_a_sheet_is_what_the_lists_say(village, time_machine):
    match = village.business()
    stranger = make_official()
    made = sheet(match, village.user)
    visit = DutyVisit.objects.get()

    assert ground_of(made.pk, match, NOW.date()) == Ground(visit.pk, is_closed=False, is_trained=True)
    assert ground_of(0, match, NOW.date()).visit is None
    for official in (village.official, stranger):
        match.official = official
        for day in (NOW.date(), date(2022, 10, 9), date(2022, 10, 8)):
            assert ground_of(0, match, day).is_trained == bool(trained_on([official], day)), (official, day)
    time_machine.move_to(datetime(2023, 1, 20, tzinfo=ZONE), tick=False)
    close_quarter(quarter=Quarter(2022, 4), city="1310", by="test", at=datetime(2023, 1, 20, tzinfo=ZONE))
    assert ground_of(0, match, NOW.date()).is_closed
    assert not ground_of(0, match, date(2023, 1, 2)).is_closed


def page_of(user, name, *args, **query):
    client = Client()
    client.force_login(user)
    return client.get(reverse(f"duties:{name}", args=args), query)


def test_a_visit_is_read_in_its_area_and_by_its_official_only(village):
    sheet(village.business(name="甲店"), village.user, wrong={1: "no"})
    visit = DutyVisit.objects.get()
    elsewhere = reach_user("carol", "131002", Role.COUNTY)

    for reader in (village.county, village.user):
        assert "甲店" in page_of(reader, "visit_list").content.decode()
        assert page_of(reader, "visit_detail", visit.pk).status_code == 200
        assert page_of(reader, "visit_download", visit.pk, "official_signature").status_code == 200
    assert "甲店" not in page_of(elsewhere, "visit_list").content.decode()
    assert page_of(elsewhere, "visit_detail", visit.pk).status_code == 404
    assert page_of(elsewhere, "visit_download", visit.pk, "official_signature").status_code == 404


def test_the_quarter_of_a_county_leads_to_what_is_left(village):
    first, second = village.business(name="甲店"), village.business(name="乙店")
    sheet(first, village.user)

    found = page_of(village.county, "coverage_detail")
    assert [(row.key, row.cells["completion"]) for row in found.context["list"].table.rows] == [("131022100", (1, 2))]
    assert [stat.value for stat in found.context["stats"]][:3] == [50.0, 1, 1]
    left = page_of(village.county, "due_list", area="131022", quarter="2022Q4")
    assert [row.key for row in left.context["list"].table.rows] == [str(second.pk)]
    told = page_of(village.county, "due_export", area="131022", quarter="2022Q4", format="csv")
    content = b"".join(told.streaming_content) if told.streaming else told.content
    assert "乙店" in content.decode("utf-8-sig")
    assert "甲店" not in content.decode("utf-8-sig")


def test_another_county_is_no_page(village):
    assert page_of(village.county, "coverage_detail", area="131002").status_code == 404
    assert page_of(village.county, "due_list", area="131002").status_code == 404


def test_words_that_mean_nothing_are_no_filter(village):
    sheet(village.business(), village.user)

    for query in ({"quarter": "x"}, {"quarter": "9999Q1"}, {"official": "²"}, {"tier": "Z"}, {"near": "?"}):
        assert page_of(village.county, "visit_list", **query).status_code == 200
        assert page_of(village.county, "coverage_detail", **query).status_code == 200
        assert page_of(village.county, "due_list", **query).status_code == 200


def test_the_office_closes_a_quarter_once_it_is_over(village, time_machine):
    office = village.account("office", village.government, Role.OFFICE, "131000")
    sheet(village.business(), village.user)
    client = Client()
    client.force_login(office)
    url = f"{reverse('duties:quarter_close')}?area=1310&quarter=2022Q4"

    assert "2022Q4还没有结束" in client.post(url, follow=True).content.decode()
    assert not QuarterFigure.objects.exists()
    time_machine.move_to(datetime(2023, 1, 3, 9, 0, tzinfo=ZONE), tick=False)
    client.force_login(office)
    page = client.post(url, follow=True)
    assert page.context["list"].table.rows[0].cells["frozen"] == (1, 1)
    assert "已经冻结" in page.content.decode()
    client.force_login(village.county)
    assert client.post(url).status_code == 403


def test_the_frozen_rate_stands_beside_the_one_of_today(village, time_machine):
    sheet(village.business(), village.user)
    late = village.business()
    after = datetime(2023, 1, 12, 9, 0, tzinfo=ZONE)
    close_quarter(quarter=Quarter(2022, 4), city="1310", by="test", at=after)
    time_machine.move_to(after, tick=False)
    sheet(late, village.user, at=datetime(2022, 12, 30, 9, 0, tzinfo=ZONE), received=after)

    row = page_of(village.county, "coverage_detail", quarter="2022Q4").context["list"].table.rows[0]

    assert (row.cells["completion"], row.cells["frozen"]) == ((2, 2), (1, 2))


def test_an_official_sees_what_is_due_first_and_begins_a_visit_with_one_tap(village):
    done, due = village.business(name="甲店"), village.business(name="乙店")
    sheet(done, village.user)

    page = page_of(village.user, "mine_detail")

    assert [row.key for row in page.context["list"].table.rows] == [str(due.pk), str(done.pk)]
    url = page.context["list"].table.rows[0].cells["visit"].url
    assert url == f"/field/#/new/duty_sales?assignment=duty:{due.pk}&operator={due.operator.code}"
    assert "待督导名单" not in page.content.decode()  # the card of the township; this is the village's
    assert "出发前" in page.content.decode()


def test_the_own_businesses_stand_on_a_map_beside_their_list(village):
    done, due = village.business(name="甲店"), village.business(name="乙店", lat="39.41", lon="116.32")
    village.business(name="没有坐标的店", lat=None, lon=None)
    sheet(done, village.user)

    page = page_of(village.user, "mine_detail", map="")
    told = {each["properties"]["name"]: each for each in page_of(village.user, "mine_points").json()["features"]}

    assert page.context["map"].bounds == pytest.approx((116.296, 39.396, 116.324, 39.414))
    assert len(page.context["list"].table.rows) == 3
    assert {name: each["properties"]["state"] for name, each in told.items()} == {"甲店": "done", "乙店": "due"}
    assert told["乙店"]["geometry"]["coordinates"] == [116.32, 39.41]
    assert told["乙店"]["properties"]["url"].endswith(f"assignment=duty:{due.pk}&operator={due.operator.code}")
    assert page_of(village.county, "mine_points").json()["features"] == []
    assert page_of(village.user, "mine_detail").context["map"] is None


def test_somebody_who_answers_for_nothing_sees_an_empty_page(village):
    assert "您名下没有包保主体" in page_of(village.county, "mine_detail").content.decode()
    assert page_of(village.county, "support_create").status_code == 404


def test_the_official_confirms_on_the_own_page(village):
    sheet(village.business(), village.user, wrong={1: "no"})
    with system_scope():
        problem = Case.objects.get(type="duty_problem")
        Case.objects.filter(pk=problem.pk).update(state="handled")
    client = Client()
    client.force_login(village.user)
    url = reverse("duties:problem_answer", args=[problem.pk])

    assert "没有改正的，请写明情况" in client.post(url, {"answer": "no", "note": " "}).content.decode()
    assert client.post(url, {"answer": "yes"}).status_code == 302
    with system_scope():
        assert Case.objects.get(pk=problem.pk).state == "confirmed"
    client.force_login(village.county)
    assert client.get(url).status_code == 404


def test_the_untrained_are_listed_beside_the_sessions(village):
    untrained = make_official()

    page = page_of(village.county, "training_list")
    assert [row.cells["attended"] for row in page.context["list"].table.rows] == [1]
    left = page_of(village.county, "untrained_list", area="131022")
    assert [row.key for row in left.context["list"].table.rows] == [str(untrained.pk)]
    assert page_of(village.county, "untrained_list", area="131002").status_code == 404
