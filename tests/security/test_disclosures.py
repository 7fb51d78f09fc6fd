"""Full values for a reason, once; exports masked, with a reason, in the list that auditors read."""

import csv
import io
import zipfile
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from shian.engine.ledgers.declarations import read_ledger
from shian.engine.ledgers.exports import make_export
from shian.engine.ledgers.fields import DeclarationInvalid
from shian.engine.ledgers.tests.factories import TOWNS, make_areas, make_operator
from shian.kernel.accounts.models import Role, User
from shian.kernel.accounts.policy import policy_for
from shian.kernel.disclosures.actions import ReasonMissing, record_export
from shian.kernel.disclosures.door import Door, ReasonNeeded
from shian.kernel.disclosures.models import Disclosure
from shian.kernel.disclosures.rules import MOST_IN_WINDOW
from shian.kernel.notary.models import Entry
from shian.kernel.ui.masking import Personal
from shian.kernel.ui.tables import Cell, Column, Row
from shian.registers.operators.models import Operator
from shian.registers.people.tests.factories import PersonFactory, PostFactory, reach_user

pytestmark = pytest.mark.django_db
PHONE, MASKED = "13900001234", "139****1234"
WHY = {"chosen": "日常监管", "words": "第3号"}
AT = timezone.now()


@pytest.fixture
def operator() -> Operator:
    make_areas()
    made = make_operator(1, town=TOWNS[2])
    made.representative, made.phone = "王小明", PHONE
    made.save()
    return made


@pytest.fixture
def office(client: Client) -> User:
    user = reach_user("olive", "131000", Role.OFFICE)
    client.force_login(user)
    return user


@pytest.fixture
def station(client: Client) -> User:
    user = reach_user("steve", "131022100", Role.STATION)
    client.force_login(user)
    return user


def opening(operator: Operator) -> str:
    return reverse("disclosures:record_open", args=["operator", operator.code])


def test_a_record_masks_and_offers_the_way_to_the_full_values(operator: Operator, office: User, client: Client) -> None:
    page = client.get(reverse("census:operator_detail", args=[operator.code])).content.decode()

    assert PHONE not in page
    assert "王小明" not in page
    assert MASKED in page
    assert "王*明" in page
    assert opening(operator) in page


def test_full_values_are_shown_once_for_a_reason_and_listed(operator: Operator, office: User, client: Client) -> None:
    asked = client.get(opening(operator))
    shown = client.post(opening(operator), WHY)

    assert PHONE not in asked.content.decode()
    assert PHONE in shown.content.decode()
    assert shown.headers["Cache-Control"] == "no-store"
    told = Disclosure.objects.get()
    assert (told.actor, told.reason, told.personal) == ("olive", "日常监管：第3号", "name phone")
    entry = Entry.objects.get(uid=told.entry)
    assert (entry.action, entry.data["reason"]) == ("disclosures.record_opened", "日常监管：第3号")
    assert PHONE not in str(entry.data), "the log tells that it was seen, not what"
    assert PHONE not in client.get(opening(operator)).content.decode(), "a second look wants its own reason"
    assert PHONE not in client.get(reverse("census:operator_detail", args=[operator.code])).content.decode()


@pytest.mark.parametrize("said", [{}, {"chosen": ""}, {"words": "x"}, {"chosen": "因为"}])
def test_without_a_reason_nothing_is_shown(
    said: dict[str, str], operator: Operator, office: User, client: Client
) -> None:
    answer = client.post(opening(operator), {"any": "1", **said})

    assert answer.status_code == 422
    assert PHONE not in answer.content.decode()
    assert not Disclosure.objects.exists()


def test_a_record_beyond_the_reach_stays_closed(operator: Operator, client: Client) -> None:
    client.force_login(reach_user("carol", "131023", Role.COUNTY))

    assert client.post(opening(operator), WHY).status_code == 404
    assert client.post(reverse("disclosures:record_open", args=["nothing", "1"]), WHY).status_code == 404
    assert Entry.objects.filter(action="scope.refused").count() == 1


def test_the_number_of_a_colleague_opens_for_a_reason(client: Client) -> None:
    post = PostFactory(person=PersonFactory(phone=PHONE), area_code="131022")
    client.force_login(reach_user("olive", "131000", Role.OFFICE))
    page = client.get(reverse("people:organisation_detail", args=[post.organisation.code])).content.decode()
    url = reverse("disclosures:record_open", args=["person", post.person.person_no])

    assert MASKED in page
    assert PHONE not in page
    assert url in page
    assert PHONE in client.post(url, WHY).content.decode()
    assert Disclosure.objects.get().subject == f"people.person:{post.person.person_no}"


def exporting(**query: str) -> str:
    return f"{reverse('census:operator_export')}?{urlencode(query or {'format': 'csv'})}"


def test_an_export_of_a_station_user_masks_and_is_listed_with_its_reason(
    operator: Operator, station: User, client: Client
) -> None:
    """N-07, done when."""
    asked = client.get(exporting())
    answer = client.post(exporting(), WHY)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")

    assert "attachment" not in asked.headers.get("Content-Disposition", "")
    assert PHONE not in text
    assert "王小明" not in text
    assert MASKED in text
    assert "王*明" in text
    assert "联系电话（已遮盖）" in text, "no importer takes a masked number for a number"
    assert "日常监管：第3号" in text
    told = Disclosure.objects.get()
    assert (told.kind, told.actor, told.rows, told.personal) == ("export", "steve", 1, "name phone")
    assert told.details["行数"] == "1"
    assert Entry.objects.get(uid=told.entry).action == "export.made"


def test_an_export_without_a_reason_asks_again(operator: Operator, station: User, client: Client) -> None:
    answer = client.post(exporting(), {"chosen": ""})

    assert answer.status_code == 422
    assert not Entry.objects.filter(action="export.made").exists()


def test_a_reason_in_the_address_is_none(operator: Operator, station: User, client: Client) -> None:
    answer = client.get(exporting(format="csv", **WHY))

    assert not answer.streaming
    assert not Disclosure.objects.exists()


def rows_of(count: int) -> list[Row]:
    return [Row({"code": f"C{number}"}) for number in range(count)]


def made_of(rows: list[Row], columns: list[Column], *, format: str = "csv", reason: str = "") -> tuple[int, bytes]:
    """How many rows the file holds that a program takes, and its content."""
    door = Door(User(username="steve"), reason)
    made = make_export(name="表", format=format, columns=columns, rows=rows, facts={}, by="steve", at=AT, door=door)
    with made.file:
        return made.rows, made.file.read()


def test_more_than_five_hundred_rows_want_a_reason(db: None) -> None:
    columns = [Column("code", "编号")]

    assert made_of(rows_of(500), columns)[0] == 500
    with pytest.raises(ReasonNeeded):
        made_of(rows_of(501), columns)
    assert made_of(rows_of(501), columns, reason="审计")[0] == 501


def test_the_record_refuses_what_the_page_forgot(office: User) -> None:
    with pytest.raises(ReasonMissing):
        record_export(subject="a.b:c", title="表", rows=501, by=office, at=AT, facts={})


def test_a_file_masks_what_a_page_reveals_and_names_its_reader(db: None) -> None:
    row = Row({"phone": Cell(PHONE, is_revealed=True)})
    columns = [Column("phone", "电话", personal=Personal.PHONE)]
    with zipfile.ZipFile(io.BytesIO(made_of([row], columns, format="xlsx", reason="审计")[1])) as book:
        content = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))

    assert PHONE not in content
    assert MASKED in content
    assert "steve" in content.split("<oddFooter>")[1].split("</oddFooter>")[0]


@pytest.mark.parametrize("value", ["=1+1", "+1+1", "-1+cmd", "@SUM(A1)", "\t=1", "\r=1", "＝1+1"])
def test_no_cell_becomes_a_formula(value: str, db: None) -> None:
    rows, columns = [Row({"a": value})], [Column("a", "甲")]
    text = made_of(rows, columns)[1].decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(made_of(rows, columns, format="xlsx")[1])) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()

    assert list(csv.reader(io.StringIO(text, newline="")))[-1][0] == f"'{value}"
    assert "<f>" not in sheet


def test_the_list_is_for_auditors(operator: Operator, office: User, client: Client) -> None:
    client.post(opening(operator), WHY)
    url = reverse("disclosures:disclosure_list")
    assert client.get(url).status_code == 403

    client.force_login(User.objects.create(username="root", role=Role.AUDITOR))
    page = client.get(url).content.decode()

    assert operator.name in page
    assert "日常监管：第3号" in page
    assert operator.name in client.get(url, {"q": operator.code, "kind": "view"}).content.decode()
    assert operator.name not in client.get(url, {"kind": "export"}).content.decode()


def test_the_list_cannot_be_rewritten(operator: Operator, office: User, client: Client) -> None:
    client.post(opening(operator), WHY)

    assert Disclosure.objects.update(reason="别的") == 0, "there is no policy that lets a row be changed"
    assert Disclosure.objects.all().delete()[0] == 0
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE disclosures_disclosure")


def test_a_ledger_declares_its_personal_fields(tmp_path: Any) -> None:
    field = "{name: name, title: 姓名, type: string, personal: %s}"
    declared = f"key: trainees\ntitle: 学员\nkey_fields: [name]\nfields:\n  - {field}\n"
    path = tmp_path / "trainees.yaml"
    path.write_text(declared % "name", encoding="utf-8")
    assert read_ledger(path).by_name["name"].personal == "name"

    path.write_text(declared % "surname", encoding="utf-8")
    with pytest.raises(DeclarationInvalid, match="personal"):
        read_ledger(path)


@pytest.mark.parametrize("kind", ["view", "export"])
def test_too_many_in_a_short_time_have_to_wait(kind: str, operator: Operator, station: User, client: Client) -> None:
    url = opening(operator) if kind == "view" else exporting()
    now = timezone.now()
    told = {"kind": kind, "subject": "a.b:c", "title": "表", "reason": "审计", "entry": uuid4()}
    rows = [Disclosure(actor="steve", at=now - timedelta(minutes=4), **told) for _ in range(MOST_IN_WINDOW[kind] - 1)]
    Disclosure.objects.bulk_create([*rows, Disclosure(actor="other", at=now, **told)])

    last = client.post(url, WHY)
    assert last.status_code == 200
    assert last.getvalue()
    refused = client.post(url, WHY)

    assert refused.status_code == 429
    assert 300 < int(refused.headers["Retry-After"]) <= 360


@override_settings(CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "q"}})
def test_searches_faster_than_a_hand_have_to_wait(operator: Operator, station: User, client: Client) -> None:
    most = policy_for(station).searches_per_minute
    url = reverse("areas:area_list")

    answers = [client.get(url, {"q": f"名{number}"}).status_code for number in range(most + 1)]
    refused = client.get(reverse("people:organisation_list"), {"q": "名"})

    assert answers == [200] * most + [429]
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60"), "counted for the account, not by page"
    assert client.get(url).status_code == 200, "looking is free"
