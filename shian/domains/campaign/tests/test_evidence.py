"""Evidence: four dates, versions, rounds with verdicts side by side, gap lists, pinned contents."""

from datetime import date, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from shian.domains.campaign.actions.evidence import Content, EvidenceRefused, Facts, add_version, file_evidence
from shian.domains.campaign.actions.reviews import ReviewRefused, close_round, give_verdict, give_verdicts, open_round
from shian.domains.campaign.models import (
    Evidence,
    EvidenceLink,
    EvidenceNeed,
    EvidenceVersion,
    NeedState,
    ReviewRound,
    RoundItem,
)
from shian.domains.campaign.queries.evidence import document_items, standing_verdicts, warned_before
from shian.domains.campaign.rules.evidence import EXPIRED, EXPIRING, VALID, is_gap, standing_of, validity
from shian.domains.campaign.tests.factories import make_organisation, make_user
from shian.kernel.accounts.models import Role
from shian.kernel.files.actions import store_file
from shian.kernel.notary.models import Entry
from shian.kernel.scope.models import OutOfReach
from shian.registers.people.models import Organisation, Post

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2023, 8, 7, 9, 0, tzinfo=ZONE)
TODAY = AT.date()
pytestmark = pytest.mark.django_db


def content(text: str = "甲", name: str = "实施方案.pdf") -> Content:
    body = b"%PDF-1.4\n% " + text.encode() + b"\n%%EOF\n"
    return Content(store_file(name=name, stream=BytesIO(body), kinds=("pdf",), by="test", at=AT), name)


@pytest.fixture
def agriculture(city) -> Organisation:
    for county in ("131002", "131022"):
        make_organisation("CAMPO", county, is_campaign_department=False)
    make_organisation("CAMPO", is_campaign_department=False)
    return make_organisation("AGRI")


@pytest.fixture
def liaison(agriculture):
    user = make_user("liaison", Role.DEPARTMENT)
    Post.objects.filter(person__user=user).update(organisation=agriculture)
    return user


@pytest.fixture
def reviewer(agriculture):
    return make_user("reviewer", Role.REVIEWER)


@pytest.fixture
def office(agriculture):
    return make_user("office", Role.OFFICE)


def opened(by="office", at: datetime = AT, levels=("city",)) -> ReviewRound:
    return open_round(area_key="1310", title="资料审查", due_on=at.date() + timedelta(days=14), levels=levels, by=by,
                      at=at)  # fmt: skip


def filed(unit: Organisation, *items: str, title: str = "实施方案", text: str = "", by="test", **facts) -> Evidence:
    told = Facts(title, date(2023, 1, 5), **facts)
    given = content(text or title)
    return file_evidence(unit=unit, area_key="1310", items=items, facts=told, content=given, by=by, at=AT)


def reviewed(review: ReviewRound, evidence: Evidence, verdict: str, by, comment: str = "", item: str = "") -> None:
    links = EvidenceLink.objects.filter(evidence=evidence)
    for link in links.filter(need__item_code=item) if item else links:
        give_verdict(review=review, link=link, seen=Evidence.objects.get(pk=evidence.pk).version, verdict=verdict,
                     comment=comment, by=by, at=AT)  # fmt: skip


def first_items(count: int) -> list[str]:
    return [each.code for each in document_items() if "city" in each.levels][:count]


def test_the_worst_document_decides_where_an_item_stands() -> None:
    assert standing_of([]) == "none"
    assert standing_of(["passed", "passed"]) == "passed"
    assert standing_of(["passed", "conditional"]) == "conditional"
    assert standing_of(["passed", "filed", "returned"]) == "returned"
    assert [is_gap(each) for each in ("none", "filed", "returned", "conditional", "passed")] == [True] * 4 + [False]


def test_a_document_warns_before_its_last_day_and_has_expired_after_it(db) -> None:
    assert warned_before(TODAY) == 30
    last = [TODAY + timedelta(days=each) for each in (31, 30, 0, -1)]
    assert [validity(each, TODAY, 30) for each in last] == [VALID, EXPIRING, EXPIRING, EXPIRED]
    assert validity(None, TODAY, 30) == VALID


def test_the_same_document_serves_several_items_and_keeps_its_four_dates(agriculture, liaison) -> None:
    one, two = first_items(2)
    found = filed(agriculture, one, two, by=liaison, period_from=date(2022, 1, 1), period_to=date(2022, 12, 31),
                  expires_on=date(2025, 12, 31))  # fmt: skip

    assert {each.need.item_code for each in found.links.all()} == {one, two}
    assert (found.issued_on, found.period_to, found.filed_at.date(), found.expires_on) == (
        date(2023, 1, 5), date(2022, 12, 31), TODAY, date(2025, 12, 31)
    )  # fmt: skip
    assert Entry.objects.get(action="campaign.evidence_filed").data["sha256"] == found.versions.get().stored.sha256


def test_a_liaison_officer_files_for_the_own_unit_only(agriculture, liaison) -> None:
    with pytest.raises(OutOfReach):
        filed(make_organisation("EDU"), first_items(1)[0], by=liaison)
    with pytest.raises(PermissionDenied):
        filed(agriculture, first_items(1)[0], by=make_user("assessor", Role.ASSESSOR))


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"expires_on": date(2022, 12, 31)}, "expires_on"),
        ({"period_from": date(2023, 1, 1)}, "period_to"),
        ({"period_from": date(2023, 2, 1), "period_to": date(2023, 1, 1)}, "period_to"),
    ],
)
def test_dates_that_contradict_each_other_are_refused(agriculture, facts, field) -> None:
    with pytest.raises(EvidenceRefused) as refused:
        filed(agriculture, first_items(1)[0], **facts)
    assert refused.value.field == field


def test_the_list_of_round_two_holds_only_what_round_one_did_not_pass(agriculture, liaison, reviewer, office) -> None:
    passed, returned, conditional, nothing = first_items(4)
    first = opened(office)
    assert set(first.items.values_list("need__item_code", flat=True)) == {
        each.code for each in document_items() if "city" in each.levels
    }
    for item, verdict, comment in (
        (passed, "passed", ""), (returned, "returned", "缺盖章"), (conditional, "conditional", "补充附件"),
    ):  # fmt: skip
        reviewed(first, filed(agriculture, item, title=item, by=liaison), verdict, reviewer, comment)
    close_round(review=first, by=office, at=AT)
    second = opened(office, AT + timedelta(days=1))

    listed = dict(second.items.values_list("need__item_code", "before"))
    assert passed not in listed
    assert (listed[returned], listed[conditional], listed[nothing]) == ("returned", "conditional", "none")
    assert len(listed) == first.items.count() - 1
    assert second.number == 2
    gaps = Entry.objects.get(action="campaign.round_closed").data["gaps"]
    assert {each.partition("/")[0] for each in gaps} == set(listed)


def test_every_round_keeps_its_own_verdict(agriculture, liaison, reviewer, office) -> None:
    item = first_items(1)[0]
    first, found = opened(office), filed(agriculture, item, by=liaison)
    reviewed(first, found, "returned", reviewer, "缺盖章")
    close_round(review=first, by=office, at=AT)
    second = opened(office)
    add_version(evidence=found, content=content("乙"), note="补盖公章", by=liaison, at=AT)
    reviewed(second, found, "passed", reviewer)

    link = EvidenceLink.objects.select_related("evidence").get(evidence=found)
    told = standing_verdicts([link])
    assert [told[link.pk, each.pk].verdict for each in (first, second)] == ["returned", "passed"]
    assert [told[link.pk, each.pk].version.number for each in (first, second)] == [1, 2]
    assert list(RoundItem.objects.filter(need=link.need).order_by("round").values_list("outcome", flat=True)) == [
        "returned", "passed",
    ]  # fmt: skip


def test_acceptance_pins_the_content_and_a_new_version_is_reviewed_again(
    agriculture, liaison, reviewer, office
) -> None:
    item = first_items(1)[0]
    review, found = opened(office), filed(agriculture, item, text="第一版", by=liaison)
    reviewed(review, found, "passed", reviewer)
    link = EvidenceLink.objects.get(evidence=found)
    pinned = link.accepted_sha256
    assert pinned == found.versions.get(number=1).stored.sha256

    add_version(evidence=found, content=content("第二版"), note="更新数据", by=liaison, at=AT)
    link.refresh_from_db()
    assert (link.state, link.accepted_sha256) == (NeedState.FILED, pinned)
    assert EvidenceNeed.objects.get(item_code=item, county="").passed_on is None
    with pytest.raises(ReviewRefused, match="新版本"):
        give_verdict(review=review, link=link, seen=1, verdict="passed", by=reviewer, at=AT)
    with pytest.raises(EvidenceRefused, match="相同"):
        add_version(evidence=found, content=content("第一版"), note="换回", by=liaison, at=AT)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        EvidenceVersion.objects.update(name="改名.pdf")


def test_a_verdict_needs_a_comment_unless_it_passes_and_is_never_the_uploaders(agriculture, office) -> None:
    review, found = opened(office), filed(agriculture, first_items(1)[0], by=office)
    link = EvidenceLink.objects.get(evidence=found)
    with pytest.raises(ReviewRefused, match="审核意见"):
        give_verdict(review=review, link=link, seen=1, verdict="returned", comment=" ", by="reviewer", at=AT)
    with pytest.raises(ReviewRefused, match="别人审核"):
        give_verdict(review=review, link=link, seen=1, verdict="passed", by=office, at=AT)


def test_a_round_ends_only_when_everything_filed_was_reviewed_and_then_archives_what_passed(
    agriculture, liaison, reviewer, office
) -> None:
    one, two = first_items(2)
    review = opened(office)
    found = [filed(agriculture, each, title=each, by=liaison) for each in (one, two)]
    with pytest.raises(ReviewRefused, match="没有审核完"):
        close_round(review=review, by=office, at=AT)
    links = list(EvidenceLink.objects.filter(evidence__in=found).select_related("evidence"))
    assert give_verdicts(review=review, links=links, by=reviewer, at=AT) == (2, {})
    close_round(review=review, by=office, at=AT)

    assert EvidenceLink.objects.filter(archived_at=AT).count() == 2
    with pytest.raises(ReviewRefused, match="已经结束"):
        give_verdict(review=review, link=links[0], seen=1, verdict="passed", by=reviewer, at=AT)


def test_counties_owe_evidence_too_and_one_round_is_open_at_a_time(agriculture, office) -> None:
    review = opened(office, levels=("city", "county"))
    areas = {each.need.area for each in review.items.select_related("need")}
    assert areas == {"1310", "131002", "131022"}
    assert EvidenceNeed.objects.filter(county="131022", unit="131022-CAMPO").exists()
    with pytest.raises(ReviewRefused, match="没有结束"):
        opened(office)
