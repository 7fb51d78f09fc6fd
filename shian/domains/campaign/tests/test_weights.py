"""A city's own weights are entered on a page, and the word 示例权重 disappears wherever a score is shown."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from shian.domains.campaign.actions import enter_weights, evaluate_area
from shian.domains.campaign.models import ItemResult, ScoringVersion, Standard
from shian.domains.campaign.queries import evaluation as evaluation_told
from shian.domains.campaign.queries.inputs import scoring_at
from shian.domains.campaign.queries.wording import problem_texts
from shian.domains.campaign.rules.weights import ScoringInvalid
from shian.domains.campaign.tests.factories import AS_OF, AT, make_user
from shian.kernel.accounts.models import Role
from shian.kernel.notary.models import Entry
from shian.kernel.scope.models import OutOfReach

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=30)
POINTS = {1: "40", 2: "20", 3: "20", 4: "12.5", 5: "7.5", 6: "0"}
FORM = {f"section_{number}": points for number, points in POINTS.items()} | {
    "title": "廊坊市评分办法", "effective_from": "2022-01-01", "source": "廊创办〔2022〕9号",
}  # fmt: skip


@pytest.fixture
def alice(client):
    user = make_user("alice", Role.OFFICE)
    client.force_login(user)
    return user


def own_weights(area="131000", **changes):
    given = {"standard": Standard.objects.get(), "sections": {1: Decimal(10)}, "effective_from": AS_OF, "title": "甲",
             "source": "乙", "by": "office", "at": AT} | changes  # fmt: skip
    return enter_weights(area=area, **given)


def enter(client, **changes):
    return client.post(reverse("campaign:scoring_enter"), {**FORM, **changes}, follow=True).content.decode()


def shown(client):
    """Everything that shows a score."""
    pages = [("campaign:item_list", (), {}), ("campaign:item_list", (), {"area": "131022"}),
             ("campaign:item_detail", ("1.1.1",), {}), ("campaign:loss_list", (), {}),
             ("campaign:loss_list", (), {"by": "area"}), ("office:home", (), {})]  # fmt: skip
    texts = [client.get(reverse(name, args=args), query).content.decode() for name, args, query in pages]
    export = client.get(reverse("campaign:item_export"), {"format": "csv"})
    texts.append(b"".join(export.streaming_content).decode("utf-8-sig"))
    return [*texts, str(evaluation_told(area="131000", as_of=AS_OF))]


def test_own_weights_end_the_illustration_everywhere(client, evaluate, alice):
    evaluate()
    assert sum("示例权重" in text for text in shown(client)) >= 5

    assert "分值已录入" in enter(client)
    evaluate()

    assert [text.split("示例权重")[0][-300:] for text in shown(client) if "示例权重" in text] == []
    rows = ItemResult.objects.filter(evaluation__is_current=True, area_key="1310", section_number=1)
    assert sum(row.weight for row in rows) == 40


def test_the_version_keeps_source_rules_and_a_seal(client, evaluate, alice):
    enter(client)

    own, former = ScoringVersion.objects.get(is_illustrative=False), ScoringVersion.objects.get(is_illustrative=True)
    assert (own.total, own.source, own.effective_from) == (100, "廊创办〔2022〕9号", date(2022, 1, 1))
    assert own.rules == former.rules
    assert sum(map(Decimal, own.weights.values())) == 100
    assert Entry.objects.get(subject=f"campaign.scoringversion:{own.pk}").actor == "alice"


def test_the_same_entry_again_is_no_second_version(client, evaluate, alice):
    enter(client)
    enter(client)

    assert ScoringVersion.objects.filter(is_illustrative=False).count() == 1


def test_evaluations_before_the_day_keep_the_illustrative_weights(client, evaluate, alice):
    enter(client, effective_from="2022-12-01")

    assert evaluate().scoring.is_illustrative
    assert not evaluate_area(area="131000", as_of=date(2022, 12, 1), by="office", at=LATER).scoring.is_illustrative


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"section_1": "-1"}, "大于或等于"), ({"source": " "}, "必填"), ({"section_2": ""}, "必填"),
     (dict.fromkeys((f"section_{number}" for number in POINTS), "0"), "须大于 0")],
)  # fmt: skip
def test_wrong_points_are_refused(client, evaluate, alice, changes, words):
    html = enter(client, **changes)

    assert words in html
    assert not ScoringVersion.objects.filter(is_illustrative=False).exists()


def test_weights_without_a_former_version_have_no_rules(city):
    standard = Standard.objects.get()
    standard.scorings.all().delete()

    with pytest.raises(ScoringInvalid) as caught:
        own_weights(standard=standard)

    assert "折算办法" in problem_texts(caught.value)[0]


def test_weights_belong_to_the_area_that_entered_them(city):
    standard = Standard.objects.get()
    theirs, county = own_weights("131100"), own_weights("131022")
    mine = own_weights("131000")

    assert scoring_at(standard, "1310", AS_OF) == scoring_at(standard, "131002", AS_OF) == mine
    assert scoring_at(standard, "131022", AS_OF) == county
    assert scoring_at(standard, "1311", AS_OF) == theirs
    assert scoring_at(standard, "1309", AS_OF).is_illustrative
    assert scoring_at(standard, "1310", AS_OF - timedelta(days=1)).is_illustrative


def test_an_older_entry_of_the_city_goes_before_a_newer_one_for_everybody(city):
    mine = own_weights("131000", effective_from=date(2022, 1, 1))
    ScoringVersion.objects.filter(is_illustrative=True).update(is_illustrative=False, effective_from=AS_OF)

    assert scoring_at(Standard.objects.get(), "1310", AS_OF) == mine


def test_items_with_points_of_their_own_leave_the_rest_to_the_others(client, evaluate, alice):
    enter(client, own="1.1.1 2.5\n1.1.2，0.5\n")

    own = ScoringVersion.objects.get(is_illustrative=False)
    assert (own.area_key, own.weights["1.1.1"], own.weights["1.1.2"]) == ("1310", "2.5", "0.5")
    assert own.own_weights == {"1.1.1": "2.5", "1.1.2": "0.5"}
    section = evaluate().results.filter(area_key="1310", section_number=1)
    assert sum(row.weight for row in section) == 40


@pytest.mark.parametrize(
    ("own", "words"),
    [("1.1.1", "第 1 行“1.1.1”应为编号和分值"), ("1.1.1 x", "应为编号和分值"), ("1.1.1 1\n1.1.1 2", "第 2 行"),
     ("9.9.9 1", "评价内容 9.9.9 不在细则中"), ("1.1.1 41", "第 1 大项共 40 分，单独给分的评价内容合计 41 分")],
)  # fmt: skip
def test_wrong_points_of_items_are_refused(client, evaluate, alice, own, words):
    assert words in enter(client, own=own)
    assert not ScoringVersion.objects.filter(is_illustrative=False).exists()


def test_nobody_enters_weights_for_an_area_beyond_the_reach(city):
    county = make_user("dora", Role.OFFICE, "131022")

    with pytest.raises(OutOfReach):
        own_weights("131000", by=county)
    with pytest.raises(PermissionDenied):
        own_weights("131022", by=make_user("carol", Role.COUNTY, "131022"))
    assert own_weights("131022", by=county).entered_by == "dora"


def test_the_standard_page_says_which_points_hold_and_whether_they_are_illustrative(client, evaluate, alice):
    before = client.get(reverse("campaign:standard_detail")).content.decode()
    enter(client, own="1.1.1 2.5")
    after = client.get(reverse("campaign:standard_detail")).content.decode()

    assert "现行分值：示例权重" in before
    assert "示例权重" not in after
    assert "廊坊市评分办法（2022-01-01 起）" in after
    assert "另有 1 项评价内容单独给分" in after
