"""Replies to proposals (A-32): figures out of the registers with their day; public only with consent."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from shian.domains.campaign.actions.replies import draft_reply
from shian.domains.campaign.models import ReplyDraft
from shian.domains.campaign.rules.proposals import figures_in, with_figures
from shian.domains.campaign.tests.factories import make_areas
from shian.domains.campaign.tests.loops import AT, opened, took
from shian.engine.cases.actions import CaseRefused
from shian.engine.cases.models import Case
from shian.engine.cases.tests.cast import Cast
from shian.kernel.notary.models import Entry

pytestmark = pytest.mark.django_db
DAY = date(2023, 3, 1)
TEXT = "全市共有县（市、区）{areas.counties}，现答复如下。"
TOLD = {"kind": "政协提案", "session": "八届二次", "original_no": "118", "proposer_org": "农业委员会"}


@pytest.fixture
def cast() -> Cast:
    make_areas()
    return Cast()


@pytest.fixture
def proposal(cast: Cast) -> Case:
    case = opened(cast, "proposal", area_key="1310", title="关于农村食品安全的提案", data=TOLD, unit=None)
    took(case, "assign", "test", unit=cast.bureau)
    return case


def answered(cast: Cast, case: Case, consent: str) -> None:
    took(case, "draft", "clerk", data={"result_grade": "A 已解决或采纳"})
    took(case, "approve", "head")
    took(case, "reply", "clerk", data={"publish_consent": consent})


def test_places_of_figures_are_found_and_filled() -> None:
    assert figures_in("{a.b} 和 {a.b}，{c.d}，{不是} {x}") == ["a.b", "c.d"]
    assert with_figures("有{a.b}。", {"a.b": "12个"}) == "有12个。"


def test_a_reply_is_drafted_with_figures_and_their_day(cast: Cast, proposal: Case) -> None:
    draft = draft_reply(case=proposal, template=TEXT, as_of=DAY, by=cast.officer, at=AT)

    (figure,) = draft.figures
    assert (figure["measure"], figure["as_of"], figure["area"]) == ("areas.counties", "2023-03-01", "1310")
    assert figure["text"]
    assert figure["text"] in draft.text
    assert "{" not in draft.text
    assert Entry.objects.get(action="campaign.reply_drafted").data["figures"] == draft.figures


def test_a_figure_that_does_not_exist_is_refused(cast: Cast, proposal: Case) -> None:
    with pytest.raises(CaseRefused, match=r"no\.such"):
        draft_reply(case=proposal, template="有{no.such}家", as_of=DAY, by=cast.officer, at=AT)
    assert not ReplyDraft.objects.exists()


def test_only_the_answering_unit_drafts(cast: Cast, proposal: Case) -> None:
    with pytest.raises(CaseRefused, match="承办单位"):
        draft_reply(case=proposal, template=TEXT, as_of=DAY, by=cast.outsider, at=AT)


def test_the_unit_drafts_on_the_page_and_finds_its_figures_there(cast: Cast, client: Client, proposal: Case) -> None:
    client.force_login(cast.officer)
    answer = client.post(reverse("campaign:reply_draft", args=[proposal.pk]), {"as_of": "2023-03-01", "template": TEXT})

    shown = client.get(answer["Location"]).content.decode()

    assert "截至 2023-03-01" in shown
    assert "/figures/areas.counties/?area=1310" in shown


@pytest.mark.parametrize(("consent", "status"), [("是", 200), ("否", 404)])
def test_the_public_page_exists_only_with_consent(
    consent: str, status: int, cast: Cast, client: Client, proposal: Case
) -> None:
    draft_reply(case=proposal, template=TEXT, as_of=DAY, by=cast.officer, at=AT)
    page = reverse("public_replies:reply_detail", args=[proposal.pk])
    assert client.get(page).status_code == 404

    answered(cast, proposal, consent)

    found = client.get(page)
    assert found.status_code == status
    listed = client.get(reverse("public_replies:reply_list")).content.decode()
    assert (proposal.title in listed) is (consent == "是")
    if status == 200:
        assert "2023-03-01" in found.content.decode()


def test_a_reopened_proposal_is_public_no_more(cast: Cast, client: Client, proposal: Case) -> None:
    draft_reply(case=proposal, template=TEXT, as_of=DAY, by=cast.officer, at=AT)
    answered(cast, proposal, "是")
    took(proposal, "close", "clerk", data={"feedback": "满意"})
    took(proposal, "reopen", "office", note="补充答复")

    assert client.get(reverse("public_replies:reply_detail", args=[proposal.pk])).status_code == 404
