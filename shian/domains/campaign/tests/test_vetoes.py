"""The veto monitor counts from the registers at every look and warns once, long before the line (A-29)."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.conf import settings
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from shian.domains.campaign.actions import enter_verdict, evaluate_area, load_scoring
from shian.domains.campaign.actions.vetoes import watch_all, watch_vetoes
from shian.domains.campaign.models import IndicatorMeasure, Standard, VetoCrossing
from shian.domains.campaign.queries.vetoes import veto_watch
from shian.domains.campaign.rules.vetoes import VetoFinding, is_worse, watch_state
from shian.domains.campaign.tests.factories import AS_OF, AT, make_organisation, make_user
from shian.engine.ledgers.actions import enter_row
from shian.engine.ledgers.declarations import ledger
from shian.engine.measures.declarations import measure
from shian.kernel.accounts.models import Role, User
from shian.kernel.notary.models import Entry
from shian.kernel.notices.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def scoring(city):
    path = settings.SHIAN_PACKS / "parameters" / "scoring-2021.yaml"
    return load_scoring(path=path, standard=Standard.objects.get(), by="office", at=AT)


@pytest.fixture
def office(scoring, client):
    make_organisation("CAMPO", kind="指挥部办公室", is_campaign_department=False)
    user = make_user("alice", Role.OFFICE)
    client.force_login(user)
    return user


def line(code, day=AS_OF):
    return next(each for each in veto_watch("1310", day).lines if each.indicator.code == code)


def entered(key, row):
    by, _made = User.objects.get_or_create(username="keeper", role=Role.ADMIN)
    enter_row(ledger=ledger(key), values=row, by=by, at=AT)


def accident(on, number="SG-1", **more):
    row = {
        "report_no": number, "area_code": "131000", "kind": "事故", "occurred_on": str(on), "grade": "重大",
        "topic": "食物中毒", "is_grave": "false", "cases": "30", "reported_on": str(on), **more,
    }  # fmt: skip
    entered("incidents", row)


def survey(score, on="2022-11-20"):
    row = {
        "area_code": "131000", "survey": "省级测评", "measure": "满意度", "score": score, "unit": "分",
        "organiser": "省食安办", "is_official": "true", "published_on": on,
    }  # fmt: skip
    entered("survey_results", row)


def sampling(passed):
    row = {"notice_no": "一号", "area_code": "131000", "organiser": "省局", "period_text": "2022年", "tested": "1000",
           "passed": passed, "notified_on": "2022-11-01"}  # fmt: skip
    entered("evaluative_sampling", row)


# rules


@pytest.mark.parametrize(
    ("finding", "warned", "enough", "state"),
    [(VetoFinding("clear"), None, None, "clear"), (VetoFinding("clear", is_near=True), None, None, "near"),
     (VetoFinding("clear"), D(1), D(1), "near"), (VetoFinding("clear"), D(0), D(1), "clear"),
     (VetoFinding("triggered"), D(5), D(1), "triggered"), (VetoFinding("unknown"), D(5), D(1), "unknown")],
)  # fmt: skip
def test_near_lies_between_clear_and_triggered(finding, warned, enough, state):
    assert watch_state(finding, warned, enough) == state


@pytest.mark.parametrize(
    ("before", "after", "worse"),
    [("clear", "near", True), ("near", "triggered", True), ("clear", "triggered", True), ("unknown", "near", True),
     ("triggered", "near", False), ("near", "clear", False), ("unknown", "clear", False), ("near", "unknown", False)],
)  # fmt: skip
def test_only_what_comes_nearer_is_worse(before, after, worse):
    assert is_worse(before, after) is worse


def test_the_dated_lookback_and_the_measure_read_the_same_months(scoring):
    for code, told in scoring.rules["vetoes"].items():
        if "lookback_months" in told:
            row = IndicatorMeasure.objects.get(indicator__code=code)
            assert measure(row.measure).period == f"lookback:{told['lookback_months']}m", code


# counting


@pytest.mark.parametrize(
    ("score", "state", "margin"),
    [("79.9", "triggered", "-0.1"), ("80", "near", "0"), ("85", "near", "5"), ("85.1", "clear", "5.1")],
)
def test_satisfaction_warns_five_points_before_the_line(scoring, score, state, margin):
    survey(score)

    found = line("6.0.4")

    assert (found.state, found.margin, found.near_at) == (state, D(margin), 85)


@pytest.mark.parametrize(("passed", "state"), [("979", "triggered"), ("980", "near"), ("991", "clear")])
def test_a_pass_rate_of_97_9_triggers_and_98_does_not(scoring, passed, state):
    sampling(passed)

    found = line("6.0.5")

    assert (found.state, found.value) == (state, D(passed) / 10)


@pytest.mark.parametrize(
    ("on", "state", "count"),
    [(date(2019, 11, 24), "triggered", 1), (date(2019, 11, 23), "clear", 0), (AS_OF, "triggered", 1)],
)
def test_an_accident_of_exactly_three_years_counts_and_a_day_older_does_not(scoring, on, state, count):
    accident(on)

    found = line("6.0.2")

    assert (found.state, found.value) == (state, count)
    assert found.main.window.start == date(2019, 11, 24)


def test_the_leap_day_ends_its_three_years_on_the_last_of_february(scoring):
    accident(date(2020, 2, 29))

    assert line("6.0.2", date(2023, 2, 28)).state == "triggered"
    assert line("6.0.2", date(2023, 3, 1)).state == "clear"


def test_the_shorter_lookback_stands_beside_the_one_that_decides(scoring):
    accident(date(2020, 6, 1))

    found = line("6.0.2")

    assert (found.value, found.also.value, found.also.months) == (1, 0, 24)
    assert found.also.window.start == date(2020, 11, 24)


def test_a_serious_accident_warns_before_a_major_one_triggers(scoring):
    accident(date(2021, 6, 1), grade="较大")

    found = line("6.0.2")

    assert (found.state, found.value, found.warning.value) == ("near", 0, 1)


def test_a_verdict_decides_the_condition_that_is_judged(scoring):
    assert line("6.0.1").state == "unknown"
    evaluation = evaluate_area(area="131000", as_of=AS_OF, by="office", at=AT)
    for verdict, state in (("达标", "clear"), ("不达标", "triggered")):
        enter_verdict(evaluation=evaluation, code="6.0.1", area="131000", verdict=verdict, reviewer="一组",
                      reviewed_on=AS_OF, reason="查阅履职材料", by="rev", at=AT)  # fmt: skip
        assert line("6.0.1").state == state


def test_the_monitor_says_the_same_as_an_evaluation_of_that_day(scoring):
    survey("79.9")
    accident(date(2022, 1, 1))
    sampling("979")
    evaluation = evaluate_area(area="131000", as_of=AS_OF, by="office", at=AT)

    stored = {row.indicator.code: row for row in evaluation.results.filter(area_key="1310", indicator__is_veto=True)}

    for each in veto_watch("1310", AS_OF).lines:
        row = stored[each.indicator.code]
        assert (row.value, row.margin, row.reason) == (each.value, each.margin, each.reason)
        assert row.veto_state == ("clear" if each.state == "near" else each.state)


# warning


def test_the_office_is_told_once_for_each_crossing(office):
    survey("88", "2022-10-01")
    assert watch_all(by="worker", at=AT) == 0
    survey("81")
    assert [watch_all(by="worker", at=AT) for _ in range(3)] == [1, 0, 0]
    notice = Notice.objects.get()
    assert (notice.recipient, notice.level, notice.params["value"]) == (office, "due", "81")

    survey("79.9")
    watch_all(by="worker", at=AT)
    watch_all(by="worker", at=AT + timedelta(hours=1))

    assert [each.level for each in Notice.objects.order_by("pk")] == ["due", "overdue"]
    told = VetoCrossing.objects.order_by("pk").values_list("before", "after", "margin")
    assert list(told) == [("clear", "near", 1), ("near", "triggered", D("-0.1"))]
    assert Entry.objects.filter(action="campaign.veto_crossed").count() == 2


def test_going_back_is_kept_and_tells_nobody(office):
    survey("79.9")
    watch_all(by="worker", at=AT)
    survey("90")

    watch_all(by="worker", at=AT)

    assert list(VetoCrossing.objects.order_by("pk").values_list("after", flat=True)) == ["triggered", "clear"]
    assert Notice.objects.count() == 1


def test_an_accident_that_leaves_the_lookback_clears_the_condition_by_itself(office):
    accident(date(2019, 11, 24))
    watch_vetoes(area_key="1310", day=AS_OF, by="worker", at=AT)

    watch_vetoes(area_key="1310", day=AS_OF + timedelta(days=1), by="worker", at=AT + timedelta(days=1))

    told = VetoCrossing.objects.order_by("pk").values_list("item_code", "after")
    assert list(told) == [("6.0.2", "triggered"), ("6.0.2", "clear")]


def test_rows_that_come_ask_for_a_look(office):
    survey("79.9")

    assert ProcrastinateJob.objects.filter(task_name="campaign.watch_vetoes").count() == 1


# page


def board(client, **query):
    response = client.get(reverse("campaign:veto_board"), {"area": "1310", **query})
    assert response.status_code == 200
    return response.content.decode()


def test_a_satisfaction_of_79_9_turns_the_board_red_and_80_is_clear_with_margin_0(client, office):
    survey("79.9")
    red = board(client, as_of=AS_OF)
    survey("80")
    amber = board(client, as_of=AS_OF)

    assert "已触发否决：满意度不足" in red
    assert "-0.1分" in red
    assert "已触发否决" not in amber
    assert "未触发 · 临近" in amber
    assert ">0分<" in amber
    assert "≤ 85分" in amber
    assert "预警：满意度不足" in amber


def test_every_count_opens_to_its_rows(client, office):
    accident(date(2022, 1, 1), "SG-7")

    html = board(client, as_of=AS_OF)

    url = f"/figures/incidents.major_3y/rows/?area=131000&amp;as_of={AS_OF}&amp;period=2019-11-24%2F2022-11-24"
    assert url in html
    assert "SG-7" in client.get(url.replace("&amp;", "&")).content.decode()


def test_the_board_stands_at_today_and_tells_when_a_state_changed(client, office):
    survey("79.9")
    watch_all(by="worker", at=AT)

    html = board(client)

    assert "实时（今天）" in html
    assert "状态变化" in html
    assert "已触发否决：满意度不足" in html


def test_a_day_to_come_is_today(client, office):
    assert "2999" not in board(client, as_of="2999-01-01").split("<table")[1]
