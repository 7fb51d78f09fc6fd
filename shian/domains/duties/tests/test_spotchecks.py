"""Spot checks: planned, drawn, looked at, scored, published; an untrue visit no longer counts."""

import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from shian.domains.duties.actions.refusals import DutyRefused
from shian.domains.duties.actions.spotchecks import (
    Judgement,
    SpotPlan,
    draft_check_draw,
    judge_item,
    plan_check,
    publish_check,
    score_check,
)
from shian.domains.duties.models import DutyVisit, SpotCheck, SpotItem, SpotScore
from shian.domains.duties.queries.coverage import total
from shian.domains.duties.queries.spotchecks import NUMBERS
from shian.domains.duties.tests.factories import COUNTY, TOWN, VILLAGE
from shian.domains.duties.tests.visiting import NOW, ZONE, Village, picture, sheet
from shian.engine.cases.actions import CaseRefused, Given, move_case
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.engine.draws import actions as draws
from shian.engine.draws.models import Method
from shian.engine.draws.tests.factories import number_entries
from shian.kernel.accounts.models import Role
from shian.kernel.notary.models import Entry
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.walls import system_scope
from shian.registers.people.tests.factories import reach_user

pytestmark = pytest.mark.django_db
AFTER = datetime(2023, 1, 4, 9, 0, tzinfo=ZONE)
PLAN = SpotPlan("四季度督查", COUNTY, date(2022, 10, 1), date(2022, 12, 31), "一组", Decimal("0.5"), 2)
GOOD = {each.key: "yes" for each in NUMBERS.at(date(2023, 1, 4)).items}


@pytest.fixture
def village(place, time_machine):
    """Two businesses visited, a third not; it is January."""
    time_machine.move_to(NOW, tick=False)
    made = Village()
    made.second = reach_user("bob", COUNTY, Role.COUNTY)
    made.visits = []
    for name in ("甲店", "乙店"):
        sheet(made.business(name=name), made.user)
    made.business(name="丙店")
    made.visits = list(DutyVisit.objects.order_by("pk"))
    time_machine.move_to(AFTER, tick=False)
    return made


def drawn_check(village, **more):
    """A check whose draw was confirmed: two parties bound themselves and revealed."""
    check = plan_check(plan=PLAN, by=village.county, at=AFTER)
    parties = [village.county, village.second]
    randomness = draws.Randomness(Method.COMMITMENTS, parties=[each.username for each in parties])
    draw = draft_check_draw(check=check, randomness=randomness, by=village.county, at=AFTER)
    number_entries(AFTER.astimezone(UTC))
    for each in parties:
        digest = hashlib.sha256((each.username * 8).encode()).hexdigest()
        draws.commit(draw=draw, digest=digest, by=each, at=AFTER)
    for each in parties:
        draws.reveal(draw=draw, secret=each.username * 8, by=each, at=AFTER)
    draw = draws.run_draw(draw=draw, by=village.county, at=AFTER)
    draws.confirm_draw(draw=draw, by=village.county, at=AFTER)
    check.refresh_from_db()
    return check


def judge(item, by, *, true=True, note=""):
    return judge_item(item=item, judgement=Judgement(true, GOOD if true else {}, note), by=by, at=AFTER)


def page_of(user, name, *args, **query):
    client = Client()
    client.force_login(user)
    return client.get(reverse(f"duties:{name}", args=args), query)


def test_a_score_opens_the_sampled_visits_and_shows_which_were_untrue(village):
    check = drawn_check(village)
    first, second = SpotItem.objects.order_by("visit")
    assert (check.state, first.visit, second.visit) == ("sampled", *village.visits)
    with pytest.raises(DutyRefused, match="还有 2 次"):
        score_check(check=check, by=village.county, at=AFTER)

    judge(first, village.county)
    judge(second, village.county, true=False, note="主体说没有人来过")
    score_check(check=check, by=village.county, at=AFTER)
    publish_check(check=check, by=village.county, at=AFTER)

    # 1 of 3 visited, 1 of 2 true, the sheet of the true one without a fault
    score = SpotScore.objects.get(area_key=TOWN)
    assert (score.in_force, score.visited, score.checked, score.untrue) == (3, 1, 2, 1)
    assert score.score == Decimal("53.33")
    assert SpotScore.objects.filter(area_key=VILLAGE).count() == 1
    ranking = page_of(village.station, "spotcheck_detail", check.pk).context["tables"][0][1]
    opened = page_of(village.station, "spotitem_list", check.pk, area=TOWN)
    assert ranking.rows[0].url.endswith(f"/sample/?area={TOWN}")
    told = {row.cells["operator"].value: (row.cells["truth"].value, row.cells["note"]) for row in
            opened.context["list"].table.rows}  # fmt: skip
    assert told == {"甲店": ("属实", ""), "乙店": ("不属实", "主体说没有人来过")}


def test_an_untrue_visit_no_longer_counts_and_is_a_matter_for_its_official(village):
    before = total(COUNTY, date(2022, 12, 31)).visited
    drawn_check(village)
    item = SpotItem.objects.order_by("visit").first()
    judge(item, village.county, true=False, note="签字不是主体人员的")

    item.refresh_from_db()
    item.visit.refresh_from_db()
    assert (before, total(COUNTY, date(2022, 12, 31)).visited, item.visit.is_untrue) == (2, 1, True)
    with system_scope():
        matter = Case.objects.get(type="duty_untrue")
    assert (item.matter_id, matter.issuer_id, matter.data["visit"]) == (matter.pk, "131022-SAMR", item.visit.number)
    mine = page_of(village.user, "mine_detail").content.decode()
    assert "签字不是主体人员的" in mine
    client = Client()
    client.force_login(village.user)
    url = reverse("duties:untrue_answer", args=[item.pk])
    assert client.post(url, {"note": " "}).status_code == 200
    assert client.post(url, {"note": "当日主体负责人不在，由店员签字。"}).status_code == 302
    with system_scope():
        matter.refresh_from_db()
    assert matter.state == "explained"
    assert client.get(url).status_code == 404
    client.force_login(village.second)
    assert client.get(url).status_code == 404
    assert "经督查核查不属实" in page_of(village.county, "visit_detail", item.visit_id).content.decode()


def test_a_withdrawn_finding_counts_again_and_corrects_the_score(village):
    check = drawn_check(village)
    first, second = SpotItem.objects.order_by("visit")
    judge(first, village.county)
    judge(second, village.county, true=False, note="没有来过")
    score_check(check=check, by=village.county, at=AFTER)
    client = Client()
    client.force_login(village.county)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    url = reverse("duties:spotitem_withdraw", args=[second.pk])

    assert client.post(url, {"note": "调取监控，来过。"}).status_code == 302

    score = SpotScore.objects.get(area_key=TOWN)
    assert (score.untrue, score.visited, score.corrected_at) == (0, 2, AFTER)
    assert score.score == Decimal("86.67")
    assert Entry.objects.get(action="duties.spotcheck_withdrawn").data["scores"][TOWN] == "86.67"
    second.refresh_from_db()
    assert second.note == "撤销认定：调取监控，来过。"
    assert not DutyVisit.objects.filter(is_untrue=True).exists()
    with system_scope():
        assert Case.objects.get(type="duty_untrue").state == "withdrawn"
    assert client.get(url).status_code == 404


def test_what_the_office_upheld_is_not_withdrawn(village):
    drawn_check(village)
    item = SpotItem.objects.order_by("visit").first()
    judge(item, village.county, true=False, note="没有来过")
    item.refresh_from_db()
    declared = case_type("duty_untrue")
    with system_scope():
        given = Given(note="已批评教育", data={"follows": "批评教育"})
        move_case(declared=declared, case=item.matter, step=declared.step("uphold"), seen=item.matter.version,
                  given=given, by="test", at=AFTER)  # fmt: skip
    client = Client()
    client.force_login(village.county)
    page = client.post(reverse("duties:spotitem_withdraw", args=[item.pk]), {"note": "再看一次"})
    assert "不能再撤销" in page.content.decode()


def test_the_sheet_on_the_page_asks_for_every_item_and_for_a_reason(village):
    drawn_check(village)
    item = SpotItem.objects.order_by("visit").first()
    client = Client()
    client.force_login(village.county)
    url = reverse("duties:spotitem_check", args=[item.pk])

    assert "请回答这一项" in client.post(url, {"truth": "true", "came": "yes"}).content.decode()
    assert "请写明理由" in client.post(url, {"truth": "untrue"}).content.decode()
    sent = {**GOOD, "came": "no", "truth": "true", "photo": picture("p.png")}
    assert client.post(url, sent).status_code == 302
    item.refresh_from_db()
    assert (item.truth, item.score, item.photo is not None) == ("true", Decimal("75.00"), True)
    assert client.get(url).status_code == 404
    with pytest.raises(DutyRefused, match="已经由他人核查"):
        judge(item, village.county)


def test_before_it_is_published_a_township_sees_nothing_and_others_never_do(village):
    check = drawn_check(village)
    item = SpotItem.objects.order_by("visit").first()
    elsewhere = reach_user("carol", "131002", Role.COUNTY)

    for reader in (village.station, elsewhere):
        assert page_of(reader, "spotcheck_list").context["list"].total == 0
        assert page_of(reader, "spotcheck_detail", check.pk).status_code == 404
        assert page_of(reader, "spotitem_list", check.pk).status_code == 404
    assert page_of(village.station, "spotitem_check", item.pk).status_code == 403
    assert page_of(elsewhere, "spotitem_check", item.pk).status_code == 404
    with pytest.raises(OutOfReach):
        judge(item, elsewhere)


@pytest.mark.parametrize(
    ("change", "said"),
    [({"until": date(2023, 3, 31), "since": date(2023, 1, 1)}, "没有结束"),
     ({"since": date(2022, 10, 2)}, "完整的季度"),
     ({"share": Decimal(0)}, "比例"), ({"area": VILLAGE}, "没有包保干部")],
)  # fmt: skip
def test_a_plan_that_cannot_be_is_refused(village, change, said):
    with pytest.raises(DutyRefused, match=said):
        plan_check(plan=SpotPlan(**{**vars(PLAN), **change}), by="test", at=AFTER)
    assert not SpotCheck.objects.exists()


def test_the_page_plans_a_half_year(village):
    client = Client()
    client.force_login(village.county)
    page = client.get(reverse("duties:spotcheck_create"))
    offered = dict(page.context["page"].form.fields["period"].choices)
    assert offered["2022-07-01/2022-12-31"] == "2022年下半年"
    told = {
        "title": "下半年督查",
        "area": COUNTY,
        "period": "2022-07-01/2022-12-31",
        "team": "一组",
        "share": "5",
        "least": "5",
    }

    answer = client.post(reverse("duties:spotcheck_create"), told)

    check = SpotCheck.objects.get()
    assert answer.url == reverse("duties:spotcheck_detail", args=[check.pk])
    assert (check.number, check.share) == ("DC2022-131022-01", Decimal("0.05"))
    assert page_of(village.county, "spotcheck_freeze", check.pk).status_code == 200


def test_the_case_cannot_be_withdrawn_past_the_check(village):
    drawn_check(village)
    item = SpotItem.objects.order_by("visit").first()
    judge(item, village.county, true=False, note="没有来过")
    item.refresh_from_db()
    declared = case_type("duty_untrue")
    with pytest.raises(CaseRefused), system_scope():
        move_case(declared=declared, case=item.matter, step=declared.step("withdraw"), seen=item.matter.version,
                  given=Given(note="撤"), by=village.county, at=AFTER)  # fmt: skip
