"""The protocol as ODK Collect drives it: lists, downloads, submissions in one post or several, retries, refusals."""

import base64
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from shian.engine.forms import actions, datasets
from shian.engine.forms.datasets import Dataset, Entity, register_dataset, register_offer
from shian.engine.forms.events import SubmissionCompleted
from shian.engine.forms.models import FormSubmission, FormVersion, Phone, SubmissionFile
from shian.engine.forms.openrosa import hash_of
from shian.engine.forms.tests.collect import Collect, message, photo
from shian.engine.forms.tests.sheets import ITEMS, workbook
from shian.kernel.accounts.models import Role, User
from shian.kernel.events.bus import _handlers, subscribe
from shian.kernel.notary.models import Entry
from shian.registers.people.tests.factories import reach_user

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
SURVEY: list[dict[str, Any]] = [
    {"type": "start", "name": "start"},
    {"type": "end", "name": "end"},
    {"type": "select_one_from_file points.csv", "name": "point", "label": "对象", "required": "yes"},
    {"type": "geopoint", "name": "place", "label": "位置", "required": "yes"},
    *ITEMS,
]
GOOD = {
    "start": "2026-11-20T09:00:00.000+08:00", "end": "2026-11-20T09:25:00.000+08:00", "point": "P1",
    "place": "39.437 116.297 20.1 4.5", "licence": "pass", "records": "fail", "records_photo": "1.jpg",
    "records_note": "无票据", "expired": "1", "hygiene": "dust", "hygiene_photo": "2.jpg",
    "shian_earned": "63", "shian_whole": "100", "shian_score": "63",
}  # fmt: skip
FILES = {"1.jpg": photo(1), "2.jpg": photo(2)}


@pytest.fixture(autouse=True)
def points() -> Iterator[None]:
    """Every user has a list of two points of his own in Gu'an; carol has none."""
    own = {"bob": [Entity("P1", "一号店", 2, {"street": "迎宾路"}), Entity("P2", "二号店")]}
    kept, offers = dict(datasets._datasets), list(datasets._offers)
    register_dataset(
        Dataset(
            "points",
            entities=lambda user: own.get(user.username, []),
            area_of=lambda user, key: "131022" if key in {each.key for each in own.get(user.username, [])} else "",
        )
    )
    yield
    datasets._datasets.clear()
    datasets._datasets.update(kept)
    datasets._offers[:] = offers


@pytest.fixture
def office() -> User:
    return User.objects.create(username="alice", role=Role.OFFICE)


@pytest.fixture
def bob() -> User:
    return reach_user("bob", "131022", Role.STATION)


def issued(office: User, survey: Any = None, **settings: Any) -> FormVersion:
    draft = actions.upload_form(name="f.xlsx", stream=workbook(survey or SURVEY, **settings), by=office, at=AT)
    return actions.issue_version(version=draft, valid_from=date(2020, 1, 1), by=office, at=AT)


def phone_of(user: User) -> Collect:
    _phone, secret = actions.admit_phone(name="执法一组", by=user, at=timezone.now())
    return Collect(f"/forms/key/{secret}")


@pytest.fixture
def version(office: User) -> FormVersion:
    return issued(office)


def test_a_phone_fetches_the_list_the_form_and_its_own_points(version: FormVersion, bob: User) -> None:
    collect = phone_of(bob)

    row = collect.forms()["open_T1"]
    form = collect.get(row["downloadUrl"]).content
    ((kind, file),) = collect.media(row["manifestUrl"])
    listed = collect.get(file["downloadUrl"]).content

    assert (row["name"], row["version"], row["hash"]) == ("试验打分表", "1", hash_of(form))
    assert form.decode() == version.xform
    assert (kind, file["filename"], file["hash"]) == ("entityList", "points.csv", hash_of(listed))
    assert listed.decode().splitlines() == ["name,label,__version,street", "P1,一号店,2,迎宾路", "P2,二号店,1,"]


def test_each_phone_gets_only_its_own_points(version: FormVersion, office: User) -> None:
    carol = phone_of(reach_user("carol", "131002", Role.STATION))

    ((_kind, file),) = carol.media(carol.forms()["open_T1"]["manifestUrl"])

    assert carol.get(file["downloadUrl"]).content == b"name,label,__version\n"
    answer = carol.send(carol.filled(version.xform.encode(), GOOD), FILES)
    assert message(answer) == (422, "submit_failure", "所选的对象不在您的名单里。")


def test_a_domain_says_which_forms_are_offered(version: FormVersion, office: User, bob: User) -> None:
    issued(office, form_id="open_T2")
    collect = phone_of(bob)
    assert set(collect.forms()) == {"open_T1", "open_T2"}

    register_offer(lambda user, day: {"open_T2"} if user.username == "bob" else None)

    assert set(collect.forms()) == {"open_T2"}
    assert b"open_T2" not in collect.get(f"{collect.address}/formList?formID=open_T1").content


def test_a_submission_is_kept_with_its_times_place_and_score(version: FormVersion, bob: User) -> None:
    heard: list[SubmissionCompleted] = []
    subscribe(SubmissionCompleted, heard.append)
    collect = phone_of(bob)

    answer = collect.send(collect.filled(version.xform.encode(), GOOD, "uuid:1"), FILES)

    _handlers[SubmissionCompleted].remove(heard.append)
    assert message(answer)[:2] == (201, "submit_success")
    found = FormSubmission.objects.get()
    assert (found.instance_id, found.user, found.device, found.version) == ("uuid:1", bob, "collect:x", version)
    assert found.started_at == datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    assert found.ended_at == datetime(2026, 11, 20, 1, 25, tzinfo=UTC)
    assert found.sent_at == datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    assert (found.lat, found.lon, found.accuracy) == (39.437, 116.297, 4.5)
    assert (str(found.percent), found.verdict, found.failed_keys) == ("63.00", "failed", [])
    assert (found.county, found.entities, found.area) == ("131022", {"point": "P1"}, "131022")
    assert found.answers["hygiene"] == ["dust"]
    assert {each.name for each in found.attachments.all()} == {"1.jpg", "2.jpg"}
    assert found.completed_at is not None
    assert [each.form for each in heard] == ["open_T1"]
    entry = Entry.objects.get(action="forms.received")
    assert (entry.actor, entry.data["digest"], entry.data["percent"]) == ("bob", found.digest, "63.00")
    files = Entry.objects.get(action="forms.files_received").data["files"]
    assert files == {each.name: each.stored.sha256 for each in found.attachments.all()}


def test_a_submission_asks_the_database_seven_times(office: User, bob: User) -> None:
    """Phone, lock, number, version, posts; then the row and its seal: what a busy hour of phones costs."""
    form, collect = issued(office, ITEMS[:1], form_id="open_T3").xform.encode(), phone_of(bob)
    answers = {"licence": "pass", "shian_earned": "40", "shian_whole": "40", "shian_score": "100"}
    collect.send(collect.filled(form, answers))

    with CaptureQueriesContext(connection) as asked:
        answer = collect.send(collect.filled(form, answers))

    assert message(answer)[0] == 201
    statements = [each["sql"] or "INSERT" for each in asked.captured_queries if "SAVEPOINT" not in (each["sql"] or "")]
    of_head = 1  # asks for the phone too
    assert len(statements) - of_head == 7, statements


def test_the_same_post_again_has_no_further_effect(version: FormVersion, bob: User) -> None:
    collect = phone_of(bob)
    body = collect.filled(version.xform.encode(), GOOD)

    answers = [message(collect.send(body, FILES))[0] for _time in range(3)]

    assert answers == [201, 201, 201]
    assert (FormSubmission.objects.count(), SubmissionFile.objects.count()) == (1, 2)
    assert Entry.objects.filter(action="forms.received").count() == 1


def test_photos_come_in_several_posts_and_after_a_broken_one(version: FormVersion, bob: User) -> None:
    collect = phone_of(bob)
    body = collect.filled(version.xform.encode(), GOOD)

    first = message(collect.send(body, {"1.jpg": photo(1)}, more=True))
    assert first[0] == 201
    assert "没有收齐" in first[2]
    assert FormSubmission.objects.get().completed_at is None
    collect.send(body, {"1.jpg": photo(1)}, more=True)  # the answer was lost on the way
    assert message(collect.send(body, {"2.jpg": photo(2)}))[2] == "已收到。"

    assert FormSubmission.objects.get().completed_at is not None
    assert SubmissionFile.objects.count() == 2


def test_other_content_under_a_known_number_is_refused(version: FormVersion, bob: User) -> None:
    collect = phone_of(bob)
    collect.send(collect.filled(version.xform.encode(), GOOD, "uuid:1"), FILES)

    changed = collect.send(collect.filled(version.xform.encode(), {**GOOD, "records_note": "有票据"}, "uuid:1"))
    other = collect.send(collect.filled(version.xform.encode(), GOOD, "uuid:1"), {"1.jpg": photo(9)})

    assert [message(changed)[0], message(other)[0]] == [409, 409]
    assert FormSubmission.objects.get().answers["records_note"] == "无票据"


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("shian_score", "95", "百分制得分与答案不符：报的是 95，按答案应为 63"),
        ("shian_earned", "95", "得分与答案不符"),
        ("shian_whole", "10", "应得分与答案不符"),
        ("licence", "", "许可有效：必须填写"),
        ("licence", "gold", "gold"),
        ("place", "", "位置：必须填写"),
        ("records_photo", "", "照片：必须填写"),
    ],
)
def test_a_tampered_total_or_a_wrong_answer_is_refused_by_name(
    version: FormVersion, bob: User, name: str, value: str, word: str
) -> None:
    collect = phone_of(bob)

    status, nature, text = message(collect.send(collect.filled(version.xform.encode(), {**GOOD, name: value}), FILES))

    assert (status, nature) == (422, "submit_failure")
    assert word in text
    assert not FormSubmission.objects.exists()
    assert not Entry.objects.filter(action="forms.received").exists()


def test_an_older_version_is_still_taken_and_keeps_its_points(version: FormVersion, office: User, bob: User) -> None:
    collect = phone_of(bob)
    form = collect.get(collect.forms()["open_T1"]["downloadUrl"]).content
    newer = issued(office, [*SURVEY[:4], {**ITEMS[0], "points": 100}], version="2")
    actions.withdraw_version(version=version, reason="换版", by=office, at=AT)

    answer = collect.send(collect.filled(form, GOOD), FILES)

    assert collect.forms()["open_T1"]["version"] == newer.name
    assert message(answer)[0] == 201
    assert FormSubmission.objects.get().version == version


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"<data", 400),
        (b"\xff\xfe", 400),
        (b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><data id="open_T1" version="1"/>', 400),
        (b'<data id="open_T1" version="1"><meta/></data>', 400),
        (b'<data id="open_T1" version="1"><meta><instanceID>a b</instanceID></meta></data>', 400),
        (b'<data id="nobody" version="1"><meta><instanceID>uuid:1</instanceID></meta></data>', 404),
        (b'<data id="open_T1" version="7"><meta><instanceID>uuid:1</instanceID></meta></data>', 404),
        (b"<a>" * 60 + b"</a>" * 60, 400),
    ],
)
def test_what_is_no_submission_is_refused(version: FormVersion, bob: User, body: bytes, status: int) -> None:
    assert message(phone_of(bob).send(body))[:2] == (status, "submit_failure")


def test_files_that_no_answer_names_or_that_are_no_pictures_are_refused(version: FormVersion, bob: User) -> None:
    collect = phone_of(bob)
    body = collect.filled(version.xform.encode(), GOOD)

    assert "3.jpg" in message(collect.send(body, {"3.jpg": photo()}))[2]
    assert message(collect.send(body, {"1.jpg": b"MZ\x00\x01 program"}))[0] == 422
    assert not FormSubmission.objects.exists()


def test_too_large_a_post_is_refused_before_it_is_read(version: FormVersion, bob: User) -> None:
    collect = phone_of(bob)

    answer = collect.client.post(f"{collect.address}/submission", b"x", "multipart/form-data; boundary=x",
                                 headers={"Content-Length": str(21 << 20)})  # fmt: skip

    assert message(answer)[0] == 413


def test_a_phone_that_is_shut_out_unknown_or_over_gets_nothing(version: FormVersion, bob: User) -> None:
    collect = phone_of(bob)
    phone = Phone.objects.get()
    actions.revoke_phone(number=phone.pk, by=bob, at=AT)

    strange = Collect("/forms/key/" + "x" * 43)
    for each in (collect, strange):
        assert message(each.get(f"{each.address}/formList"))[0] == 403
    again = phone_of(bob)
    Phone.objects.filter(revoked_at=None).update(
        expires_at=timezone.now() - timedelta(days=1), made_at=AT - timedelta(9)
    )
    assert message(again.get(f"{again.address}/formList"))[0] == 403
    last = phone_of(bob)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert message(last.get(f"{last.address}/formList"))[0] == 403


def test_a_reader_may_not_admit_a_phone() -> None:
    judge = User.objects.create(username="dan", role=Role.ASSESSOR)

    with pytest.raises(PermissionDenied):
        actions.admit_phone(name="x", by=judge, at=AT)


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def test_name_and_password_are_taken_over_tls_alone(version: FormVersion, bob: User) -> None:
    bob.set_password("any-Words-2026")
    bob.save()
    url = reverse("forms:xform_list")

    def asked(headers: dict[str, str], *, secure: bool = True) -> Any:
        return Collect("").client.get(url, headers=headers, secure=secure)

    assert asked(basic("bob", "any-Words-2026")).status_code == 200
    assert b"/forms/openrosa/forms/" in asked(basic("bob", "any-Words-2026")).content
    assert asked(basic("bob", "any-Words-2026"), secure=False).status_code == 403
    wrong = asked(basic("bob", "wrong"))
    assert (wrong.status_code, wrong.headers["WWW-Authenticate"]) == (401, 'Basic realm="shian", charset="UTF-8"')
    assert asked({}).status_code == 401
    assert asked({"Authorization": "Basic %%%"}).status_code == 401
    assert asked({"Authorization": 'Digest username="bob"'}).status_code == 401


def test_the_database_refuses_to_change_what_came_in(version: FormVersion, bob: User) -> None:
    collect = phone_of(bob)
    collect.send(collect.filled(version.xform.encode(), GOOD), FILES)

    rows = FormSubmission.objects.all()
    for change in (
        {"answers": {}},
        {"percent": 100},
        {"completed_at": None},
        {"received_at": AT},
        {"released_at": None},
    ):
        with pytest.raises(DatabaseError, match="never change"), transaction.atomic():
            rows.update(**change)
    for several in (SubmissionFile.objects.all(), rows):
        with pytest.raises(DatabaseError, match="never change"), transaction.atomic():
            several._raw_delete("default")
