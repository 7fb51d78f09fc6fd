"""Units are scored from rows at every look, ranked, confirmed, published, appealed against and corrected (A-16)."""

from datetime import date, datetime, timedelta
from decimal import Decimal as D
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from shian.domains.campaign.actions import enter_verdict
from shian.domains.campaign.actions import unit_scores as actions
from shian.domains.campaign.actions.unit_scores import (
    ScoresRefused,
    appeal_score,
    confirm_ranking,
    correct_score,
    publish_ranking,
)
from shian.domains.campaign.models import EvidenceNeed, ScoreCorrection, UnitRanking, UnitScore, Week, WeekReport
from shian.domains.campaign.queries.rankings import appeals_in, score_subject
from shian.domains.campaign.queries.unit_losses import losses_of, matters_of
from shian.domains.campaign.queries.unit_matters import span_of
from shian.domains.campaign.queries.unit_scores import running_scores, score_rule
from shian.domains.campaign.tests.factories import AS_OF, AT, make_organisation, make_user
from shian.engine.cases.actions import Given, move_case
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.engine.measures.rules import parse_period
from shian.kernel.accounts.models import Role, User
from shian.kernel.notary.models import Entry
from shian.kernel.notices.models import Notice
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.rules import columns_of_key
from shian.registers.people.models import Organisation, Person, Post

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
NOVEMBER = parse_period("202211")
RULE = score_rule(AS_OF)
FIELD_OF_AGRI = "1.5.1"  # a field item that the agriculture bureau leads
FIELD_OF_EDU = "1.7.4"


def staff(username: str, role: Role, unit: Organisation) -> User:
    user = User.objects.create_user(username, password="long-enough-1", role=role)
    person = Person.objects.create(person_no=username, name="王安", user=user)
    Post.objects.create(
        person=person, organisation=unit, title="科员", kind="联络员", area_code=unit.area_code,
        valid_from=date(2019, 1, 1), **columns_of_key(unit.area),
    )  # fmt: skip
    return user


@pytest.fixture
def units(city):
    """The office, three departments of the city, the campaign offices of two counties."""
    office = make_organisation("CAMPO", kind="指挥部办公室", is_campaign_department=False)
    found = {code: make_organisation(code) for code in ("SAMR", "AGRI", "EDU")}
    below = {key: make_organisation("CAMPO", f"{key}", is_campaign_department=False) for key in ("131002", "131022")}
    return {"office": office, **found, **below}


@pytest.fixture
def evaluation(units, evaluate):
    return evaluate()


@pytest.fixture
def alice(client, units):
    user = staff("alice", Role.OFFICE, units["office"])
    client.force_login(user)
    return user


def judge(evaluation, code, verdict="达标", area="131000", **given):
    values = {"reviewer": "评审一组", "reviewed_on": date(2022, 11, 1), "by": "rev", "at": AT, "reason": "查阅资料"}
    return enter_verdict(evaluation=evaluation, code=code, area=area, verdict=verdict, **{**values, **given})


def scores(today=AS_OF):
    found, rows = running_scores("1310", span_of(NOVEMBER, today))
    return found, {each.unit.department_code if not each.unit.county else each.unit.county: each for each in rows}


def made(unit, number, *, closed_on=None, due_on=None, kind="task", **more):
    """A case as an import leaves it."""
    moment = datetime.combine(closed_on, datetime.min.time(), ZONE) if closed_on else None
    return Case.objects.create(
        type=kind, number=number, title=f"事项 {number}", is_open=closed_on is None, issuer=unit, unit=unit,
        opened_on=date(2022, 10, 1), closed_at=moment, due_on=due_on, created_at=AT, updated_at=AT,
        **{"state": "done" if closed_on else "working", **columns_of_key(unit.area), **more},
    )  # fmt: skip


def clocked(case, due_on, answered_on=None):
    stopped = datetime.combine(answered_on, datetime.min.time(), ZONE) if answered_on else None
    case.clocks.create(key="work", started_at=AT - timedelta(days=40), due_on=due_on, stopped_at=stopped)
    return case


# counting


def test_the_rules_total_is_that_of_the_scoring_version(evaluation):
    assert evaluation.scoring.total == RULE.total


def test_one_field_score_changes_the_rank_at_once_and_names_the_item(evaluation):
    judge(evaluation, FIELD_OF_AGRI)
    judge(evaluation, FIELD_OF_EDU, "部分达标", ratio=D("0.9"))
    _found, before = scores()
    assert (before["AGRI"].place, before["AGRI"].lost) == (1, 0)
    assert before["EDU"].place == 2

    judge(evaluation, FIELD_OF_AGRI, "不达标", reason="未见分类管控记录")

    found, after = scores()
    assert (after["EDU"].place, after["AGRI"].place) == (1, 2)
    part, loss = losses_of(found, after["AGRI"])[0]
    assert (part.key, loss.code, loss.lost) == ("field", FIELD_OF_AGRI, after["AGRI"].lost)
    assert after["AGRI"].score == 120 - after["AGRI"].lost


def test_a_unit_with_nothing_decided_has_no_place(evaluation):
    _found, rows = scores()

    assert (rows["EDU"].score, rows["EDU"].place, rows["EDU"].parts) == (None, None, [])


def test_a_unit_with_nothing_but_weekly_ledgers_is_not_the_best_one(evaluation, units):
    judge(evaluation, FIELD_OF_AGRI, "部分达标", ratio=D("0.5"))
    judge(evaluation, "1.2.2")
    week = Week.objects.create(monday=date(2022, 11, 7), cut_off_at=AT - timedelta(days=13), lock_on=date(2022, 11, 14),
                               opened_at=AT, **columns_of_key("1310"))  # fmt: skip
    filed = AT - timedelta(days=14)
    WeekReport.objects.create(week=week, unit=units["EDU"], state="filed", filed_at=filed, **columns_of_key("1310"))

    _found, rows = scores()

    assert (rows["EDU"].score, rows["EDU"].place) == (120, None)


def test_counties_are_ranked_among_themselves_by_their_own_results(evaluation):
    judge(evaluation, "1.1.1", area="131002")
    judge(evaluation, "1.1.1", "不达标", area="131022")
    judge(evaluation, FIELD_OF_AGRI)

    _found, rows = scores()

    assert [(rows[key].place, rows[key].group) for key in ("131002", "131022", "AGRI")] == [
        (1, "county"), (2, "county"), (1, "department"),
    ]  # fmt: skip


def test_cases_count_once_they_are_decided_and_late_ones_lose(evaluation, units):
    agri = units["AGRI"]
    clocked(made(agri, "1", closed_on=date(2022, 11, 3)), date(2022, 11, 5), date(2022, 11, 2))
    clocked(made(agri, "2", closed_on=date(2022, 11, 9)), date(2022, 11, 5), date(2022, 11, 8))
    clocked(made(agri, "3", due_on=date(2022, 11, 20)), date(2022, 11, 20))
    clocked(made(agri, "4", due_on=date(2022, 12, 20)), date(2022, 12, 20))  # not due yet
    clocked(made(agri, "5", due_on=date(2022, 11, 20)), date(2022, 11, 10), date(2022, 11, 9))  # waits for the verifier
    clocked(made(agri, "6", closed_on=date(2022, 10, 9)), date(2022, 10, 5), date(2022, 10, 8))  # another period
    made(agri, "7", closed_on=date(2022, 11, 3), state="cancelled")

    found, rows = scores()

    matters = {each.code: each for each in matters_of(found, rows["AGRI"], "tasks")}
    assert set(matters) == {"1", "2", "3"}
    assert [round(matters[code].lost / matters[code].possible, 4) for code in "123"] == [0, D("0.4"), 1]
    assert matters["3"].reason == "逾期未办结，期限 2022-11-20"
    assert rows["AGRI"].lost == sum(each.lost for each in matters.values())


def test_a_countys_office_answers_for_the_units_of_its_county(evaluation, units):
    samr = make_organisation("SAMR", "131022")
    clocked(made(samr, "1", kind="problem", due_on=date(2022, 11, 2)), date(2022, 11, 2))

    found, rows = scores()

    assert rows["131022"].score == 0
    assert [each.code for _part, each in losses_of(found, rows["131022"])] == ["1"]
    assert rows["131002"].score is None


def test_evidence_counts_by_its_state_and_what_waits_for_review_does_not(evaluation, units):
    for code, state in (("1.1.1", "passed"), ("1.1.2", "returned"), ("1.1.3", "filed"), ("1.1.4", "none")):
        EvidenceNeed.objects.create(
            item_code=code, unit=units["SAMR"], state=state, since=AS_OF, city="1310", province="13",
            passed_on=AS_OF if state == "passed" else None,
        )  # fmt: skip

    found, rows = scores()

    assert rows["SAMR"].score == 40
    assert [each.code for _part, each in losses_of(found, rows["SAMR"])] == ["1.1.2", "1.1.4"]


def test_counting_needs_the_same_statements_for_many_units_as_for_few(evaluation, units):
    judge(evaluation, FIELD_OF_AGRI)
    scores()  # editions are read once and kept
    with CaptureQueriesContext(connection) as few:
        scores()
    for number in range(20):
        made(make_organisation(f"X{number}"), f"X{number}", closed_on=date(2022, 11, 3))

    with CaptureQueriesContext(connection) as many:
        scores()

    assert len(many) == len(few) <= 12


# the flow


@pytest.fixture
def confirmed(evaluation):
    judge(evaluation, FIELD_OF_AGRI, "部分达标", ratio=D("0.5"))
    judge(evaluation, FIELD_OF_EDU, "部分达标", ratio=D("0.6"))
    return confirm_ranking(area_key="1310", window=NOVEMBER, by="office", at=AT)


def of(ranking, unit):
    return UnitScore.objects.get(ranking=ranking, unit__department_code=unit, unit__county="")


def test_what_was_confirmed_stays_while_the_running_score_moves(evaluation, confirmed):
    judge(evaluation, FIELD_OF_AGRI, "不达标")

    assert of(confirmed, "AGRI").score == 60
    assert scores()[1]["AGRI"].score == 0
    again = confirm_ranking(area_key="1310", window=NOVEMBER, by="office", at=AT)
    assert of(again, "AGRI").score == 0
    assert UnitRanking.objects.count() == 1


def test_a_published_ranking_is_told_once_and_no_more_confirmed(confirmed, units):
    officer = staff("gu", Role.DEPARTMENT, units["AGRI"])

    publish_ranking(ranking=confirmed, by="office", at=AT)

    notice = Notice.objects.get(recipient=officer)
    assert notice.params == {"period": "202211", "until": "2022-12-01"}
    with pytest.raises(ScoresRefused, match="已经公布"):
        publish_ranking(ranking=confirmed, by="office", at=AT)
    with pytest.raises(ScoresRefused, match="只能按申诉更正"):
        confirm_ranking(area_key="1310", window=NOVEMBER, by="office", at=AT)


def decided(case, step):
    declared = case_type(case.type)
    case.refresh_from_db()
    move_case(declared=declared, case=case, step=declared.step(step), seen=case.version, given=Given(note="属实"),
              by="office", at=AT)  # fmt: skip


def test_an_upheld_appeal_corrects_score_and_places_and_keeps_the_former(confirmed, units):
    publish_ranking(ranking=confirmed, by="office", at=AT)
    officer, score = staff("gu", Role.DEPARTMENT, units["AGRI"]), of(confirmed, "AGRI")
    assert (score.place, of(confirmed, "EDU").place) == (2, 1)
    case = appeal_score(score=score, text="现场已整改，附照片", files=[], by=officer, at=AT)
    with pytest.raises(ScoresRefused, match="没有成立的申诉"):
        correct_score(score=score, part="field", after=D(100), reason="复核属实", by="office", at=AT)
    decided(case, "uphold")

    correction = correct_score(score=score, part="field", after=D("100"), reason="复核属实", by="office", at=AT)

    score.refresh_from_db()
    case.refresh_from_db()
    assert (score.score, score.place, of(confirmed, "EDU").place) == (100, 1, 2)
    assert (correction.before, correction.after, case.state) == (60, 100, "corrected")
    assert Entry.objects.get(uid=correction.seal).data["appeal"] == case.number
    with pytest.raises(ScoresRefused, match="没有成立的申诉"):
        correct_score(score=score, part="field", after=D(1), reason="再改", by="office", at=AT)


@pytest.mark.parametrize(("after", "words"), [(D(121), "0 和 120.00"), (D(60), "没有变化")])
def test_a_correction_outside_the_maximum_or_without_change_is_refused(confirmed, units, after, words):
    publish_ranking(ranking=confirmed, by="office", at=AT)
    score = of(confirmed, "AGRI")
    decided(appeal_score(score=score, text="有异议", files=[], by=staff("gu", Role.DEPARTMENT, units["AGRI"]), at=AT),
            "uphold")  # fmt: skip

    with pytest.raises(ScoresRefused, match=words):
        correct_score(score=score, part="field", after=after, reason="复核", by="office", at=AT)

    assert not ScoreCorrection.objects.exists()


def test_an_appeal_is_the_units_own_in_time_and_one_at_a_time(confirmed, units):
    officer, other = staff("gu", Role.DEPARTMENT, units["AGRI"]), staff("he", Role.DEPARTMENT, units["EDU"])
    score = of(confirmed, "AGRI")
    given = {"score": score, "text": "有异议", "files": []}
    with pytest.raises(ScoresRefused, match="还没有公布"):
        appeal_score(**given, by=officer, at=AT)
    publish_ranking(ranking=confirmed, by="office", at=AT)
    score = of(confirmed, "AGRI")
    given["score"] = score
    with pytest.raises(OutOfReach):
        appeal_score(**given, by=other, at=AT)
    with pytest.raises(PermissionDenied):
        appeal_score(**given, by=staff("ai", Role.REVIEWER, units["AGRI"]), at=AT)
    with pytest.raises(ScoresRefused, match="申诉期限 2022-12-01 已过"):
        appeal_score(**given, by=officer, at=AT + timedelta(days=8))
    with pytest.raises(ScoresRefused, match="请写明申诉理由"):
        appeal_score(**{**given, "text": " "}, by=officer, at=AT)
    with CaptureQueriesContext(connection) as asked:
        appeal_score(**given, by=officer, at=AT + timedelta(days=7))
    said = [each["sql"] or "" for each in asked]
    (locked,) = (sql for sql in said if "FOR UPDATE" in sql and "campaign_unitscore" in sql)
    assert f'"id" = {score.pk}' in locked  # of two at once the second waits, and finds the first one's appeal
    with pytest.raises(ScoresRefused, match="还在办理"):
        appeal_score(**given, by=officer, at=AT)


def test_a_period_to_come_or_without_any_matter_is_not_confirmed(evaluation):
    with pytest.raises(ScoresRefused, match="还没有开始"):
        confirm_ranking(area_key="1310", window=parse_period("202212"), by="office", at=AT)
    with pytest.raises(ScoresRefused, match="没有可以计分"):
        confirm_ranking(area_key="1310", window=NOVEMBER, by="office", at=AT)


def test_who_confirms_while_another_does_is_told_so(evaluation, units, monkeypatch):
    judge(evaluation, FIELD_OF_AGRI)

    def counted_while_another_confirms(*args):
        monkeypatch.setattr(actions, "running_scores", running_scores)
        confirm_ranking(area_key="1310", window=NOVEMBER, by="office", at=AT)
        return running_scores(*args)

    monkeypatch.setattr(actions, "running_scores", counted_while_another_confirms)
    with pytest.raises(ScoresRefused, match="刚刚被他人办理"):
        confirm_ranking(area_key="1310", window=NOVEMBER, by="office", at=AT)


def test_a_merged_appeal_is_not_counted_as_corrected(confirmed, units):
    publish_ranking(ranking=confirmed, by="office", at=AT)
    subject = score_subject(of(confirmed, "AGRI"))
    first = made(units["AGRI"], "申诉〔2022〕1号", kind="score_appeal", subject=subject, state="filed")
    made(units["AGRI"], "申诉〔2022〕2号", kind="score_appeal", subject=subject, state="corrected", closed_on=AS_OF,
         merged_into=first)  # fmt: skip

    assert appeals_in(confirmed) == {"filed": 1}


# pages


def page(client, name, *args, **query):
    return client.get(reverse(f"campaign:{name}", args=args), {"period": "202211", **query})


def text(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_the_page_ranks_anew_when_a_verdict_is_entered_and_opens_to_the_item(client, evaluation, alice):
    judge(evaluation, FIELD_OF_AGRI)
    judge(evaluation, FIELD_OF_EDU, "部分达标", ratio=D("0.9"))
    first = text(page(client, "ranking_list"))
    assert first.index("AGRI局") < first.index("EDU局")
    url = f"{reverse('campaign:verdict_enter', args=[FIELD_OF_AGRI])}?area=1310&as_of={AS_OF}"
    client.post(url, {"verdict": "不达标", "reason": "未见分类管控记录", "reviewer": "一组",
                      "reviewed_on": "2022-11-02"})  # fmt: skip

    second = text(page(client, "ranking_list"))
    unit = text(page(client, "ranking_detail", "1310-AGRI"))
    rows = text(page(client, "ranking_detail", "1310-AGRI", part="field"))

    assert second.index("EDU局") < second.index("AGRI局")
    assert "失分事项" in unit
    assert FIELD_OF_AGRI in unit
    assert "120.00" in unit
    assert "计分事项：现场核查" in rows
    assert f"/campaign/items/{FIELD_OF_AGRI}/?area=1310" in rows


def test_a_department_reads_its_own_running_score_and_all_published_ones(client, confirmed, units):
    client.force_login(staff("gu", Role.DEPARTMENT, units["AGRI"]))
    before = text(page(client, "ranking_list"))
    assert "AGRI局" in before
    assert "EDU局" not in before
    assert page(client, "ranking_detail", "1310-EDU").status_code == 404

    publish_ranking(ranking=confirmed, by="office", at=AT)

    after = text(page(client, "ranking_list"))
    assert "EDU局" in after
    assert page(client, "ranking_detail", "1310-EDU").status_code == 200
    assert page(client, "ranking_detail", "1310-NONE").status_code == 404


def test_the_office_confirms_and_publishes_from_the_page_and_a_unit_appeals(client, evaluation, alice, units):
    judge(evaluation, FIELD_OF_AGRI, "部分达标", ratio=D("0.5"))
    assert "确认本期得分" in text(page(client, "ranking_list"))
    client.post(reverse("campaign:ranking_confirm"), {"period": "202211"})
    ranking = UnitRanking.objects.get()
    assert "已确认，还没有公布" in text(page(client, "ranking_list"))
    client.post(reverse("campaign:ranking_publish", args=[ranking.pk]))
    score = of(ranking, "AGRI")
    client.force_login(staff("gu", Role.DEPARTMENT, units["AGRI"]))
    assert "申诉" in text(page(client, "ranking_detail", "1310-AGRI"))
    client.post(reverse("campaign:score_appeal", args=[score.pk]), {"text": "现场已整改"})
    case = Case.objects.get(type="score_appeal")
    client.force_login(alice)
    client.post(reverse("cases:step_take", args=[case.pk, "uphold"]), {"note": "属实", "seen": case.version})
    correcting = reverse("campaign:score_correct", args=[score.pk])
    assert correcting in text(page(client, "ranking_detail", "1310-AGRI"))

    html = text(client.post(correcting, {"part": "field", "after": "120", "reason": "复核属实"}, follow=True))

    assert "已更正得分并重排名次" in html
    assert "复核属实" in html
    assert case.number in html


def test_a_wrong_correction_is_told_beside_what_was_typed(client, confirmed, alice, units):
    publish_ranking(ranking=confirmed, by="office", at=AT)

    html = text(client.post(reverse("campaign:score_correct", args=[of(confirmed, "AGRI").pk]),
                            {"part": "field", "after": "100", "reason": "笔误"}))  # fmt: skip

    assert "没有成立的申诉" in html
    assert "笔误" in html


def test_who_stands_outside_gets_403_or_404(client, confirmed, units):
    score = of(confirmed, "AGRI")
    client.force_login(make_user("station", Role.STATION, "131022100"))
    assert page(client, "ranking_list").status_code == 403
    client.force_login(staff("gu", Role.DEPARTMENT, units["AGRI"]))
    assert client.post(reverse("campaign:ranking_confirm"), {"period": "202211"}).status_code == 403
    assert client.get(reverse("campaign:score_correct", args=[score.pk])).status_code == 403
    assert client.get(reverse("campaign:score_appeal", args=[score.pk])).status_code == 404  # not published
    publish_ranking(ranking=confirmed, by="office", at=timezone.now())
    assert client.get(reverse("campaign:score_appeal", args=[score.pk])).status_code == 200
    assert client.get(reverse("campaign:score_appeal", args=[of(confirmed, "EDU").pk])).status_code == 404


@pytest.mark.parametrize("period", ["208812", "nonsense"])
def test_a_period_that_is_none_is_not_found(client, evaluation, alice, period):
    assert page(client, "ranking_list", period=period).status_code == 404


def test_the_trend_shows_kept_periods_and_the_running_one(client, confirmed, alice):
    UnitRanking.objects.filter(pk=confirmed.pk).update(period="202210", started_on=date(2022, 10, 1))

    html = text(page(client, "ranking_detail", "1310-AGRI"))

    assert "各期得分" in html
    assert "2022年10月" in html
