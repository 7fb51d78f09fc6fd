"""What a phone sends late: judged by its own time, taken once, refused with a reason, never for another's business."""

import json
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from shian.domains.selfcontrol.actions.lists import approve_list, write_list
from shian.domains.selfcontrol.models import DailyControl, Decision, DispatchMeeting, Duty, RiskList
from shian.domains.selfcontrol.queries.controls import items_recorded
from shian.domains.selfcontrol.queries.lists import first_items
from shian.domains.selfcontrol.queries.numbers import CONTROLS
from shian.domains.selfcontrol.rules.controls import Kept, clock_off, judged_on, made_at
from shian.domains.selfcontrol.tests.scene import NOW, TODAY, Scene
from shian.kernel.notary.models import Entry

MADE = NOW - timedelta(hours=6)


def kept(noted_at: datetime, sent_at: datetime = NOW) -> Kept:
    return Kept(noted_at, sent_at, 1, ())


@pytest.mark.parametrize(
    ("noted", "sent", "made"),
    [
        (MADE, NOW, MADE),
        (MADE + timedelta(hours=3), NOW + timedelta(hours=3), MADE),  # three hours ahead, at both moments
        (NOW + timedelta(hours=1), NOW, NOW),  # set back between the two: not after the receipt
    ],
)
def test_the_phones_time_is_righted_by_its_clock(noted: datetime, sent: datetime, made: datetime) -> None:
    assert made_at(kept(noted, sent), NOW) == made
    assert clock_off(kept(noted, sent), NOW) == (sent - NOW).total_seconds()


@pytest.mark.parametrize(
    ("received", "made", "judged"),
    [(0, 0, 0), (3, 0, 0), (3, 1, 1), (4, 0, 4), (2, -1, 2)],  # days after the day of the record
)
def test_the_making_counts_while_the_record_comes_within_the_days(received: int, made: int, judged: int) -> None:
    numbers = CONTROLS.at(TODAY)

    def after(days: int) -> date:
        return TODAY + timedelta(days=days)

    assert judged_on(TODAY, after(made), after(received), numbers) == after(judged)


@pytest.fixture
def own(scene: Scene) -> Scene:
    """R-1 with a list that was approved long ago."""
    write_list(operator=scene.own, items=first_items(scene.own, TODAY), reason="", by=scene.principal, at=NOW)
    approve_list(operator=scene.own, by=scene.principal, at=NOW)
    RiskList.objects.update(valid_from=TODAY - timedelta(days=60))
    return scene


def work(user: Any) -> dict[str, Any]:
    client = Client()
    client.force_login(user)
    told: dict[str, Any] = client.get(reverse("operator:work_read")).json()
    return told


def sent(scene: Scene, on: date = TODAY, made: datetime = MADE, by: Any = None, **more: Any) -> Any:
    """The answer to a post of R-1's officer: everything passed."""
    client = Client()
    client.force_login(by or scene.officer)
    items = RiskList.objects.get(version=1).items
    body = {
        "day": on.isoformat(), "answers": {each["key"]: "pass" for each in items}, "notes": {}, "measures": {},
        "list_version": 1, "shown": [each["key"] for each in items], "noted_at": made.isoformat(),
    }  # fmt: skip
    told = {"answers": json.dumps(body | more), "sent_at": NOW.isoformat()}
    return client.post(reverse("operator:day_receive", args=[scene.own.pk, uuid4()]), told)


def test_a_day_made_in_time_is_in_time_however_late_it_comes(own: Scene) -> None:
    yesterday = TODAY - timedelta(days=1)
    made = NOW - timedelta(days=1)

    assert sent(own, yesterday, made).json() == {"submission": own.own.pk, "missing": [], "score": None}
    assert sent(own, yesterday, made).status_code == 200  # the answer was lost: the same once more

    record = DailyControl.objects.get()
    assert (record.is_late, record.noted_at, record.recorded_at, record.made_at) == (False, made, NOW, made)
    assert Entry.objects.get(action="selfcontrol.day_recorded").data["noted_at"] == made.isoformat()
    page = Client()
    page.force_login(own.officer)
    assert "手机离线记录于" in page.get(reverse("operator:daily_control_enter", args=["R-1", yesterday])).text


def test_a_day_that_is_sent_at_once_is_not_called_off_line(own: Scene) -> None:
    sent(own, TODAY, NOW - timedelta(seconds=20))
    page = Client()
    page.force_login(own.officer)
    shown = page.get(reverse("operator:daily_control_enter", args=["R-1", TODAY])).text
    assert "手机记录于" in shown
    assert "离线" not in shown


def test_a_day_that_comes_after_days_is_judged_by_its_receipt(own: Scene) -> None:
    assert sent(own, TODAY - timedelta(days=5), NOW - timedelta(days=5)).status_code == 200
    assert DailyControl.objects.get().is_backfilled


def test_anothers_record_of_the_day_stays_and_the_phone_is_told_whose(own: Scene) -> None:
    sent(own, by=own.director)
    answer = sent(own)

    assert answer.status_code == 409
    assert "钱二" in answer.json()["reason"]
    assert DailyControl.objects.get().recorded_by == own.director.username


def test_what_the_phone_did_not_know_waits_for_the_next_day(own: Scene) -> None:
    """A new list and a decision came while the phone was off line."""
    told = work(own.officer)["businesses"][0]
    meeting = DispatchMeeting.objects.create(
        operator=own.own, month=TODAY.replace(day=1), held_on=TODAY, participants="赵一", written_by="x",
        signed_by="x", signed_at=NOW,
    )  # fmt: skip
    Decision.objects.create(operator=own.own, meeting=meeting, text="换冰柜", due_on=TODAY)
    fewer = first_items(own.own, TODAY)[:2]
    write_list(operator=own.own, items=fewer, reason="精简", by=own.principal, at=NOW)
    approve_list(operator=own.own, by=own.principal, at=NOW)

    assert sent(own).status_code == 200
    assert [each.key for each in items_recorded(DailyControl.objects.get())] == [each["key"] for each in told["items"]]
    assert len(work(own.officer)["businesses"][0]["items"]) == len(fewer) + 1


def test_what_is_not_taken_says_why(own: Scene) -> None:
    for told in ({"answers": {}}, {"list_version": 9}, {"day": (TODAY + timedelta(days=1)).isoformat()}):
        assert sent(own, **told).status_code == 422, told
    moments = ({"noted_at": each} for each in ("2026-11-18T10:00:00", "0001-01-01T00:00:00+00:00", "soon", 7))
    for told in ({"answers": []}, {"shown": None}, {"list_version": None}, {"day": "soon"}, *moments):
        assert sent(own, **told).status_code == 400, told
    assert sent(own, by=own.person("周五", Duty.OFFICER, own.beside)).status_code == 404
    assert sent(own, by=own.station).status_code == 403
    assert not DailyControl.objects.exists()


def test_the_phone_takes_only_its_own_businesses_along(own: Scene) -> None:
    [business] = work(own.officer)["businesses"]

    assert (business["code"], business["list_version"], business["recorded"]) == ("R-1", 1, [])
    assert len(business["items"]) == len(RiskList.objects.get().items)
    assert work(own.person("周五", Duty.OFFICER, own.beside))["businesses"][0]["list_version"] is None
