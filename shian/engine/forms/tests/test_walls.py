"""Row-level security on submissions: the same cut as `visible_to`, by bare SQL of the web role."""

from io import BytesIO
from itertools import product
from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from shian.engine.forms.actions import Sent, SubmissionRefused, receive_answers, release_submission
from shian.engine.forms.models import FormSubmission, FormVersion, SubmissionFile
from shian.engine.forms.tests.collect import photo
from shian.engine.forms.tests.sheets import ITEMS
from shian.engine.forms.tests.test_protocol import AT, issued
from shian.kernel.accounts.models import Role, User
from shian.kernel.files.models import StoredFile
from shian.kernel.scope.reach import EVERYWHERE
from shian.kernel.scope.rules import columns_of_key
from shian.kernel.scope.tests.desk import at_the_desk_of, counted
from shian.kernel.scope.walls import NOBODY, SYSTEM, Bounds, bounded_by, guarded_tables
from shian.registers.people.tests.factories import reach_user

pytestmark = pytest.mark.django_db
TABLES = ("forms_formsubmission", "forms_submissionfile")


@pytest.fixture
def office() -> User:
    return reach_user("alice", "131000", Role.OFFICE)


@pytest.fixture
def version(office: User) -> FormVersion:
    return issued(office, ITEMS)


def kept(version: FormVersion, user: User, area: str, *, is_released: bool) -> FormSubmission:
    """A submission with a file."""
    made = FormSubmission.objects.create(
        version=version, instance_id=f"uuid:{user.pk}-{area}-{is_released}", source="page", user=user, digest="0" * 64,
        answers={}, received_at=AT, released_at=AT if is_released else None, **columns_of_key(area),
    )  # fmt: skip
    name = f"{made.pk}.jpg"
    stored = StoredFile.objects.create(
        sha256=f"{made.pk:064}", name=name, kind="jpg", size=3, stored_at=AT, stored_by="x"
    )
    SubmissionFile.objects.create(submission=made, name=name, stored=stored, received_at=AT)
    return made


def cast() -> list[User]:
    places = (("131000", Role.OFFICE), ("131022", Role.OFFICE), ("131022", Role.COUNTY), ("131022100", Role.STATION),
              ("131023", Role.COUNTY), ("131000", Role.DEPARTMENT))  # fmt: skip
    return [reach_user(f"u{number}", area, role) for number, (area, role) in enumerate(places)]


@pytest.mark.parametrize("table", TABLES)
def test_without_a_scope_there_is_nothing(table: str, version: FormVersion, office: User) -> None:
    kept(version, office, "131022", is_released=True)

    assert table in guarded_tables()
    with bounded_by(lambda: NOBODY):
        assert counted(table) == 0
    for bounds in (SYSTEM, Bounds(reach=EVERYWHERE)):
        with bounded_by(lambda bounds=bounds: bounds):
            assert counted(table) == 1


def test_the_wall_cuts_as_visible_to_does(version: FormVersion) -> None:
    users = cast()
    for user, area, is_released in product(users[2:5], ("131022", "131022100", "131023"), (True, False)):
        kept(version, user, area, is_released=is_released)

    for user in users:
        with at_the_desk_of(user):
            walled = set(FormSubmission.objects.values_list("pk", flat=True))
            files = set(SubmissionFile.objects.values_list("submission", flat=True))
        assert walled == files == set(FormSubmission.objects.visible_to(user).values_list("pk", flat=True)), user
    county, station = users[2], users[3]
    assert (
        FormSubmission.objects.visible_to(county).count() == 6 + 4
    )  # the own ones, and what was released in the county
    assert FormSubmission.objects.visible_to(station).count() == 6 + 2


def test_a_withheld_one_is_not_written_from_elsewhere(version: FormVersion) -> None:
    users = cast()
    found = kept(version, users[4], "131022", is_released=False)

    with at_the_desk_of(users[2]):
        assert FormSubmission.objects.filter(pk=found.pk).update(released_at=AT) == 0
        assert counted(TABLES[1]) == 0
    with at_the_desk_of(users[2]), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        kept(version, users[3], "131023", is_released=True)


def test_an_id_that_somebody_else_has_taken_is_refused_without_showing_theirs(version: FormVersion) -> None:
    users = cast()
    told: dict[str, Any] = {
        "version": version, "instance_id": "uuid:7", "digest": "1" * 64, "totals": {},
        "answers": {"licence": "pass", "records": "pass", "expired": 0, "hygiene": ["none"]},
    }  # fmt: skip
    with at_the_desk_of(users[4]):
        receive_answers(**told, sent=Sent(users[4], AT))

    with at_the_desk_of(users[2]), pytest.raises(SubmissionRefused) as refused:
        receive_answers(**{**told, "digest": "2" * 64}, sent=Sent(users[2], AT))

    assert refused.value.status == 409


def test_receiving_and_releasing_go_through_the_wall(version: FormVersion) -> None:
    users = cast()
    with at_the_desk_of(users[3]):
        made = receive_answers(
            version=version, instance_id="uuid:8", digest="1" * 64, totals={},
            answers={"licence": "pass", "records": "fail", "records_photo": "1.jpg", "expired": 0, "hygiene": ["none"]},
            sent=Sent(users[3], AT, files={"1.jpg": BytesIO(photo())}),
        )  # fmt: skip
        assert made.completed_at == AT
        assert counted(TABLES[1]) == 1
    with at_the_desk_of(users[1]):
        assert release_submission(submission=made, by=users[1], at=AT).released_at is not None
