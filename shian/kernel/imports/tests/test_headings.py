"""Headings matched by hand (HeadingMatch): remembered for an organisation, listed, forgotten."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shian.kernel.accounts.models import Role, User
from shian.kernel.imports.models import BatchState, HeadingMatch, ImportBatch
from shian.kernel.imports.tests.files import csv_bytes
from shian.kernel.notary.models import Entry
from shian.kernel.scope import reach

pytestmark = pytest.mark.django_db
ODD = ["分类号", "叫法", "归口", "柜号"]
ROW = ["A", "蔬菜", "食用农产品", "7"]
BY_HAND = {"heading_0": "code", "heading_1": "name", "heading_2": "scope", "heading_3": ""}


@pytest.fixture
def office(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Anne and Bert act for U1, Carl for U2."""
    units = {"anne": "U1", "bert": "U1", "carl": "U2"}
    monkeypatch.setattr(
        reach, "_providers", {"": lambda user: reach.Reach(keys=("13",), organisations=(units[user.username],))}
    )
    for name in units:
        User.objects.create(username=name, role=Role.OFFICE)
    client.force_login(User.objects.get(username="anne"))
    return client


def upload(client: Client, *rows: list[str]) -> ImportBatch:
    fields = {"importer": "products", "effective_on": "2022-11-24"}
    content = SimpleUploadedFile("p.csv", csv_bytes([ODD, *rows]))
    client.post(reverse("imports:batch_create"), {**fields, "file": content})
    return ImportBatch.objects.latest("id")


def match(client: Client, batch: ImportBatch, **changes: str) -> Any:
    return client.post(reverse("imports:batch_match", args=[batch.pk]), {**BY_HAND, **changes})


def test_foreign_headings_are_matched_once_and_then_known(office: Client) -> None:
    batch = upload(office, ROW)
    address = reverse("imports:batch_match", args=[batch.pk])
    assert batch.state == BatchState.FAILED
    assert address in office.get(reverse("imports:batch_detail", args=[batch.pk])).content.decode()
    assert "归口" in office.get(address).content.decode()

    match(office, batch)

    batch.refresh_from_db()
    assert (batch.state, batch.rows_new) == (BatchState.CHECKED, 1)
    assert Entry.objects.get(action="imports.headings_matched").data["organisation"] == "U1"

    office.force_login(User.objects.get(username="bert"))
    assert upload(office, ["B", "水果", "食用农产品", "8"]).state == BatchState.CHECKED


def test_another_organisation_does_not_share_what_was_matched(office: Client) -> None:
    match(office, upload(office, ROW))

    office.force_login(User.objects.get(username="carl"))
    assert upload(office, ROW).state == BatchState.FAILED
    assert "分类号" not in office.get(reverse("imports:heading_list")).content.decode()


def test_bad_rows_of_matched_headings_go_home_and_come_back(office: Client) -> None:
    batch = upload(office, ROW, ["B", "糕点", "点心", "8"])
    match(office, batch)

    answer = office.get(reverse("imports:batch_bad_rows", args=[batch.pk]))
    assert answer.status_code == 200
    content = SimpleUploadedFile("back.xlsx", b"".join(answer.streaming_content))
    fields = {"importer": "products", "effective_on": "2022-11-24", "file": content}
    office.post(reverse("imports:batch_create"), fields)

    back = ImportBatch.objects.latest("id")
    assert (back.rows_total, back.rows_bad) == (1, 1)


def test_one_field_takes_one_column_and_a_known_name_may_be_overruled(office: Client) -> None:
    batch = upload(office, ROW)

    assert "只能对应一列" in match(office, batch, heading_3="name").content.decode()
    assert HeadingMatch.objects.count() == 0


def test_what_is_forgotten_is_matched_by_name_again(office: Client) -> None:
    match(office, upload(office, ROW))
    listed = office.get(reverse("imports:heading_list")).content.decode()
    assert "分类号" in listed
    assert listed.count('name="key"') == HeadingMatch.objects.count()

    keys = [str(pk) for pk in HeadingMatch.objects.values_list("pk", flat=True)]
    foreign = HeadingMatch.objects.create(
        organisation="U2", importer="products", key="x", heading="x", matched_at="2022-11-24T00:00Z"
    )
    assert office.post(reverse("imports:heading_forget"), {"key": [str(foreign.pk)]}).status_code == 403
    office.post(reverse("imports:heading_forget"), {"key": keys})

    assert HeadingMatch.objects.get() == foreign
    assert upload(office, ROW).state == BatchState.FAILED
    assert Entry.objects.filter(action="imports.heading_forgotten").count() == len(keys)
