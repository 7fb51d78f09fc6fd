"""A city's own weights are entered on a page, and the word 示例权重 disappears wherever a score is shown."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from shian.domains.campaign.actions import enter_weights, evaluate_area
from shian.domains.campaign.models import ItemResult, ScoringVersion, Standard
from shian.domains.campaign.queries import evaluation as evaluation_told
from shian.domains.campaign.rules.weights import ScoringInvalid
from shian.domains.campaign.tests.factories import AS_OF, AT, make_user
from shian.kernel.accounts.models import Role
from shian.kernel.notary.models import Entry

pytestmark = pytest.mark.django_db
POINTS = {1: "40", 2: "20", 3: "20", 4: "12.5", 5: "7.5", 6: "0"}
FORM = {f"section_{number}": points for number, points in POINTS.items()} | {
    "title": "廊坊市评分办法", "effective_from": "2022-01-01", "source": "廊创办〔2022〕9号",
}  # fmt: skip


@pytest.fixture
def alice(client):
    user = make_user("alice", Role.OFFICE)
    client.force_login(user)
    return user


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
    assert not evaluate_area(area="131000", as_of=date(2022, 12, 1), by="office", at=AT).scoring.is_illustrative


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

    with pytest.raises(ScoringInvalid, match="折算办法"):
        enter_weights(
            standard=standard, sections={1: Decimal(1)}, effective_from=AS_OF, title="甲", source="乙", by="a", at=AT
        )
