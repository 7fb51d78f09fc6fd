"""Accepted evidence in the archive, in the evidence rate, in reminders and in files."""

from datetime import timedelta

import pytest

from shian.domains.campaign.actions.evidence import add_version
from shian.domains.campaign.definitions.archive import accepted_files, evaluation_set
from shian.domains.campaign.models import EvidenceNeed
from shian.domains.campaign.queries.evidence import expiring_documents
from shian.domains.campaign.tests.test_evidence import (
    AT,
    TODAY,
    agriculture,
    content,
    filed,
    first_items,
    liaison,
    office,
    opened,
    reviewed,
    reviewer,
)
from shian.engine.archives.sets import ItemAsk, SetAsk, SystemReader
from shian.engine.measures.queries import figures

__all__ = ["agriculture", "liaison", "office", "reviewer"]
READER = SystemReader("cli")
pytestmark = pytest.mark.django_db


def asked(item: str) -> ItemAsk:
    return ItemAsk("evaluation", item, "1310", TODAY, READER)


def test_the_archive_holds_the_accepted_version_and_not_a_newer_or_a_returned_one(
    agriculture, liaison, reviewer, office
) -> None:
    item = first_items(1)[0]
    review = opened(office)
    good, bad = filed(agriculture, item, title="甲", by=liaison), filed(agriculture, item, title="乙", by=liaison)
    reviewed(review, good, "passed", reviewer)
    reviewed(review, bad, "returned", reviewer, "缺页")
    add_version(evidence=good, content=content("甲二"), note="更新", by=liaison, at=AT)

    (kept,) = accepted_files(asked(item))
    first = good.versions.get(number=1)
    assert kept.title == "甲"
    assert kept.path.name == first.stored.sha256
    assert first.stored.sha256 in str(kept.source)


def test_a_folder_tells_the_rounds_and_carries_the_seals_of_its_documents(
    evaluate, agriculture, liaison, reviewer, office
) -> None:
    item, day = first_items(1)[0], evaluate().as_of
    review = opened(office)
    found = filed(agriculture, item, by=liaison)
    reviewed(review, found, "passed", reviewer)
    later = SetAsk("1310", day, READER)
    folder = next(each for each in evaluation_set(later).items if each.code == item)
    told = {str(group.title): dict(group.lines) for group in folder.groups}

    assert told["佐证审核：资料审查"]["本轮结论"] == "通过"
    assert told["佐证审核：资料审查"]["实施方案"] == "通过 版本 1"
    assert folder.subjects[0] == f"campaign.item:{item}/131000"
    # the verdict came after the day of this evaluation: its seals belong to a later set
    assert f"campaign.evidence:{found.pk}" not in folder.subjects
    assert len(list(accepted_files(asked(item)))) == 1


def test_the_rate_is_a_measure_of_what_passed_by_the_day(agriculture, liaison, reviewer, office) -> None:
    review = opened(office)
    reviewed(review, filed(agriculture, first_items(1)[0], by=liaison), "passed", reviewer)
    found = figures(["evidence.accepted_rate"], as_of=TODAY, area_prefix="1310", areas=["1310"])
    figure = found["evidence.accepted_rate"]["1310"]
    assert (figure.part, figure.whole) == (1, EvidenceNeed.objects.count())


def test_a_document_near_its_end_is_told_and_one_far_from_it_is_not(agriculture, liaison) -> None:
    item = first_items(1)[0]
    near = filed(agriculture, item, title="近", by=liaison, expires_on=TODAY + timedelta(days=30))
    filed(agriculture, item, title="远", by=liaison, expires_on=TODAY + timedelta(days=31))
    assert list(expiring_documents(TODAY)) == [near]
