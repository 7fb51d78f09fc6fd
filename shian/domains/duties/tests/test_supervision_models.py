"""What the database refuses of spot checks and of what areas report."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from shian.domains.duties.models import AreaUpload, DutyVisit, SpotCheck, SpotItem, SpotScore
from shian.domains.duties.tests.factories import AT, COUNTY, DAY, TOWN, matched

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place", "immediate_keys")]


def refused(name, make):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make()


def test_what_a_spot_check_found_untrue_has_a_reason_and_whoever_found_it():
    match = matched()
    visit = DutyVisit.objects.create(number="T1", operator=match.operator, official=match.official, match=match,
                                     tier="D", quarter="2022Q4", visited_on=DAY, recorded_at=AT)  # fmt: skip
    told = {"area_code": COUNTY, "title": "督查", "since": date(2022, 10, 1), "team": "一组", "planned_at": AT}
    check = SpotCheck.objects.create(number="S1", until=DAY, **told)

    refused("spot_ends", lambda: SpotCheck.objects.create(number="S2", until=date(2022, 9, 1), **told))
    refused("spot_published", lambda: SpotCheck.objects.create(number="S3", until=DAY, state="published", **told))
    refused(
        "untrue_with_reason",
        lambda: SpotItem.objects.create(check_of=check, visit=visit, truth="untrue", checked_at=AT, checked_by="a"),
    )
    refused("checked_by_and_at", lambda: SpotItem.objects.create(check_of=check, visit=visit, truth="true"))
    refused(
        "part_of_whole",
        lambda: SpotScore.objects.create(
            check_of=check, area_key=TOWN, in_force=1, visited=1, checked=1, untrue=2, score=0
        ),
    )


def test_an_area_reports_a_quarter_once_unless_it_was_returned():
    told = {"area_code": COUNTY, "quarter": "2022Q4", "sent_at": AT, "sent_by": "a"}
    first = AreaUpload.objects.create(**told)

    refused("upload_once", lambda: AreaUpload.objects.create(**told))
    first.state, first.decided_at, first.decided_by = "returned", AT, "b"
    refused("returned_with_reason", first.save)
    first.note = "缺办公电话"
    first.save()
    AreaUpload.objects.create(**told)
    assert AreaUpload.objects.count() == 2
