"""From a workbook to an issued version, its replacement and its withdrawal; who may do what, on pages too."""

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from shian.engine.forms import actions
from shian.engine.forms.actions import VersionRefused
from shian.engine.forms.faults import FormRefused
from shian.engine.forms.models import Form, FormVersion
from shian.engine.forms.queries import changes_between, former_of, version_in_force
from shian.engine.forms.tests.sheets import ITEMS, workbook
from shian.kernel.accounts.models import Role, User
from shian.kernel.files.actions import FileRefused
from shian.kernel.notary.models import Entry

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)


@pytest.fixture
def office() -> User:
    return User.objects.create(username="alice", role=Role.OFFICE)


@pytest.fixture
def station() -> User:
    return User.objects.create(username="bob", role=Role.STATION)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def uploaded(by: User, survey: Any = None, **settings: Any) -> FormVersion:
    return actions.upload_form(name="表.xlsx", stream=workbook(survey, **settings), by=by, at=AT)


def issued(by: User, survey: Any = None, *, on: date = TODAY, **settings: Any) -> FormVersion:
    return actions.issue_version(version=uploaded(by, survey, **settings), valid_from=on, by=by, at=AT)


def cheaper() -> list[dict[str, Any]]:
    return [{**ITEMS[0], "points": 30}, *ITEMS[1:3], {**ITEMS[3], "name": "tidy"}]


def test_a_workbook_becomes_a_draft_and_a_draft_is_issued(office: User) -> None:
    version = issued(office)

    assert (version.name, version.issued_by, version.valid_from) == ("1", "alice", TODAY)
    assert version.file is not None
    assert 'version="1"' in version.xform
    found = version_in_force("open_T1", TODAY)
    assert found == version
    assert version_in_force("open_T1", TODAY - timedelta(days=1)) is None
    entries = {entry.action: entry.data for entry in Entry.objects.filter(action__startswith="forms.")}
    assert entries["forms.issued"] == {
        "form": "open_T1", "version": "1", "digest": version.digest, "valid_from": "2026-11-22",
    }  # fmt: skip
    assert entries["forms.uploaded"]["file"] == version.file.sha256


def test_a_new_version_counts_from_its_day_and_the_old_one_before(office: User) -> None:
    first, later = issued(office), TODAY + timedelta(days=10)
    second = issued(office, cheaper(), on=later, version="2")

    assert version_in_force("open_T1", later - timedelta(days=1)) == first
    assert version_in_force("open_T1", later) == second
    assert former_of(second) == first
    changes = {change.name: change for change in changes_between(first.definition, second.definition)}
    assert {name: change.kind for name, change in changes.items()} == {
        "licence": "changed", "tidy": "added", "hygiene": "gone",
    }  # fmt: skip
    assert changes["licence"].attributes == (("points", "40", "30"),)


def test_a_version_cannot_begin_before_one_that_is_issued(office: User) -> None:
    issued(office, on=TODAY + timedelta(days=5))
    draft = uploaded(office, cheaper(), version="2")

    with pytest.raises(VersionRefused, match="不能早于"):
        actions.issue_version(version=draft, valid_from=TODAY, by=office, at=AT)


def test_a_second_draft_takes_the_place_of_the_first(office: User) -> None:
    uploaded(office)
    uploaded(office, cheaper())

    assert [len(each.definition.items) for each in FormVersion.objects.all()] == [4]
    assert FormVersion.objects.get().definition.full == 90


def test_the_same_content_or_the_same_name_is_refused(office: User) -> None:
    issued(office)

    with pytest.raises(VersionRefused, match="内容相同"):
        uploaded(office, version="2")
    with pytest.raises(FormRefused, match="已经发布过"):
        uploaded(office, cheaper())
    assert uploaded(office, cheaper(), version="").name == "2026112201"


def test_the_database_refuses_to_change_or_delete_an_issued_version(office: User) -> None:
    version = issued(office)

    for change in (
        {"content": {}},
        {"valid_from": date(2020, 1, 1)},
        {"xform": ""},
        {"issued_at": None, "issued_by": ""},
    ):
        with pytest.raises(DatabaseError, match="never change"), transaction.atomic():
            FormVersion.objects.filter(pk=version.pk).update(**change)
    with pytest.raises(DatabaseError, match="never change"), transaction.atomic():
        FormVersion.objects.filter(pk=version.pk).delete()


def test_a_withdrawn_version_gives_way_to_the_one_before(office: User) -> None:
    first = issued(office)
    second = issued(office, cheaper(), version="2")

    with pytest.raises(VersionRefused, match="理由"):
        actions.withdraw_version(version=second, reason=" ", by=office, at=AT)
    actions.withdraw_version(version=second, reason="分值有误", by=office, at=AT)

    assert version_in_force("open_T1", TODAY + timedelta(days=1)) == first
    with pytest.raises(VersionRefused, match="不在使用中"):
        actions.withdraw_version(version=second, reason="再停一次", by=office, at=AT)


def test_a_draft_can_be_thrown_away_and_an_issued_version_cannot(office: User) -> None:
    draft = uploaded(office)
    actions.discard_draft(version=draft, by=office, at=AT)
    assert not Form.objects.exists()

    with pytest.raises(VersionRefused, match="只能停用"):
        actions.discard_draft(version=issued(office), by=office, at=AT)


def test_only_the_office_writes_forms(station: User, office: User) -> None:
    draft = uploaded(office)

    for verb in (
        lambda: uploaded(station),
        lambda: actions.issue_version(version=draft, valid_from=TODAY, by=station, at=AT),
        lambda: actions.withdraw_version(version=draft, reason="x", by=station, at=AT),
        lambda: actions.discard_draft(version=draft, by=station, at=AT),
    ):
        with pytest.raises(PermissionDenied):
            verb()


def test_a_file_that_is_no_workbook_is_refused(office: User) -> None:
    with pytest.raises(FileRefused):
        actions.upload_form(name="x.xlsx", stream=io.BytesIO(b"%PDF-1.7"), by=office, at=AT)


def test_the_packs_are_issued_once_and_never_over_a_citys_own(office: User) -> None:
    own = issued(office, form_id="open_M18")

    first = actions.load_packed_forms(by="demo", at=AT)
    again = actions.load_packed_forms(by="demo", at=AT)

    assert (len(first), len(again)) == (36, 0)
    assert version_in_force("open_M18", TODAY) == own
    found = version_in_force("covert_A01", TODAY)
    assert found is not None
    assert found.definition.is_withheld


def test_pages_lead_from_upload_to_issue_and_comparison(office: User) -> None:
    first, client = issued(office), signed_in(office)
    file = SimpleUploadedFile("表.xlsx", workbook(cheaper(), version="2").read())

    answer = client.post(reverse("forms:form_create"), {"file": file})
    draft = FormVersion.objects.get(issued_at=None)
    assert (answer.status_code, answer.url) == (302, reverse("forms:version_detail", args=[draft.pk]))

    page = client.get(answer.url).content.decode()
    assert "草稿" in page
    assert "与版本 1 相比" in page
    assert "许可有效" in page

    answer = client.post(reverse("forms:version_issue", args=[draft.pk]), {"valid_from": "2026-11-01"})
    assert answer.status_code == 422
    answer = client.post(reverse("forms:version_issue", args=[draft.pk]), {"valid_from": "2026-12-01"})
    assert answer.status_code == 302
    assert "open_T1" in client.get(reverse("forms:form_list")).content.decode()
    listed = client.get(reverse("forms:form_detail", args=["open_T1"])).content.decode()
    assert first.name in listed
    assert client.post(reverse("forms:version_discard", args=[draft.pk])).status_code == 302
    assert FormVersion.objects.filter(pk=draft.pk).exists()
    assert client.post(reverse("forms:version_withdraw", args=[draft.pk]), {"reason": ""}).status_code == 422
    assert client.post(reverse("forms:version_withdraw", args=[draft.pk]), {"reason": "停"}).status_code == 302


def test_faults_are_listed_by_sheet_row_and_column(office: User) -> None:
    file = SimpleUploadedFile("表.xlsx", workbook([{**ITEMS[0], "points": "many"}, *ITEMS[1:]]).read())

    answer = signed_in(office).post(reverse("forms:form_create"), {"file": file})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "分值“many”看不懂。" in page
    assert not Form.objects.exists()


def test_drafts_are_the_offices_alone(office: User, station: User) -> None:
    draft, client = uploaded(office), signed_in(station)

    assert client.get(reverse("forms:version_detail", args=[draft.pk])).status_code == 404
    assert client.get(reverse("forms:form_detail", args=["open_T1"])).status_code == 404
    actions.issue_version(version=draft, valid_from=TODAY, by=office, at=AT)
    page = client.get(reverse("forms:version_detail", args=[draft.pk])).content.decode()
    assert reverse("forms:version_withdraw", args=[draft.pk]) not in page


def test_the_workbook_of_a_version_can_be_uploaded_again(office: User) -> None:
    version, client = issued(office), signed_in(office)

    answer = client.get(reverse("forms:version_download", args=[version.pk]))

    assert 'filename="open_T1-1.xlsx"' in answer.headers["Content-Disposition"]
    with pytest.raises(VersionRefused, match="内容相同"):
        actions.upload_form(name="b.xlsx", stream=io.BytesIO(answer.content), by=office, at=AT)
    xform = client.get(reverse("forms:version_file", args=[version.pk]))
    assert xform.content.decode() == version.xform


def test_a_file_is_named_after_its_version_whatever_signs_that_has(office: User) -> None:
    version = actions.upload_form(name="x.xlsx", stream=workbook(), by=office, at=AT)
    FormVersion.objects.filter(pk=version.pk).update(name='第"2"版')

    answer = signed_in(office).get(reverse("forms:version_file", args=[version.pk]))

    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''open_T1-%E7%AC%AC%222%22%E7%89%88.xml"
