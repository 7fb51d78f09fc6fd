"""Entries, salts and exports: for whoever may open the record, and nobody else."""

import hashlib
import io
import json
import textwrap
import uuid
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.urls import reverse

from shian.kernel.notary import subjects
from shian.kernel.notary.keys import signer_keys
from shian.kernel.notary.models import Entry
from shian.kernel.notary.notes import CheckpointText, open_note
from shian.kernel.notary.tests.factories import sealed, sequenced
from shian.kernel.notary.tree import verify_inclusion

pytestmark = pytest.mark.django_db
SUBJECT = "tests.thing:A1"
PROJECT = Path(__file__).resolve().parents[4]


@pytest.fixture(autouse=True)
def _carol_reads_things(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(subjects._readers, "tests.thing", lambda user, key: user.username == "carol")


def signed_in(username: str, role: str = "station") -> Client:
    user = get_user_model().objects.create(username=username, role=role)
    client = Client()
    client.force_login(user)
    return client


def status(client: Client, entry: Entry) -> set[int]:
    names = ("entry_detail", "proof_detail")
    return {client.get(reverse(f"notary:{name}", args=[entry.uid])).status_code for name in names}


@pytest.mark.parametrize(
    ("username", "role", "expected"),
    [("alice", "station", 200), ("carol", "station", 200), ("eve", "auditor", 200), ("bob", "admin", 404)],
)
def test_an_entry_opens_for_its_actor_and_for_readers_of_its_record(username: str, role: str, expected: int) -> None:
    (entry,) = sequenced(1, subject=SUBJECT)

    assert status(signed_in(username, role), entry) == {expected}


def test_an_unknown_entry_looks_like_one_that_is_not_theirs() -> None:
    assert signed_in("bob").get(reverse("notary:entry_detail", args=[uuid.uuid4()])).status_code == 404


def test_the_proof_is_all_that_is_needed() -> None:
    entries = sequenced(7, subject=SUBJECT)

    told = signed_in("alice").get(reverse("notary:proof_detail", args=[entries[4].uid])).json()

    head = CheckpointText.parse(open_note(told["checkpoint"], [key.verifier for key in signer_keys()]))
    data = hashlib.sha256(bytes.fromhex(told["salt"]) + told["entry"].encode()).digest()
    verify_inclusion(data, told["leaf"], head.size, [bytes.fromhex(step) for step in told["path"]], head.root)
    assert json.loads(told["entry"])["subject"] == SUBJECT


def test_the_page_shows_number_hash_and_that_it_was_verified() -> None:
    (entry,) = sequenced(1, subject=SUBJECT)

    page = signed_in("carol").get(entry.seal.url).text

    assert "已验证" in page
    assert bytes(entry.leaf_data).hex() in page
    assert reverse("notary:proof_detail", args=[entry.uid]) in page
    assert f"{reverse('notary:record_export')}?subject={SUBJECT}" in page


def test_an_entry_that_waits_says_so() -> None:
    entry = sealed(SUBJECT)

    page = signed_in("alice").get(entry.seal.url).text

    assert "待入树" in page
    assert "下载证明" not in page


def test_a_changed_entry_fails_on_its_page(owner_role: Any) -> None:
    (entry,) = sequenced(1, subject=SUBJECT)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE notary_entry DISABLE TRIGGER ALL")
        cursor.execute("UPDATE notary_entry SET actor = 'mallory'")

    page = signed_in("carol").get(entry.seal.url).text

    assert "验证失败" in page
    assert "本条目的内容与封存时不一致" in page


def exported(client: Client, subject: str = SUBJECT) -> Any:
    return client.get(reverse("notary:record_export"), {"subject": subject} if subject else {})


def unpacked(answer: Any) -> zipfile.ZipFile:
    content = b"".join(answer.streaming_content)
    for close in answer._resource_closers:
        close()
    return zipfile.ZipFile(io.BytesIO(content))


def test_a_reader_of_the_record_exports_its_seals_and_the_export_is_sealed() -> None:
    sequenced(3, subject=SUBJECT)

    answer = exported(signed_in("carol"))

    assert len(unpacked(answer).read("entries.jsonl").splitlines()) == 3
    assert Entry.objects.get(action="notary.exported").actor == "carol"


def test_the_actor_alone_may_not_export_the_record_and_nobody_but_auditors_the_log() -> None:
    sequenced(1, subject=SUBJECT)
    alice = signed_in("alice")

    assert exported(alice).status_code == 404
    assert exported(alice, "").status_code == 403
    assert exported(signed_in("eve", "auditor"), "").status_code == 302, "the password once more"


def test_a_record_without_seals_exports_nothing() -> None:
    sealed(SUBJECT)

    assert exported(signed_in("carol")).status_code == 404


def test_the_proof_verifies_by_hand_as_the_guide_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = sequenced(7, subject=SUBJECT)
    told = signed_in("alice").get(reverse("notary:proof_detail", args=[entries[4].uid])).text
    (tmp_path / "proof.json").write_text(told, encoding="utf-8")
    guide = (PROJECT / "docs" / "notary.md").read_text(encoding="utf-8")
    code = textwrap.dedent("    import base64" + guide.partition("    import base64")[2].partition("\n\n")[0])
    monkeypatch.chdir(tmp_path)

    exec(code, {})

    (tmp_path / "proof.json").write_text(told.replace("alice", "mallory"), encoding="utf-8")
    with pytest.raises(AssertionError):
        exec(code, {})
