"""Places that are looked into at an interval (ImportSource)."""

import os
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shian.kernel.accounts.models import Role, User
from shian.kernel.files.outbound import Fetched, FetchRefused
from shian.kernel.imports.actions import SourceUnusable, add_source, collect_source, due_sources, end_source, sources
from shian.kernel.imports.actions.sources import Wanted
from shian.kernel.imports.models import BatchState, ImportBatch, ImportSource
from shian.kernel.imports.tests.files import csv_bytes
from shian.kernel.notary.models import Entry

pytestmark = pytest.mark.django_db
HEAD = ["品类编码", "名称", "上级编码", "产品范围"]
GOOD, BAD = ["A", "蔬菜", "", "食用农产品"], ["B", "糕点", "", "点心"]


@pytest.fixture
def root() -> User:
    return User.objects.create(username="root", role=Role.ADMIN, is_superuser=True)


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.SHIAN_HOME = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    found = tmp_path / "pickup" / "products"
    found.mkdir(parents=True)
    return found


def put(folder: Path, name: str, *rows: list[str], age: float = 60) -> None:
    path = folder / name
    path.write_bytes(csv_bytes([HEAD, *rows]))
    os.utime(path, (time.time() - age, time.time() - age))


def source(by: Any, **changes: Any) -> ImportSource:
    terms = {"kind": "folder", "place": "products", "every_minutes": 60, "accepts": True, **changes}
    wanted = Wanted(
        importer="products",
        valid_from=changes.pop("valid_from", date(2020, 1, 1)),
        **{k: v for k, v in terms.items() if k != "valid_from"},
    )
    return add_source(wanted=wanted, by=by, at=timezone.now())


def look(found: ImportSource) -> str:
    collect_source(source=found, at=timezone.now())
    found.refresh_from_db()
    return found.last_note


def products() -> int:
    return apps.get_model("products", "Product").objects.count()


def test_good_files_enter_by_themselves_and_the_same_content_only_once(root: User, folder: Path) -> None:
    put(folder, "1.csv", GOOD)
    found = source(root)

    assert "已接收" in look(found)
    assert (products(), ImportBatch.objects.get().source) == (1, found)
    assert look(found) == "没有新的文件"

    put(folder, "1.csv", ["A", "蔬菜类", "", "食用农产品"])
    assert "已接收" in look(found)
    assert ImportBatch.objects.count() == 2


def test_a_file_with_errors_waits_for_a_person(root: User, folder: Path) -> None:
    put(folder, "1.csv", GOOD, BAD)

    assert "待接收" in look(source(root))
    assert (products(), ImportBatch.objects.get().state) == (0, BatchState.CHECKED)
    assert ImportBatch.objects.get().created_by == "root"


def test_nothing_is_accepted_where_a_person_wants_to_see_it_first(root: User, folder: Path) -> None:
    put(folder, "1.csv", GOOD)

    assert "待接收" in look(source(root, accepts=False))
    assert products() == 0


def test_files_under_way_other_kinds_and_links_are_left_alone(root: User, folder: Path, tmp_path: Path) -> None:
    put(folder, "growing.csv", GOOD, age=0)
    put(folder, "notes.txt", GOOD)
    (tmp_path / "secret.csv").write_bytes(csv_bytes([HEAD, GOOD]))
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")

    assert look(source(root)) == "没有新的文件"


@pytest.mark.parametrize("place", ["../..", "/../files", "products/../../files"])
def test_a_folder_outside_is_refused(root: User, folder: Path, place: str) -> None:
    with pytest.raises(SourceUnusable):
        source(root, place=place)


def test_a_missing_folder_and_a_wrong_kind_are_told_beside_the_source(root: User, folder: Path) -> None:
    (folder / "1.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 64)
    os.utime(folder / "1.csv", (1, 1))

    assert "不是可接受的格式" in look(source(root))
    assert "没有“nowhere”" in look(source(root, place="nowhere"))


def test_an_address_is_fetched_and_a_refusal_is_told(root: User, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = source(root, kind="url", place="https://files.example/p.csv")

    def answer(_url: str, out: Any, **_limits: Any) -> Fetched:
        return Fetched("", "p.csv", out.write(csv_bytes([HEAD, GOOD])))

    monkeypatch.setattr(sources, "fetch", answer)
    assert "p.csv：已接收" in look(found)

    def refuse(_url: str, _out: Any, **_limits: Any) -> Fetched:
        raise FetchRefused("对方答复 500，没有文件。")

    monkeypatch.setattr(sources, "fetch", refuse)
    assert "500" in look(found)
    with pytest.raises(SourceUnusable):
        source(root, kind="url", place="file:///etc/passwd")


def test_a_source_is_due_in_its_days_and_after_its_interval(root: User, folder: Path) -> None:
    now, today = timezone.now(), timezone.localdate()
    first, later = source(root), source(root, valid_from=today + timedelta(days=2))
    assert due_sources(now) == [first.pk]

    look(first)
    assert due_sources(timezone.now()) == []
    assert due_sources(now + timedelta(minutes=61)) == [first.pk]
    assert due_sources(now + timedelta(days=2, minutes=1)) == [first.pk, later.pk]

    end_source(source=first, by=root, at=now)
    assert due_sources(now + timedelta(minutes=61)) == []
    assert set(Entry.objects.values_list("action", flat=True)) >= {"imports.source_added", "imports.source_ended"}


def test_a_county_sets_up_no_source(folder: Path) -> None:
    with pytest.raises(PermissionDenied):
        source(User.objects.create(username="carol", role=Role.COUNTY))


def test_the_pages_add_list_and_end_a_source(root: User, folder: Path, client: Client) -> None:
    client.force_login(root)
    fields = {"importer": "products", "kind": "folder", "place": "products", "every_minutes": "60"}

    assert "间隔" in client.post(reverse("imports:source_create"), {**fields, "every_minutes": "1"}).content.decode()
    refused = client.post(reverse("imports:source_create"), {**fields, "place": "..", "valid_from": "2022-01-01"})
    assert "取件文件夹之内" in refused.content.decode()
    listed = client.post(reverse("imports:source_create"), {**fields, "valid_from": "2022-01-01"}, follow=True)
    assert "产品品类" in listed.content.decode()
    assert 'name="key"' in listed.content.decode()

    found = ImportSource.objects.get()
    client.post(reverse("imports:source_end"), {"key": [str(found.pk)]})
    found.refresh_from_db()
    assert found.valid_to == timezone.localdate()
