"""Backup and restore on real data folders: equal figures, nothing half restored."""

import base64
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from shian.config import lifecycle
from shian.config.database import find_database
from shian.config.home import Home
from shian.kernel.notary.keys import kept_keys
from shian.kernel.notary.notes import CheckpointText, open_note
from shian.kernel.notary.tree import verify_consistency
from tests.runtime.conftest import Command, Demo, environment_of, throw_away_folder
from tests.runtime.nursery import Nursery, nursery
from tests.runtime.test_demo import rows

FIGURE = ("figure", "operators.total", "--area", "131000", "--as-of", "2022-11-24", "--json")

# Numbers what waits and tells the newest checkpoint, as it is published.
SIGNED = """
import base64, json
from django.db import transaction
from django.utils import timezone
from shian.kernel.notary.actions import seal, sequence
from shian.kernel.notary.queries import checkpoint_note, consistency_of, head
def told(old=0):
    path = [base64.b64encode(step).decode() for step in consistency_of(old, head().size)] if old else []
    print(json.dumps({"note": checkpoint_note(head()), "path": path}))
"""
HEAD = SIGNED + "while sequence(at=timezone.now()): pass\ntold()\n"
# The first look tells what was restored, before anything is written.
GROWN = (
    SIGNED
    + """
told()
old = head().size
assert sequence(at=timezone.now()) == 0, "the backup held an entry without a leaf"
for number in range(300):
    with transaction.atomic():
        seal(action="test.done", by="alice", subject=f"test.thing:{number}", data={}, at=timezone.now())
assert sequence(at=timezone.now()) == 300
told(old)
"""
)


def figure_told(loaded: Nursery) -> str:
    answer = loaded.shian(*FIGURE)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def log_told(shian: Command, loaded: Nursery, code: str) -> list[dict[str, Any]]:
    """What the code prints about the log of this home, one JSON value a line."""
    find_database(shian.home).start()
    said = loaded.ran(code)
    lifecycle.down(shian.home)
    return [json.loads(line) for line in said.splitlines()]


def the_log_goes_on(shian: Command, loaded: Nursery, before: dict[str, Any]) -> None:
    """The restored log shows the same signed checkpoint, byte for byte, and grows from it under the same key."""
    restored, grown = log_told(shian, loaded, GROWN)
    keys = [key.verifier for key in kept_keys(shian.home.folder / "notary")]
    old, new = (CheckpointText.parse(open_note(each["note"], keys)) for each in (before, grown))

    assert restored["note"] == before["note"]
    assert new.size == old.size + 300
    path = [base64.b64decode(step) for step in grown["path"]]
    verify_consistency(old.size, new.size, old.root, new.root, path)


def altered(source: Path, target: Path, name: str, content: bytes) -> None:
    """A copy of the archive in which one member holds other bytes of the same length."""
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for info in old:
            part = old.extractfile(info)
            assert part
            body = part.read()
            if info.name == name:
                body = content + body[len(content) :]
            new.addfile(info, io.BytesIO(body))


@pytest.mark.slow
def test_a_restored_city_has_the_same_rows_and_figures(demo: Demo) -> None:
    shian = demo.shian
    with nursery(environment_of(shian.home, find_database(shian.home))) as loaded:
        figure = figure_told(loaded)
        (checkpoint,) = log_told(shian, loaded, HEAD)
    before = rows(shian)
    made = shian("backup", "--json")
    assert made.returncode == 0, made.stderr
    source = Path(json.loads(made.stdout)["path"])
    assert source.stat().st_mode & 0o777 == 0o600

    with throw_away_folder() as folder:
        other = Command(Home(folder))
        refuse_damaged(other, source)
        restored = other("restore", str(source))
        assert restored.returncode == 0, restored.stderr
        assert rows(other) == before
        stored = sorted(path.name for path in (shian.home.folder / "files").rglob("*") if path.is_file())
        assert stored
        assert sorted(path.name for path in (folder / "files").rglob("*") if path.is_file()) == stored
        assert (folder / "secret_key").read_text() == (shian.home.folder / "secret_key").read_text()

        with nursery(environment_of(other.home, find_database(other.home))) as loaded:
            assert figure_told(loaded) == figure
            the_log_goes_on(other, loaded, checkpoint)

        again = other("restore", str(source))
        assert again.returncode == 1
        assert "holds data already" in again.stderr
        lifecycle.down(other.home)

    assert shian("backup", str(source.parent), "--keep", "1").returncode == 0
    (kept,) = source.parent.glob("shian-*.tar")
    assert kept != source


def refuse_damaged(shian: Command, source: Path) -> None:
    """A cut-off archive, a changed byte: one sentence, and the home stays empty enough for the right one, which comes
    next."""
    cut = shian.home.folder / "cut.tar"
    cut.write_bytes(source.read_bytes()[:-4096])
    with tarfile.open(source) as archive:
        assert archive.getnames()[-1] == "manifest.json"
    with cut.open("r+b") as handle:
        handle.truncate(source.stat().st_size // 2)
    assert "no complete backup" in shian("restore", str(cut)).stderr

    changed = shian.home.folder / "changed.tar"
    altered(source, changed, "database.dump", b"PGDMQ")
    refused = shian("restore", str(changed))
    assert refused.returncode == 1
    assert "database.dump" in refused.stderr
    assert "damaged" in refused.stderr
    cut.unlink()
    changed.unlink()


def test_an_empty_home_has_nothing_to_back_up(shian: Command) -> None:
    refused = shian("backup")

    assert refused.returncode == 1
    assert "nothing to back up" in refused.stderr
