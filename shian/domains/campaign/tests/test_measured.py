"""A satisfaction of 79.9 turns the board red, 80 shows clear with margin 0; points come by a formula that is data."""

from decimal import Decimal

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from shian.domains.campaign.actions import enter_measured, evaluate_area, load_scoring
from shian.domains.campaign.models import Evaluation, ItemResult, Standard
from shian.domains.campaign.tests.factories import AS_OF, AT, make_user
from shian.engine.ledgers.models import LedgerRow, LedgerRowVersion
from shian.kernel.accounts.models import Role
from shian.kernel.notary.models import Entry
from shian.kernel.scope.models import OutOfReach

pytestmark = pytest.mark.django_db
ROW = {"survey": "省级测评", "score": "80", "organiser": "省食安办", "published_on": "2022-11-20"}


@pytest.fixture
def evaluation(city):
    path = settings.SHIAN_PACKS / "parameters" / "scoring-2021.yaml"
    load_scoring(path=path, standard=Standard.objects.get(), by="office", at=AT)
    return evaluate_area(area="131000", as_of=AS_OF, by="office", at=AT)


@pytest.fixture
def alice(client):
    user = make_user("alice", Role.OFFICE)
    client.force_login(user)
    return user


def item(code, key="1310"):
    return ItemResult.objects.get(evaluation__is_current=True, indicator__code=code, area_key=key)


def enter(client, code="4.24.1", area="1310", **changes):
    url = f"{reverse('campaign:measured_enter', args=[code])}?area={area}&as_of={AS_OF}"
    return client.post(url, {**ROW, **changes}, follow=True).content.decode()


def board(client):
    return client.get(reverse("campaign:veto_board"), {"area": "1310", "as_of": AS_OF}).content.decode()


def test_below_eighty_turns_the_board_red(client, evaluation, alice):
    enter(client, score="79.9")

    veto = item("6.0.4")
    assert (veto.veto_state, veto.margin) == ("triggered", Decimal("-0.1"))
    assert "已触发否决" in board(client)


def test_exactly_eighty_is_clear_with_margin_zero(client, evaluation, alice):
    enter(client, score="79.9")
    enter(client, score="80")

    veto = item("6.0.4")
    assert (veto.veto_state, veto.margin) == ("clear", 0)
    assert "已触发否决" not in board(client)


def test_points_and_formula_version_are_told(client, evaluation, alice):
    html = enter(client, score="72")

    result = item("4.24.1")
    formula = evaluation.scoring.rules["items"]["4.24.1"]
    assert result.state == "external"
    assert result.score == round(result.weight * Decimal("0.9"), 4)
    assert f"得 {result.score:.2f} 分" in html
    assert formula["version"] in html
    assert Entry.objects.get(action="campaign.measured_entered").seal[:8] in html


def test_the_row_stands_in_the_ledger_with_its_batch_and_history(client, evaluation, alice):
    enter(client, score="79.9")
    enter(client, score="80")

    row = LedgerRow.objects.get(ledger="survey_results")
    assert (row.data["score"], row.data["measure"], row.data["unit"]) == (80, "满意度", "分")
    assert (row.city, row.updated_by) == ("1310", "alice")
    assert row.batch
    assert [version.data["score"] for version in LedgerRowVersion.objects.all()] == [Decimal("79.9")]
    assert Entry.objects.filter(action="imports.accepted").count() == 2


def test_awareness_and_pass_rate_are_entered_alike(client, evaluation, alice):
    assert "结果单位应为百分比" in enter(client, "4.25.1", score="85", unit="分")
    enter(client, "4.25.1", score="85", unit="%")
    url = f"{reverse('campaign:measured_enter', args=['4.26.1'])}?area=1310&as_of={AS_OF}"
    client.post(url, {"notice_no": "一号", "organiser": "省局", "period_text": "2022年", "tested": "1000",
                      "passed": "979", "notified_on": "2022-11-01"})  # fmt: skip

    assert LedgerRow.objects.get(ledger="survey_results").data["unit"] == "%"
    assert item("4.25.1").score == item("4.25.1").weight
    assert item("4.26.1").value == Decimal("97.9")
    assert item("6.0.5").veto_state == "triggered"


def test_the_answer_equals_a_full_evaluation(client, evaluation, alice):
    enter(client, score="79.9")
    rescored = Evaluation.objects.get(is_current=True)

    assert evaluate_area(area="131000", as_of=AS_OF, by="office", at=AT).pk == rescored.pk


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"score": "101"}, "100"), ({"score": ""}, "必填"), ({"published_on": "2022-12-01"}, "不会计入本次评价"),
     ({"published_on": "昨天"}, "日期")],
)  # fmt: skip
def test_a_refused_row_keeps_the_input_and_writes_nothing(client, evaluation, alice, changes, words):
    html = enter(client, **changes)

    assert words in html
    assert "省食安办" in html
    assert not LedgerRow.objects.exists()
    assert item("4.24.1").state == "unknown"


def test_an_item_without_external_result_has_no_such_page(client, evaluation, alice):
    assert client.get(reverse("campaign:measured_enter", args=["1.1.1"])).status_code == 404


def test_only_the_office_enters_and_only_inside_its_area(client, evaluation):
    reviewer = make_user("bob", Role.REVIEWER)
    client.force_login(reviewer)
    with pytest.raises(PermissionDenied):
        enter_measured(evaluation=evaluation, code="4.24.1", area="131000", values=ROW, by=reviewer, at=AT)
    assert client.post(reverse("campaign:measured_enter", args=["4.24.1"]), ROW).status_code == 403

    county = make_user("dora", Role.OFFICE, "131022")
    client.force_login(county)
    url = reverse("campaign:measured_enter", args=["4.24.1"])
    assert client.post(f"{url}?area=1310&as_of={AS_OF}", ROW).status_code == 404
    with pytest.raises(OutOfReach):
        enter_measured(evaluation=evaluation, code="4.24.1", area="131000", values=ROW, by=county, at=AT)
    assert not LedgerRow.objects.exists()
