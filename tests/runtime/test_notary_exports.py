"""An export is verified off line by the program and by the standalone script; both name what was changed."""

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection, transaction

from shian.config.home import PROJECT
from shian.kernel.files.actions import store_file
from shian.kernel.files.queries import path_of
from shian.kernel.notary.actions import export_log, export_record, seal_batch, sequence
from shian.kernel.notary.audit import audit
from shian.kernel.notary.keys import signer_keys
from shian.kernel.notary.models import Entry
from shian.kernel.notary.notes import VerifierKey
from shian.kernel.notary.tests.factories import AT, sealed, sequenced
from shian.kernel.notary.verification import verify_export

pytestmark = pytest.mark.django_db
PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40
SCRIPT = PROJECT / "tools" / "verify_log.py"


@pytest.fixture(autouse=True)
def _files_and_keys_of_their_own(tmp_path: Path, settings: pytest.FixtureRequest) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"  # type: ignore[attr-defined]
    settings.SHIAN_HOME = tmp_path  # type: ignore[attr-defined]


def stored_photo() -> str:
    """A photo that an inspector took, stored and sealed; its hash."""
    stored = store_file(name="冷库.jpg", stream=io.BytesIO(PHOTO), kinds=("jpg",), by="alice", at=AT)
    sequence(at=AT)
    return stored.sha256


def exported(tmp_path: Path, subject: str = "") -> Path:
    path = tmp_path / "export.zip"
    with path.open("wb") as out:
        if subject:
            export_record(subject=subject, to=out, by="carol", at=AT)
        else:
            export_log(user=None, to=out, by="carol", at=AT)
    return path


def key() -> VerifierKey:
    return signer_keys()[0].verifier


def by_program(path: Path) -> str:
    return "\n".join(verify_export(path, [key()]).problems)


def by_script(path: Path) -> str:
    """Its complaints; run alone, without this project on its path and without a network."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("SHIAN", "DJANGO", "DATABASE"))}
    ran = subprocess.run(
        [sys.executable, "-I", str(SCRIPT), str(path), str(key())], cwd=path.parent, env=bare, text=True,
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert (ran.returncode == 0) == (not ran.stderr)
    return ran.stderr


BOTH = pytest.mark.parametrize("verify", [by_program, by_script])
Verify = Callable[[Path], str]


def changed(path: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """The same export with one member changed, as somebody would who repacks it."""
    other = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for each in old.namelist():
            content = old.read(each)
            new.writestr(each, change(content) if each == name else content)
    return other


def flipped(place: int) -> Callable[[bytes], bytes]:
    return lambda content: content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


@BOTH
@pytest.mark.parametrize("whole", [False, True])
def test_an_unchanged_photo_verifies_off_line(verify: Verify, whole: bool, tmp_path: Path) -> None:
    sequenced(3)
    subject = "" if whole else f"files.storedfile:{stored_photo()}"
    sequenced(300)

    assert verify(exported(tmp_path, subject)) == ""


@BOTH
@pytest.mark.parametrize("place", [0, 4, 5000, len(PHOTO) - 1])
def test_one_changed_byte_of_a_stored_photo_fails_and_names_the_record(
    verify: Verify, place: int, tmp_path: Path
) -> None:
    sha256 = stored_photo()
    path_of(sha256).write_bytes(flipped(place)(PHOTO))

    found = verify(exported(tmp_path, f"files.storedfile:{sha256}"))

    assert found.strip() == (
        f"entry 0 (files.storedfile:{sha256}, files.stored, 2022-11-24T08:00:00.000000Z): "
        "the file 冷库.jpg is not the one that was sealed"
    )


@BOTH
def test_a_byte_changed_inside_the_zip_itself_is_found(verify: Verify, tmp_path: Path) -> None:
    path = exported(tmp_path, f"files.storedfile:{stored_photo()}")
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        info = next(each for each in archive.infolist() if each.filename.startswith("files/"))
    content[info.header_offset + 30 + len(info.filename) + info.compress_size // 2] ^= 1
    path.write_bytes(content)

    assert "冷库.jpg is not the one that was sealed" in verify(path)


@BOTH
@pytest.mark.parametrize("whole", [False, True])
def test_a_changed_entry_is_named(verify: Verify, whole: bool, tmp_path: Path) -> None:
    sequenced(5, subject="a.b:1")
    path = exported(tmp_path, "" if whole else "a.b:1")

    def another_actor(content: bytes) -> bytes:
        lines = content.decode().splitlines(keepends=True)
        lines[2] = lines[2].replace("alice", "mallory")
        return "".join(lines).encode()

    found = verify(changed(path, "entries.jsonl", another_actor))

    assert found.strip() == (
        "entry 2 (a.b:1, operators.closed, 2022-11-24T08:00:00.000000Z): the entry is not what was sealed"
    )


@BOTH
def test_an_entry_under_another_number_or_salt_is_named(verify: Verify, tmp_path: Path) -> None:
    sequenced(5, subject="a.b:1")
    path = exported(tmp_path, "a.b:1")

    def retold(**other: object) -> Callable[[bytes], bytes]:
        def change(content: bytes) -> bytes:
            first, *rest = content.splitlines(keepends=True)
            return json.dumps({**json.loads(first), **other}).encode() + b"\n" + b"".join(rest)

        return change

    for other in ({"leaf": 1}, {"leaf": 7}, {"leaf": -1}, {"salt": "00"}, {"path": []}):
        assert "entry" in verify(changed(path, "entries.jsonl", retold(**other)))
    assert "cannot be read" in verify(changed(path, "entries.jsonl", retold(salt="zz")))


@BOTH
@pytest.mark.parametrize(
    ("member", "place", "word"),
    [("checkpoint", 0, "signed"), ("checkpoint", -20, "signed"), ("leaves.bin", 33, "signed root")],
)
def test_a_changed_checkpoint_or_leaf_is_found(
    verify: Verify, member: str, place: int, word: str, tmp_path: Path
) -> None:
    sequenced(5)

    def change(content: bytes) -> bytes:
        at = place % len(content)
        return content[:at] + (b"B" if content[at : at + 1] == b"A" else b"A") + content[at + 1 :]

    found = verify(changed(exported(tmp_path), member, change))

    assert word in found or "base64" in found or "cannot be verified" in found


@BOTH
def test_a_file_that_nobody_sealed_is_told(verify: Verify, tmp_path: Path) -> None:
    path = exported(tmp_path, f"files.storedfile:{stored_photo()}")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("files/" + "ab" * 32, b"slipped in")

    assert "ab" * 32 in verify(path)


@BOTH
def test_changed_digests_of_a_batch_are_named(verify: Verify, tmp_path: Path) -> None:
    with transaction.atomic():
        entry = seal_batch(
            action="imports.accepted",
            by="bob",
            subject="imports.importbatch:1",
            data={},
            digests=[b"x" * 32] * 3,
            at=AT,
        )
    sequence(at=AT)
    path = exported(tmp_path, "imports.importbatch:1")
    assert verify(path) == ""

    assert "digests of its rows" in verify(changed(path, f"rows/{entry.uid}", flipped(40)))


@BOTH
def test_another_logs_key_proves_nothing(verify: Verify, tmp_path: Path, settings: pytest.FixtureRequest) -> None:
    sequenced(1)
    path = exported(tmp_path)
    settings.SHIAN_HOME = tmp_path / "elsewhere"  # type: ignore[attr-defined]

    assert "signed by this key" in verify(path)


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip"])
def test_what_is_no_export_is_told(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(content)

    assert not verify_export(path, []).holds


def test_an_export_without_its_parts_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", "{}")

    assert "not complete" in verify_export(path, []).problems[0]


def test_the_audit_finds_all_in_order() -> None:
    stored_photo()
    sequenced(300)

    told = audit(keys=[key()])

    assert (told.problems, told.size, told.entries, told.files) == ([], 301, 301, 1)
    assert audit().origin == key().name


def test_the_audit_names_a_changed_photo_and_a_changed_row(owner_role: None) -> None:
    sha256 = stored_photo()
    sequenced(2)
    path_of(sha256).write_bytes(flipped(77)(PHOTO))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE notary_entry DISABLE TRIGGER ALL")
        cursor.execute("UPDATE notary_entry SET data = '{}' WHERE action = 'operators.closed'")

    problems = audit().problems

    assert len(problems) == 3
    assert sum("operators.operator:A1" in problem and "not what was sealed" in problem for problem in problems) == 2
    assert "冷库.jpg is not the one that was sealed" in problems[-1]


def test_the_audit_of_another_key_and_of_removed_rows(owner_role: None) -> None:
    sequenced(3)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE notary_entry DISABLE TRIGGER ALL")
        cursor.execute("DELETE FROM notary_entry WHERE id = (SELECT min(id) FROM notary_entry)")
        cursor.execute("ALTER TABLE notary_leaf DISABLE TRIGGER ALL")
        cursor.execute("DELETE FROM notary_leaf WHERE number = 2")
    stranger = VerifierKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")

    problems = "\n".join(audit(keys=[stranger]).problems)

    for word in ("not signed by this key", "leaf 0: its entry is missing", "1 leaves are missing"):
        assert word in problems


def test_an_empty_log_holds() -> None:
    assert audit().holds
    sealed()
    assert audit().entries == 0
    assert Entry.objects.count() == 1


def test_the_script_is_short_and_imports_nothing_of_ours() -> None:
    text = SCRIPT.read_text(encoding="utf-8")

    assert len(text.splitlines()) <= 150
    assert "import shian" not in text
    assert "from shian" not in text
