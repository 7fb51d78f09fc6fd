"""Who sees what was filled in, the pages of it, and the addresses that a page off line speaks to."""

import hashlib
import json
import re
from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shian.engine.forms import actions
from shian.engine.forms.assignments import Assignment, _providers, assignments_of, register_assignments
from shian.engine.forms.events import SubmissionCompleted
from shian.engine.forms.models import FormSubmission, FormVersion, Phone
from shian.engine.forms.tests.collect import photo
from shian.engine.forms.tests.sheets import ITEMS
from shian.engine.forms.tests.test_editions import signed_in
from shian.engine.forms.tests.test_protocol import AT, issued
from shian.kernel.accounts.models import Role, User
from shian.kernel.accounts.tests.entrance import PASSWORD, confirm
from shian.kernel.events.bus import _handlers, subscribe
from shian.kernel.notary.models import Entry
from shian.kernel.scope.models import OutOfReach
from shian.registers.people.tests.factories import reach_user

pytestmark = pytest.mark.django_db
ANSWERS = {"licence": "pass", "records": "fail", "records_photo": "1.jpg", "expired": 0, "hygiene": ["none"]}


@pytest.fixture
def office() -> User:
    return reach_user("alice", "131000", Role.OFFICE)


@pytest.fixture
def bob() -> User:
    return reach_user("bob", "131022", Role.STATION)


@pytest.fixture
def version(office: User) -> FormVersion:
    return issued(office, ITEMS)


def posted(client: Client, version: FormVersion, *, id: str = "uuid:1", files: Any = (), **told: Any) -> Any:
    url = reverse("forms:submission_create", args=[version.pk, id])
    body = {
        "answers": json.dumps({"answers": ANSWERS, **told}),
        **{name: SimpleUploadedFile(name, photo()) for name in files},
    }
    return client.post(url, body)


def test_a_page_fetches_the_form_and_sends_answers_then_photos(version: FormVersion, bob: User) -> None:
    client = signed_in(bob)
    told = client.get(reverse("forms:version_read", args=[version.pk])).json()
    assert (told["form"], told["version"], told["digest"]) == ("open_T1", "1", version.digest)
    assert told["survey"]["pages"][0]["elements"][0]["name"] == "licence"

    first = posted(client, version, totals={"score": "70"})
    again = posted(client, version, totals={"score": "70"}, files=["1.jpg"])

    assert (first.status_code, first.json()["missing"], first.json()["score"]) == (201, ["1.jpg"], "70.00")
    assert again.json() == {"submission": first.json()["submission"], "missing": [], "score": "70.00"}
    found = FormSubmission.objects.get()
    assert (found.source, found.user, found.county) == ("page", bob, "131022")


def test_a_tampered_total_other_content_or_no_answers_are_refused(version: FormVersion, bob: User) -> None:
    client = signed_in(bob)

    tampered = posted(client, version, totals={"score": "100"})
    assert tampered.status_code == 422
    assert "百分制得分与答案不符" in tampered.json()["reason"]
    assert posted(client, version).status_code == 201
    assert posted(client, version, totals={"score": "70"}).status_code == 409
    url = reverse("forms:submission_create", args=[version.pk, "uuid:2"])
    for body in ("", "[]", '{"answers": 1}', '{"answers": {}, "totals": 1}', "{" * 1000):
        assert client.post(url, {"answers": body}).status_code == 400
    assert (
        client.post(reverse("forms:submission_create", args=[version.pk, "a b"]), {"answers": "{}"}).status_code == 400
    )


def test_what_is_withheld_is_seen_by_its_finder_and_the_office_until_it_is_released(office: User, bob: User) -> None:
    carol = reach_user("carol", "131022", Role.STATION)
    hidden = issued(office, ITEMS, withheld="yes")
    posted(signed_in(bob), hidden, files=["1.jpg"])
    found = FormSubmission.objects.get()
    page = reverse("forms:submission_detail", args=[found.pk])
    file = reverse("forms:submission_download", args=[found.pk, found.attachments.get().pk])

    assert found.released_at is None
    assert [signed_in(each).get(page).status_code for each in (bob, office, carol)] == [200, 200, 404]
    assert signed_in(carol).get(file).status_code == 404
    assert "uuid:1" not in signed_in(carol).get(reverse("forms:submission_list")).content.decode()
    assert "试验打分表" not in signed_in(carol).get(reverse("forms:submission_list")).content.decode()
    assert signed_in(carol).post(reverse("forms:submission_open", args=[found.pk])).status_code == 403

    assert signed_in(office).post(reverse("forms:submission_open", args=[found.pk])).status_code == 302

    assert signed_in(carol).get(page).status_code == 200
    assert signed_in(carol).get(file).status_code == 200


def test_another_county_sees_nothing(version: FormVersion, office: User, bob: User) -> None:
    posted(signed_in(bob), version)
    found = FormSubmission.objects.get()
    dave = reach_user("dave", "131002", Role.COUNTY)

    assert signed_in(dave).get(reverse("forms:submission_detail", args=[found.pk])).status_code == 404
    elsewhere = reach_user("erin", "130500", Role.OFFICE)
    with pytest.raises(OutOfReach):
        actions.release_submission(submission=found, by=elsewhere, at=AT)


def test_the_page_shows_answers_scores_and_what_is_missing(version: FormVersion, bob: User) -> None:
    client = signed_in(bob)
    posted(client, version)
    found = FormSubmission.objects.get()

    page = client.get(reverse("forms:submission_detail", args=[found.pk])).content.decode()

    assert re.search(r">\s*70\s*<", page)
    assert "不合格" in page
    assert "还没有收到" in page
    assert "部分合格" not in page
    listed = client.get(reverse("forms:submission_list")).content.decode()
    assert "没有收齐" in listed


def test_a_phone_is_admitted_with_a_code_that_is_shown_once_and_shut_out(bob: User) -> None:
    bob.set_password(PASSWORD)
    bob.save()
    client = signed_in(bob)
    assert (
        client.post(reverse("forms:phone_create"), {"name": "华为"}).status_code == 302
    )  # asks for the password first
    assert not Phone.objects.exists()
    confirm(client)

    page = client.post(reverse("forms:phone_create"), {"name": "华为"})
    phone = Phone.objects.get()
    assert "/forms/key/" in page.content.decode()
    assert "<svg" in page.content.decode()
    assert phone.digest not in page.content.decode()
    assert "华为" in client.get(reverse("forms:phone_list")).content.decode()
    assert "停用" in client.get(reverse("forms:phone_detail", args=[phone.pk])).content.decode()

    stranger = signed_in(reach_user("carol", "131022", Role.STATION))
    assert stranger.get(reverse("forms:phone_detail", args=[phone.pk])).status_code == 404
    assert stranger.post(reverse("forms:phone_revoke", args=[phone.pk])).status_code == 404
    assert client.post(reverse("forms:phone_revoke", args=[phone.pk])).status_code == 302
    phone.refresh_from_db()
    assert phone.revoked_at is not None
    assert "已停用" in client.get(reverse("forms:phone_list")).content.decode()


def test_what_a_page_tells_of_times_place_clock_and_photos_is_kept_as_told(version: FormVersion, bob: User) -> None:
    client = signed_in(bob)
    sha256 = hashlib.sha256(photo()).hexdigest()
    told: dict[str, Any] = {
        "assignment": "visit:7", "started_at": "2026-11-22T03:00:00+08:00", "ended_at": "2026-11-22T03:20:00+08:00",
        "clock": 10_800.4, "place": {"lat": 39.5, "lon": 116.7, "accuracy": 12},
        "photos": {"1.jpg": {"sha256": sha256, "taken_at": "2026-11-22T03:10:00+08:00", "lat": 39.5, "lon": 116.7}},
    }  # fmt: skip
    heard: list[SubmissionCompleted] = []
    subscribe(SubmissionCompleted, heard.append)
    assert posted(client, version, **told, files=["1.jpg"]).status_code == 201
    _handlers[SubmissionCompleted].remove(heard.append)

    found = FormSubmission.objects.get()
    assert (found.assignment, found.clock, found.lat, found.accuracy) == ("visit:7", 10_800.4, 39.5, 12)
    assert found.ended_at == datetime.fromisoformat("2026-11-21T19:20:00Z")
    assert heard[0].assignment == "visit:7"
    page = client.get(reverse("forms:submission_detail", args=[found.pk])).content.decode()
    assert "快 180 分钟" in page
    assert "2026-11-22 03:10 · 39.500000, 116.700000" in page

    told["photos"]["1.jpg"]["sha256"] = "0" * 64
    assert "校验值不符" in posted(client, version, id="uuid:2", **told, files=["1.jpg"]).json()["reason"]
    assert FormSubmission.objects.count() == 1
    for wrong in ({"clock": "soon"}, {"ended_at": "2026-11-22T03:20:00"}, {"place": {"lat": 91, "lon": 1}},
                  {"photos": {"1.jpg": {}}}, {"photos": []}, {"place": [1]}, {"clock": -1e300},
                  {"ended_at": "0001-01-01T00:00:00+14:00"}, {"started_at": "9999-12-31T23:00:00-14:00"},
                  {"device": "a\0"}, {"device": "\ud800"},
                  {"answers": {**ANSWERS, "records_note": "\\\0"}}):  # fmt: skip
        assert posted(client, version, id="uuid:3", **wrong).status_code == 400


def test_a_score_of_nothing_is_sealed_as_such(office: User, bob: User) -> None:
    version = issued(office, ITEMS[:1], form_id="open_T2")
    assert posted(signed_in(bob), version, answers={"licence": "fail"}).status_code == 201
    assert Entry.objects.get(action="forms.received").data["percent"] == "0.00"


def test_a_backslash_before_zeros_is_a_text_as_any(version: FormVersion, bob: User) -> None:
    assert posted(signed_in(bob), version, device=r"C:\u0000").status_code == 201
    assert FormSubmission.objects.get().device == r"C:\u0000"


def test_assignments_come_from_every_provider_what_is_due_first_on_top(bob: User) -> None:
    register_assignments("visits", lambda _user, _day: [Assignment("v:2", "乙店", "open_T1"), _due("v:1", 23)])
    register_assignments("returns", lambda user, _day: [_due("r:1", 22)] if user == bob else [])
    register_assignments("returns", lambda user, day: [_due("r:9", day.day)] if user == bob else [])

    found = [each.key for each in assignments_of(bob, date(2026, 11, 22))]

    for name in ("visits", "returns"):
        _providers.pop(name)
    assert found == ["r:9", "v:1", "v:2"]


def _due(key: str, day: int) -> Assignment:
    return Assignment(key, "甲店", "open_T1", due_on=date(2026, 11, day))
