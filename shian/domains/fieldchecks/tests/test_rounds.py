"""Rounds: planned, drawn by the steps of a draw, begun, closed; 20 % of each stratum; the same key, the same sample."""

import csv
import math
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from shian.domains.fieldchecks.actions.refusals import CheckRefused
from shian.domains.fieldchecks.actions.rounds import (
    RoundPlan,
    assign_sample,
    begin_visits,
    close_round,
    draft_round_draw,
    plan_round,
    replace_site,
)
from shian.domains.fieldchecks.actions.visits import Team
from shian.domains.fieldchecks.models import FieldPoint, FieldRound, FieldVisit, RoundFormat
from shian.domains.fieldchecks.queries.formats import formats_at
from shian.domains.fieldchecks.queries.rounds import format_lines, sampled_points, unassigned
from shian.domains.fieldchecks.tests.factories import AT, DAY, make_benchmark, make_point
from shian.engine.draws import actions as draws
from shian.engine.draws.models import DrawRow, Method
from shian.engine.draws.queries import draw_owned_by, inferences_of, sample_of
from shian.engine.draws.tests.factories import number_entries
from shian.kernel.accounts.models import Role
from shian.kernel.imports.actions import import_path, undo_batch
from shian.kernel.imports.models import ImportBatch
from shian.kernel.scope.models import OutOfReach
from shian.registers.people.models import Organisation
from shian.registers.people.tests.factories import OrganisationFactory, reach_user

pytestmark = pytest.mark.django_db
KNOWN_AT, LATER = AT + timedelta(hours=3), AT + timedelta(hours=4)
SOURCES = ({"name": "大盘收盘点数", "kind": "numbers"},)


@pytest.fixture
def points(people):
    """固安: 23 eligible of M19, one benchmark, one not ready, one checked last week; 4 covert. 安次: 6 of M19."""
    for number in range(23):
        make_point(f"G-{number:02}")
    make_benchmark(make_point("G-BENCH"))
    make_point("G-OPEN", state="checked", ready_on=None)
    make_point("G-FRESH", checked_on=DAY - timedelta(days=7), ready_on=DAY - timedelta(days=5))
    make_point("G-GONE", state="withdrawn", withdrawn_on=date(2022, 10, 1))
    for number in range(4):
        make_point(f"C-{number}", mode="covert")
    for number in range(6):
        make_point(f"A-{number}", area="131002100")


def planned(by, **changes):
    values = {
        "title": "第二轮明查暗访", "area": "131000", "starts_on": DAY, "ends_on": DAY + timedelta(days=30),
        "ratio": Decimal("0.2"), "least": 1, "reserves": Decimal("0.5"), "quiet_days": 30,
        "formats": formats_at("1310", DAY),
    }  # fmt: skip
    return plan_round(plan=RoundPlan(**{**values, **changes}), by=by, at=AT)


def drafted(round_, by):
    return draft_round_draw(round=round_, randomness=draws.Randomness(Method.PUBLIC, SOURCES, KNOWN_AT), by=by, at=AT)


def confirmed(round_, by, value="3341.62"):
    draw = drafted(round_, by)
    number_entries()
    for reader in (by, reach_user(f"second-{round_.pk}", "131000", Role.OFFICE)):
        draws.enter_reading(draw=draw, values=[[value]], by=reader, at=LATER)
    draw.refresh_from_db()
    return draws.confirm_draw(draw=draws.run_draw(draw=draw, by=by, at=LATER), by=by, at=LATER)


def test_a_round_keeps_the_formats_of_its_day(people, points):
    made = planned(people["office"])

    assert made.number == "1310-2022-01"
    kept = RoundFormat.objects.filter(round=made).order_by("-mode", "code")
    assert [(each.mode, each.code, each.form) for each in kept] == [
        ("overt", "M01", "open_M01"), ("overt", "M18", "open_M18"), ("overt", "M19", "open_M19"),
        ("covert", "A03", "covert_A03"),
    ]  # fmt: skip
    assert planned(people["office"]).number == "1310-2022-02"


@pytest.mark.parametrize(
    ("changes", "told"),
    [({"formats": []}, "业态"), ({"ends_on": date(2022, 1, 1)}, "结束日期"), ({"ratio": Decimal(2)}, "比例")],
)
def test_an_impossible_plan_is_refused(people, changes, told):
    with pytest.raises(CheckRefused, match=told):
        planned(people["office"], **changes)


def test_a_county_plans_for_itself_only(people):
    with pytest.raises(OutOfReach):
        planned(people["county"])
    assert planned(people["county"], area="131022").number == "131022-2022-01"


def test_the_frame_says_who_is_left_out_and_why(people, points):
    draw = drafted(planned(people["office"]), people["office"])

    left_out = {row.label.split()[0]: row.excluded for row in DrawRow.objects.filter(draw=draw).exclude(excluded="")}

    assert left_out == {"G-BENCH": "标杆点位", "G-OPEN": "尚未就绪", "G-FRESH": "近期检查过"}
    assert DrawRow.objects.filter(draw=draw).count() == 36
    assert {row.stratum for row in DrawRow.objects.filter(draw=draw)} == {
        "固安县 明查 M19", "固安县 暗访 A03", "安次区 明查 M19",
    }  # fmt: skip


def test_what_is_published_of_the_frame_names_no_place(people, points):
    draw = drafted(planned(people["office"]), people["office"])

    for row in DrawRow.objects.filter(draw=draw):
        told = f"{row.key} {row.stratum} {row.area_key} {row.excluded}"
        assert row.label.split()[0] not in told
        assert len(row.area_key) == 6


def test_each_stratum_gives_a_fifth_rounded_up_and_the_round_is_drawn(people, points):
    made = planned(people["office"])

    draw = confirmed(made, people["office"])

    made.refresh_from_db()
    assert made.state == "drawn"
    assert Counter(each.stratum for each in sample_of(draw)) == {
        "固安县 明查 M19": math.ceil(26 / 5), "固安县 暗访 A03": 1, "安次区 明查 M19": math.ceil(6 / 5),
    }  # fmt: skip
    drawn = {point.code for point in sampled_points(made, people["office"])}
    assert not drawn & {"G-BENCH", "G-OPEN", "G-FRESH", "G-GONE"}
    for line in format_lines(made, people["office"]):
        assert line.drawn * 5 >= line.points


def test_the_same_key_draws_the_same_sample_and_another_does_not(people, points):
    def codes(value):
        made = planned(people["office"])
        confirmed(made, people["office"], value)
        return sorted(point.code for point in sampled_points(made, people["office"]))

    assert codes("3341.62") == codes("3341.62")
    assert codes("3341.62") != codes("3341.63")


def test_a_county_sees_its_own_part_of_the_citys_round(people, points):
    made = planned(people["office"])
    confirmed(made, people["office"])

    lines = {line.format.code: (line.points, line.drawn) for line in format_lines(made, people["other"])}

    assert lines == {"M01": (0, 0), "M18": (0, 0), "M19": (6, 2), "A03": (0, 0)}
    assert {point.county for point in sampled_points(made, people["other"])} == {"131002"}


def test_a_closed_site_is_replaced_by_the_next_reserve(people, points):
    made = planned(people["office"])
    draw = confirmed(made, people["office"])
    gone = next(each for each in sample_of(draw) if each.stratum == "固安县 明查 M19")

    stand_in = draws.replace_pick(draw=draw, key=gone.key, reason="停业", by=people["office"], at=LATER).stand_in

    codes = {str(point.uid) for point in sampled_points(made, people["office"])}
    assert gone.key not in codes
    assert stand_in.row.key in codes


def test_a_round_is_drawn_once_unless_the_draw_is_void(people, points):
    made = planned(people["office"])
    draw = drafted(made, people["office"])

    with pytest.raises(CheckRefused, match="作废"):
        drafted(made, people["office"])
    draws.cancel_draw(draw=draw, reason="来源写错", by=people["office"], at=AT)
    assert drafted(made, people["office"]).pk == draw_owned_by(made.subject).pk != draw.pk


def test_a_round_without_points_that_can_be_drawn_is_refused(people):
    make_point("P-1", state="checked", ready_on=None)

    with pytest.raises(CheckRefused, match="可抽"):
        drafted(planned(people["office"]), people["office"])


def test_a_round_goes_its_way_in_order(people, points):
    made = planned(people["office"])
    with pytest.raises(CheckRefused):
        begin_visits(round=made, by=people["office"], at=AT)
    confirmed(made, people["office"])
    begin_visits(round=made, by=people["office"], at=LATER)
    closed = close_round(round=made, by=people["office"], at=LATER)
    assert (closed.state, closed.closed_by) == ("closed", "office")
    with pytest.raises(CheckRefused):
        close_round(round=made, by=people["office"], at=LATER)


def test_546_of_ten_formats_come_out_of_a_fifth():
    counts = (26, 30, 7, 5, 500, 460, 135, 175, 1290, 95)

    assert sum(math.ceil(count * Decimal("0.2")) for count in counts) == 546


def test_the_pages_of_a_round(client, people, points):
    client.force_login(people["office"])
    plan = {
        "title": "第三轮", "area": "131000", "starts_on": "2022-11-24", "ends_on": "2022-12-24", "ratio": "20",
        "least": "1", "reserves": "50", "quiet_days": "30", "formats": ["overt:M19", "covert:A03"],
    }  # fmt: skip
    url = reverse("fieldchecks:field_round_create")
    assert client.post(url, {**plan, "formats": []}).status_code == 200
    assert client.post(url, {**plan, "ends_on": "2022-01-01"}).status_code == 200
    assert FieldRound.objects.count() == 0

    client.post(url, plan)
    made = FieldRound.objects.get()
    page = client.get(reverse("fieldchecks:field_round_detail", args=[made.pk])).content.decode()
    assert "小餐饮" in page
    assert "早夜市小餐饮" in page
    assert "抽取样本" in page
    freeze = reverse("fieldchecks:field_round_freeze", args=[made.pk])
    assert client.post(freeze, {"method": "public"}).status_code == 200
    assert draw_owned_by(made.subject) is None

    told = {
        "method": "public",
        "source_1": "大盘",
        "kind_1": "numbers",
        "kind_2": "numbers",
        "known_at": "2099-01-01T10:00",
    }
    assert client.post(freeze, told).status_code == 302
    assert draw_owned_by(made.subject) is not None
    assert FieldPoint.objects.count() == 37
    client.force_login(people["station"])
    assert client.get(reverse("fieldchecks:field_round_detail", args=[made.pk])).status_code == 403
    assert client.get(reverse("fieldchecks:sample_list", args=[made.pk])).status_code == 403


def test_the_draw_tells_what_the_visits_of_the_round_say_of_all_points(people, points, client):
    made = planned(people["office"])
    draw, issuer = confirmed(made, people["office"]), OrganisationFactory(code="1310-CAMPO", area_code="131000")
    sample = [each for each in sample_of(draw) if each.stratum == "固安县 明查 M19"]
    for place, picked in enumerate(sample):
        FieldVisit.objects.create(
            number=f"V-{place}", point=FieldPoint.objects.get(uid=picked.key), round_no=made.number, mode="overt",
            format="M19", state="uploaded", issuer=issuer, assigned_at=LATER, visited_on=DAY, percent=90 - place,
            verdict="failed" if place == 0 else "passed", batch=1, city="1310", county="131022",
        )  # fmt: skip

    told = inferences_of(draw, people["office"])

    by_name = {each.name: each for each in told.strata}
    found = by_name["固安县 明查 M19"]
    assert (found.population, found.visited, found.passed) == (23, len(sample), len(sample) - 1)
    assert found.rate.low < 1 - 1 / len(sample) < found.rate.high
    assert by_name["固安县 暗访 A03"].rate is None
    client.force_login(people["office"])
    assert client.get(reverse("draws:estimate_list", args=[draw.pk])).status_code == 200


@pytest.fixture
def visiting(people, points):
    """A round whose sample is confirmed and visited, and the office's unit with two checkers."""
    made = planned(people["office"])
    confirmed(made, people["office"])
    return begin_visits(round=made, by=people["office"], at=LATER)


def sent(round_, people, **chosen):
    by = people["office"]
    unit = Organisation.objects.get(code="131000-office")
    team = Team(unit, by, people["reviewer"])
    waiting = [each for each in unassigned(round_, by) if all(getattr(each, n) == v for n, v in chosen.items())]
    return assign_sample(round=round_, points=waiting, team=team, due_on=None, by=by, at=LATER)


def test_visits_are_assigned_from_the_drawn_list(people, visiting):
    visits = sent(visiting, people, county="131002")

    assert {(each.round_no, each.form, each.state) for each in visits} == {(visiting.number, "open_M19", "assigned")}
    assert len(visits) == 2
    left = unassigned(visiting, people["office"])
    assert not {each.pk for each in left} & {each.point_id for each in visits}
    with pytest.raises(CheckRefused, match="不在样本里"):
        assign_sample(
            round=visiting, points=[each.point for each in visits], by=people["office"], at=LATER, due_on=None,
            team=Team(Organisation.objects.get(code="131000-office"), people["office"], people["reviewer"]),
        )  # fmt: skip


def test_the_round_shows_visits_mean_and_open_problems_by_format(people, visiting):
    visits = sent(visiting, people, county="131002")
    FieldVisit.objects.filter(pk=visits[0].pk).update(
        state="refused", reason="拒绝检查", visited_on=DAY, percent=Decimal(0), verdict="failed"
    )
    FieldVisit.objects.filter(pk=visits[1].pk).update(
        state="refused", reason="改期", visited_on=DAY, percent=Decimal(90), verdict="passed"
    )

    line = next(each for each in format_lines(visiting, people["office"]) if each.format.code == "M19")

    assert (line.tally.visited, line.tally.mean, line.open_problems) == (2, 45, 0)


def test_what_a_visit_found_keeps_a_point_out_of_the_next_draw(people, visiting):
    point = sent(visiting, people, county="131002")[0].point
    FieldVisit.objects.filter(point=point).update(
        state="refused", reason="拒绝检查", visited_on=DAY, percent=Decimal(0), verdict="failed"
    )

    draw = drafted(planned(people["office"]), people["office"])

    assert DrawRow.objects.get(draw=draw, key=str(point.uid)).excluded == "近期检查过"


def test_a_replaced_site_hands_its_visit_to_the_reserve(people, visiting):
    for visit in sent(visiting, people, mode="overt", county="131022"):
        gone = visit
    made = replace_site(round=visiting, point=gone.point, reason="停业", by=people["office"], at=LATER)

    gone.refresh_from_db()
    stand_in = FieldVisit.objects.get(point__uid=made.stand_in.row.key)
    assert (gone.state, gone.reason) == ("replaced", "停业")
    assert (stand_in.state, stand_in.lead, stand_in.round_no) == ("assigned", people["office"], visiting.number)


def test_the_sample_is_assigned_and_replaced_on_its_pages(client, people, visiting):
    client.force_login(people["office"])
    assign = reverse("fieldchecks:sample_assign", args=[visiting.pk])
    told = {"kind": "overt:M19", "county": "131002", "issuer": "131000-office", "most": "20",
            "lead": str(people["office"].pk), "second": str(people["office"].pk)}  # fmt: skip
    assert "两人" in client.post(assign, told).content.decode()
    assert FieldVisit.objects.count() == 0
    second = reach_user("pair", "131000", Role.OFFICE)
    client.post(assign, {**told, "second": str(second.pk)})
    assert FieldVisit.objects.count() == 2

    visit = FieldVisit.objects.filter(county="131002").first()
    replace = reverse("fieldchecks:sample_replace", args=[visiting.pk, visit.point_id])
    assert client.post(replace, {"reason": "拆迁"}).status_code in (200, 302)
    assert client.get(reverse("fieldchecks:sample_list", args=[visiting.pk])).status_code == 200
    outside = FieldPoint.objects.get(code="G-BENCH")
    url = reverse("fieldchecks:sample_replace", args=[visiting.pk, outside.pk])
    assert client.get(url).status_code == 404


def bring(tmp_path, *rows):
    path = tmp_path / "rounds.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([["轮次编号", "名称", "区划代码", "开始日期", "结束日期", "抽取比例"], *rows])
    return import_path(path=path, by="cli", at=timezone.now(), importer="field_rounds")[0]


def test_rounds_of_earlier_times_come_as_a_file_with_the_formats_of_their_day(tmp_path, people, django_user_model):
    good = ["2022-1", "第一轮", "131000", "2022-08-25", "2022-09-23", "20"]
    summary = bring(
        tmp_path, good, ["2022-2", "颠倒", "131000", "2022-09-23", "2022-08-25", "20"],
        ["2022-3", "将来", "131000", "2022-09-23", "2099-08-25", "20"],
        ["2022-4", "不抽", "131000", "2022-08-25", "2022-09-23", "0"],
    )  # fmt: skip

    assert (summary.accepted, summary.rejected) == (1, 3)
    found = FieldRound.objects.get()
    assert (found.state, found.ratio, found.closed_by) == ("closed", Decimal("0.2"), "cli")
    assert {(each.mode, each.code) for each in found.formats.all()} == {
        ("overt", "M01"), ("overt", "M18"), ("overt", "M19"), ("covert", "A03"),
    }  # fmt: skip
    root = django_user_model.objects.create(username="root", role="admin", is_superuser=True)
    undo_batch(batch=ImportBatch.objects.get(pk=summary.batch), reason="传错", by=root, at=timezone.now())
    assert FieldRound.objects.count() == RoundFormat.objects.count() == 0


def test_a_county_that_is_checked_does_not_learn_which_covert_points_were_drawn(client, people, visiting):
    mine = people["county"]

    assert {point.mode for point in sampled_points(visiting, people["office"])} == {"overt", "covert"}
    assert {point.mode for point in sampled_points(visiting, mine)} == {"overt"}
    assert [line.drawn for line in format_lines(visiting, mine) if line.format.mode == "covert"] == [0]
    client.force_login(mine)
    covert = next(point for point in sampled_points(visiting, people["office"]) if point.mode == "covert")
    listed = client.get(reverse("fieldchecks:sample_list", args=[visiting.pk])).content.decode()
    assert covert.code not in listed
    assert client.get(reverse("fieldchecks:sample_assign", args=[visiting.pk])).status_code == 404
    assert client.get(reverse("fieldchecks:sample_replace", args=[visiting.pk, covert.pk])).status_code == 404
