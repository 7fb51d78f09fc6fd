"""A set of two items: what lies in the zip, who may have it, what is sealed, what a changed byte does."""

import base64
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from shian.engine.archives import sets
from shian.engine.archives.actions import JOB, DayToCome, ask_set, build_set
from shian.engine.archives.models import ArchiveSet, SetState
from shian.engine.archives.sets import (
    Contribution,
    FigureAsk,
    Group,
    ItemAsk,
    ItemFolder,
    SetAsk,
    SetContent,
    SetKind,
    SetNotReady,
    register_contributor,
    register_set,
)
from shian.kernel.accounts.models import Role
from shian.kernel.files.queries import path_of
from shian.kernel.notary.actions import export_record, sequence
from shian.kernel.notary.models import Entry
from shian.kernel.scope.models import OutOfReach
from shian.registers.areas.tests.factories import make_city_and_county
from shian.registers.people.tests.factories import reach_user

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def kinds(tmp_path: Path) -> Iterator[None]:
    """A kind with an item that has a figure and a file, and one that has neither."""
    proof = tmp_path / "proof.pdf"
    proof.write_bytes(b"%PDF-1.7 proof")

    def content(ask: SetAsk) -> SetContent:
        if ask.as_of < date(2026, 1, 1):
            raise SetNotReady("还没有评价结果")
        first = ItemFolder(
            "1.1", "机制/制度", "基础", "达标", "done", "1 / 1", "1个", [Group("结果", [("来源", "<核算>")])],
            {"code": "1.1"}, figures=[FigureAsk("areas.counties")], subjects=["campaign.item:1.1/131000"],
        )  # fmt: skip
        second = ItemFolder("1.2", "网格", "基础", "未定", "waiting", "", "", [], {"code": "1.2"})
        return SetContent("试行档案", "廊坊市", [("项数", "2")], [first, second])

    def evidence(ask: ItemAsk) -> list[Contribution]:
        return [Contribution("制度.pdf", proof, "制度文本", "测试")] if ask.code == "1.1" else []

    before = dict(sets._kinds), dict(sets._contributors)
    register_set(SetKind("trial", "试行档案", content))
    register_contributor("trial", evidence)
    yield
    sets._kinds.clear()
    sets._kinds.update(before[0])
    sets._contributors.clear()
    sets._contributors.update(before[1])


@pytest.fixture
def areas() -> None:
    make_city_and_county()


def built(by: Any = "cli", area: str = "131000") -> ArchiveSet:
    asked = ask_set(kind="trial", area=area, as_of=DAY, by=by, at=AT, is_deferred=False)
    return build_set(number=asked.pk, at=AT)


def opened(found: ArchiveSet) -> zipfile.ZipFile:
    assert found.file is not None, found.error
    return zipfile.ZipFile(path_of(found.file.sha256))


def test_a_set_has_a_folder_per_item_with_page_data_rows_files_and_seals(areas: None) -> None:
    found = built()

    names = set(opened(found).namelist())
    root = "trial-131000-2026-11-20"
    assert {
        f"{root}/{name}" for name in ("index.html", "index.json", "manifest.json", "SHA256SUMS", "checkpoint")
    } < names
    folder = f"{root}/items/1.1 机制 制度"
    assert {f"{folder}/{name}" for name in ("index.html", "item.json", "seals.json")} < names
    assert f"{folder}/files/01 制度.pdf" in names
    assert f"{root}/items/1.2 网格/index.html" in names
    rows = opened(found).read(f"{folder}/rows/areas.counties-part.csv").decode("utf-8-sig")
    assert "131002" in rows
    told = json.loads(opened(found).read(f"{folder}/item.json"))
    assert [(each["measure"], each["rows"]) for each in told["rows"]] == [("areas.counties", 1)]
    assert (found.state, found.items) == (SetState.READY, 2)


def test_long_lists_of_rows_say_what_they_were_written_for(areas: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shian.engine.ledgers.exports.REASON_ABOVE", 0)
    found = built()

    assert (found.state, found.error) == (SetState.READY, "")
    rows = next(name for name in opened(found).namelist() if name.endswith("areas.counties-part.csv"))
    assert "归档：评价档案的明细" in opened(found).read(rows).decode("utf-8-sig")


def test_no_page_of_a_set_asks_for_anything_outside_and_all_text_is_escaped(areas: None) -> None:
    archive = opened(built())

    pages = [archive.read(name).decode() for name in archive.namelist() if name.endswith(".html")]
    assert len(pages) == 3
    for page in pages:
        links = re.findall(r'(?:src|href|action)="([^"]+)"', page)
        assert [link for link in links if ":" in link or link.startswith("/")] == []
        assert "@import" not in page
        assert "url(" not in page
    assert any("&lt;核算&gt;" in page for page in pages)


def test_every_link_of_the_index_leads_to_a_file_of_the_set(areas: None) -> None:
    archive = opened(built())
    page = archive.read("trial-131000-2026-11-20/index.html").decode()
    links = [unquote(link) for link in re.findall(r'<a href="([^"]+)"', page)]

    assert len(links) == 2
    assert {f"trial-131000-2026-11-20/{link}" for link in links} <= set(archive.namelist())


def test_the_manifest_names_every_file_with_its_checksum(areas: None) -> None:
    found = built()
    archive, root = opened(found), "trial-131000-2026-11-20/"

    manifest = archive.read(f"{root}manifest.json")
    told = json.loads(manifest)
    listed = {each["path"]: each["sha256"] for each in told["files"]}
    there = {name.removeprefix(root) for name in archive.namelist()} - {"manifest.json"}
    assert set(listed) == there
    assert all(hashlib.sha256(archive.read(root + path)).hexdigest() == digest for path, digest in listed.items())
    assert hashlib.sha256(manifest).hexdigest() == found.manifest


def test_asking_and_building_are_sealed_and_the_seal_proves_the_whole_file(areas: None, tmp_path: Path) -> None:
    from shian.kernel.notary.keys import signer_keys
    from shian.kernel.notary.verification import verify_export

    found = built()
    subject = f"archives.archiveset:{found.pk}"
    assert list(Entry.objects.filter(subject=subject).order_by("id").values_list("action", flat=True)) == [
        "archives.asked",
        "archives.built",
    ]
    while sequence(at=AT):
        pass
    out = io.BytesIO()
    told = export_record(subject=subject, to=out, by="cli", at=AT)
    path = tmp_path / "seals.zip"
    path.write_bytes(out.getvalue())

    assert told.files == 1
    assert verify_export(path, [signer_keys()[0].verifier]).holds
    broken = tmp_path / "broken.zip"
    _with_one_byte_changed(path, broken, f"files/{found.file.sha256}")  # type: ignore[union-attr]
    assert not verify_export(broken, [signer_keys()[0].verifier]).holds


def _with_one_byte_changed(source: Path, target: Path, name: str) -> None:
    with zipfile.ZipFile(source) as whole, zipfile.ZipFile(target, "w") as changed:
        for each in whole.namelist():
            data = bytearray(whole.read(each))
            if each == name:
                data[len(data) // 2] ^= 1
            changed.writestr(each, bytes(data))


def test_seals_of_an_item_are_hashes_with_paths_and_say_nothing_of_the_deed(areas: None) -> None:
    from django.db import transaction

    from shian.kernel.notary.actions import seal
    from shian.kernel.notary.tree import verify_inclusion

    with transaction.atomic():
        seal(action="campaign.verdict_entered", by="alice", subject="campaign.item:1.1/131000",
             data={"reviewer": "王小明"}, at=AT)  # fmt: skip
    while sequence(at=AT):
        pass
    archive = opened(built())
    text = archive.read("trial-131000-2026-11-20/items/1.1 机制 制度/seals.json").decode()
    told = json.loads(text)
    checkpoint = archive.read("trial-131000-2026-11-20/checkpoint").decode().splitlines()

    (seal_told,) = told["seals"]
    page = archive.read("trial-131000-2026-11-20/items/1.1 机制 制度/index.html").decode()
    assert seal_told["action"] == "campaign.verdict_entered"
    assert "<td>录入结论</td>" in page
    assert "campaign.verdict_entered" not in page
    assert "王小明" not in text
    assert "alice" not in text
    verify_inclusion(
        bytes.fromhex(seal_told["leaf_data"]), seal_told["leaf"], int(checkpoint[1]),
        [bytes.fromhex(step) for step in seal_told["path"]], base64.b64decode(checkpoint[2]),
    )  # fmt: skip


def test_a_set_beyond_the_reach_is_refused(areas: None) -> None:
    county = reach_user("alice", "131002", Role.COUNTY)

    with pytest.raises(OutOfReach):
        ask_set(kind="trial", area="131000", as_of=DAY, by=county, at=AT)
    assert built(by=county, area="131002").state == SetState.READY


def test_a_station_may_not_ask_and_nobody_for_a_day_to_come(areas: None) -> None:
    with pytest.raises(PermissionDenied):
        ask_set(kind="trial", area="131002", as_of=DAY, by=reach_user("bob", "131002", Role.STATION), at=AT)
    with pytest.raises(DayToCome):
        ask_set(kind="trial", area="131000", as_of=date(2026, 11, 22), by="cli", at=AT)


def test_what_stands_in_the_way_is_said_and_nothing_is_stored(areas: None) -> None:
    asked = ask_set(kind="trial", area="131000", as_of=date(2025, 1, 1), by="cli", at=AT, is_deferred=False)

    found = build_set(number=asked.pk, at=AT)

    assert (found.state, found.error, found.file) == (SetState.FAILED, "还没有评价结果", None)


def test_a_user_who_lost_the_account_gets_no_set(areas: None) -> None:
    user = reach_user("alice", "131000", Role.OFFICE)
    asked = ask_set(kind="trial", area="131000", as_of=DAY, by=user, at=AT, is_deferred=False)
    user.is_active = False
    user.save()

    assert build_set(number=asked.pk, at=AT).state == SetState.FAILED


def test_building_again_leaves_a_finished_set_as_it_is(areas: None) -> None:
    found = built()
    again = build_set(number=found.pk, at=datetime(2026, 11, 22, tzinfo=UTC))

    assert (again.built_at, again.manifest) == (AT, found.manifest)


def test_a_page_asks_shows_and_downloads(areas: None, client: Any) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    user = reach_user("alice", "131000", Role.OFFICE)
    client.force_login(user)
    answer = client.post(reverse("archives:archive_create"), {"kind": "trial", "area": "131000", "as_of": "2026-11-20"})
    asked = ArchiveSet.objects.get()
    assert answer["Location"] == reverse("archives:archive_detail", args=[asked.pk])
    assert ProcrastinateJob.objects.filter(task_name=JOB).count() == 1
    assert 'hx-trigger="every 1s"' in client.get(answer["Location"]).content.decode()
    assert client.get(reverse("archives:archive_download", args=[asked.pk])).status_code == 404

    build_set(number=asked.pk, at=AT)
    client.get(reverse("archives:archive_list"))
    page = client.get(answer["Location"]).content.decode()
    answer = client.get(reverse("archives:archive_download", args=[asked.pk]))
    data = b"".join(answer.streaming_content)

    assert hashlib.sha256(data).hexdigest() in page
    assert "trial-131000-2026-11-20.zip" in answer["Content-Disposition"]


def test_a_county_does_not_see_the_set_of_the_city(areas: None, client: Any) -> None:
    found = built()
    client.force_login(reach_user("alice", "131002", Role.COUNTY))

    assert client.get(reverse("archives:archive_detail", args=[found.pk])).status_code == 404
    assert client.get(reverse("archives:archive_download", args=[found.pk])).status_code == 404
