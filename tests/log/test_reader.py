"""A stranger with nothing but the specifications verifies the log over HTTP, and finds what is false."""

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shian.kernel.notary.keys import signer_keys
from shian.kernel.notary.tests.factories import sequenced
from tests.log.reader import LogInvalid, Reader, place, tree_hash, unbundled


@pytest.fixture
def reader(live_server: Any, settings: Any, tmp_path: Path) -> Reader:
    settings.SHIAN_HOME = tmp_path
    sequenced(600)
    (key,) = signer_keys()
    return Reader(f"{live_server.url}/log", str(key.verifier))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_signed_root_is_recomputed_from_entries_and_from_tiles(reader: Reader) -> None:
    head = reader.check()

    assert (head.size, head.origin) == (600, reader.name)
    assert reader.asked == [
        "checkpoint",
        "tile/entries/000", "tile/entries/001", "tile/entries/002.p/88",
        "tile/0/000", "tile/0/001", "tile/0/002.p/88",
        "tile/1/000.p/2",
    ]  # fmt: skip
    sequenced(168)
    grown = reader.check()
    assert (grown.size, grown.root != head.root) == (768, True)
    assert reader.entries(600) == reader.entries(768)[:600], "an older partial bundle is a beginning of the full one"
    assert reader.status("tile/0/003") == 404, "nothing beyond the checkpoint"
    assert reader.status("tile/0/000.p/256") == 404
    assert reader.status("tile/0/0") == 404


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_changed_byte_anywhere_is_found(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = reader.get

    def spoilt(path: str) -> Any:
        def get(wanted: str) -> bytes:
            data = asked(wanted)
            return data[:-1] + bytes([data[-1] ^ 1]) if wanted == path else data

        return get

    for path in ("tile/entries/001", "tile/0/002.p/88", "tile/1/000.p/2"):
        monkeypatch.setattr(reader, "get", spoilt(path))
        with pytest.raises(LogInvalid):
            reader.check()
    note = asked("checkpoint").decode()
    with pytest.raises(InvalidSignature):
        reader.opened(note.replace("\n600\n", "\n601\n"))
    stranger = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    raw = b"\x01" + stranger
    key_id = hashlib.sha256(reader.name.encode() + b"\n" + raw).hexdigest()[:8]
    with pytest.raises(LogInvalid, match="not signed"):
        Reader(reader.address, f"{reader.name}+{key_id}+{base64.b64encode(raw).decode()}").opened(note)


def test_the_readers_own_reading_of_the_specifications() -> None:
    """Examples of tlog-tiles, and the published tree heads of RFC 6962's first test leaves."""
    assert [place(1234067, 256), place(5, 256), place(1000, 8)] == ["x001/x234/067", "005", "x001/000.p/8"]
    assert unbundled(b"\x00\x01a\x01\x00" + b"b" * 256) == [b"a", b"b" * 256]
    with pytest.raises(LogInvalid):
        unbundled(b"\x00\x05ab")
    leaves = [hashlib.sha256(b"\x00" + bytes.fromhex(text)).digest() for text in ("", "00", "10", "2021")]
    assert [tree_hash(leaves[:count]).hex()[:16] for count in range(5)] == [
        "e3b0c44298fc1c14", "6e340b9cffb37a98", "fac54203e7cc696c", "aeb6bcfe274b70a1", "d37ee418976dd957",
    ]  # fmt: skip
