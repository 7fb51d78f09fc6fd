"""The public half as a verifier sees it: without signing in, in the formats of C2SP, and telling nothing."""

import struct

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.test import Client
from django.urls import reverse

from shian.kernel.notary.keys import folder, signer_keys
from shian.kernel.notary.models import Cosignature
from shian.kernel.notary.notes import (
    COSIGNATURE,
    CheckpointText,
    VerifierKey,
    cosigned_message,
    open_note,
    parse_note,
    signature_line,
)
from shian.kernel.notary.queries import head
from shian.kernel.notary.tests.factories import sealed, sequenced
from shian.kernel.notary.tiles import hashes_in, tile_path, tile_width
from shian.kernel.notary.tree import leaf_hash, root_of, verify_consistency, verify_inclusion

pytestmark = pytest.mark.django_db


def unbundled(data: bytes) -> list[bytes]:
    found = []
    while data:
        length = struct.unpack(">H", data[:2])[0]
        found.append(data[2 : 2 + length])
        data = data[2 + length :]
    return found


def checkpoint(client: Client) -> CheckpointText:
    answer = client.get("/log/checkpoint")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    return CheckpointText.parse(open_note(answer.text, [key.verifier for key in signer_keys()]))


def test_a_stranger_rebuilds_the_signed_root_from_tiles_and_bundles(client: Client) -> None:
    sequenced(300)
    told = checkpoint(client)

    leaves: list[bytes] = []
    for number in range(2):
        address = tile_path(number, tile_width(0, number, told.size))
        bundle = client.get(f"/log/tile/entries/{address}")
        tile = client.get(f"/log/tile/0/{address}")
        assert bundle["Content-Type"] == tile["Content-Type"] == "application/octet-stream"
        assert "immutable" in tile["Cache-Control"]
        found = unbundled(bundle.content)
        assert [leaf_hash(data) for data in found] == hashes_in(tile.content)
        leaves += found
    assert root_of(leaves) == (told.root, 300)
    upper = hashes_in(client.get("/log/tile/1/000.p/1").content)
    assert upper == [root_of(leaves[:256])[0]]


@pytest.mark.parametrize(
    "address",
    [
        "tile/0/000", "tile/0/001.p/1", "tile/0/000.p/4", "tile/00/000.p/3", "tile/1/000.p/1", "tile/64/000",
        "tile/0/000.p/0", "tile/entries/000", "tile/entries/x", "tile/-1/000", "inclusion.json",
        "inclusion.json?hash=00", "consistency.json?old=0", "consistency.json?old=9", "consistency.json?old=2&new=1",
    ],
)  # fmt: skip
def test_what_the_checkpoint_does_not_cover_is_not_there(client: Client, address: str) -> None:
    sequenced(3)

    assert client.get(f"/log/{address}").status_code == 404


def test_before_the_first_entry_there_is_no_checkpoint_but_a_page(client: Client) -> None:
    assert client.get("/log/checkpoint").status_code == 404
    assert client.get("/log/tile/0/000.p/1").status_code == 404
    assert "日志里还没有存证" in client.get("/log/").text


def test_public_proofs_verify_against_the_checkpoint(client: Client) -> None:
    entries = sequenced(5)
    old = checkpoint(client)
    sequenced(4)
    new = checkpoint(client)

    told = client.get("/log/inclusion.json", {"hash": bytes(entries[3].leaf_data).hex()}).json()
    path = [bytes.fromhex(step) for step in told["path"]]
    verify_inclusion(bytes(entries[3].leaf_data), told["leaf"], new.size, path, new.root)
    assert told["leaf"] == 3

    told = client.get("/log/consistency.json", {"old": "5"}).json()
    path = [bytes.fromhex(step) for step in told["path"]]
    verify_consistency(old.size, new.size, old.root, new.root, path)


def test_nothing_public_betrays_who_did_what(client: Client) -> None:
    (entry,) = sequenced(1, subject="complaints.complaint:covert-7", by="informer", note="暗访")
    pages = ["", "checkpoint", "tile/0/000.p/1", "tile/entries/000.p/1"]
    pages += [f"inclusion.json?hash={bytes(entry.leaf_data).hex()}", f"?hash={bytes(entry.leaf_data).hex()}"]

    told = b"".join(client.get(f"/log/{page}").content for page in pages)

    for secret in ("covert-7", "informer", "暗访", "operators.closed", str(entry.uid), bytes(entry.salt).hex()):
        assert secret.encode() not in told
    assert bytes(entry.salt) not in told


@pytest.mark.parametrize(
    ("asked", "word"), [("zz", "这不是存证哈希"), ("0" * 64, "日志中没有这条存证"), (None, "日志中有这条存证")]
)
def test_the_page_looks_a_hash_up(client: Client, asked: str | None, word: str) -> None:
    (entry,) = sequenced(1)

    assert word in client.get("/log/", {"hash": asked or bytes(entry.leaf_data).hex()}).text


def test_the_page_shows_head_key_and_what_waits(client: Client) -> None:
    sequenced(2)
    sealed()

    page = client.get(reverse("notary:log_detail")).text

    newest = head()
    assert newest
    assert bytes(newest.root).hex() in page
    assert str(signer_keys()[0].verifier) in page
    assert "待入树" in page


class Witness:
    """Somebody who cosigns."""

    def __init__(self, name: str = "witness.example/w1") -> None:
        self.private = Ed25519PrivateKey.generate()
        self.key = VerifierKey(name, self.private.public_key().public_bytes_raw(), COSIGNATURE)

    def cosigned(self, note: str, moment: int = 1_700_000_000) -> str:
        text = parse_note(note).text
        signature = self.private.sign(cosigned_message(text, moment))
        return note + signature_line(self.key, moment.to_bytes(8, "big") + signature)


def post(client: Client, note: str) -> int:
    return client.post("/log/cosignatures", note, content_type="text/plain").status_code


def test_a_known_witness_cosigns_and_everybody_sees_it(client: Client) -> None:
    sequenced(1)
    witness = Witness()
    (folder() / "witnesses").write_text(f"# who watches\n{witness.key}\n")

    assert post(client, witness.cosigned(client.get("/log/checkpoint").text)) == 200
    assert post(client, witness.cosigned(client.get("/log/checkpoint").text)) == 200

    open_note(client.get("/log/checkpoint").text, [witness.key])
    assert Cosignature.objects.get().cosigned_at.timestamp() == 1_700_000_000
    assert "witness.example/w1" in client.get("/log/").text


def test_cosignatures_of_strangers_and_of_other_checkpoints_are_refused(client: Client) -> None:
    sequenced(1)
    known, stranger = Witness(), Witness()
    (folder() / "witnesses").write_text(str(known.key))
    note = client.get("/log/checkpoint").text
    other = note.replace("\n1\n", "\n2\n")
    forged = known.cosigned(note).replace(note, stranger.cosigned(note))

    refused = [
        stranger.cosigned(note),
        note,
        known.cosigned(other),
        known.cosigned(note, moment=2**62),
        forged[: -len("\n")],
        "no note",
        "a\n" * 40_000,
    ]

    assert {post(client, each) for each in refused} <= {403, 413}
    assert not Cosignature.objects.exists()
    assert settings.SHIAN_HOME


def test_a_csrf_token_is_not_asked_of_a_witness() -> None:
    sequenced(1)
    strict = Client(enforce_csrf_checks=True)

    assert post(strict, strict.get("/log/checkpoint").text) == 403
    assert "no witness" in strict.post("/log/cosignatures", strict.get("/log/checkpoint").text, "text/plain").text
