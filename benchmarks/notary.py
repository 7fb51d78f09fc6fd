"""The promise of the log: entries appended durably, proofs, and the verification of a million entries off line.

In a scratch database of its own with the server's real settings: every COMMIT waits for the disk. Entries go through
`seal()`, as actions do. The million that is verified is poured in by COPY (the verifier cannot tell), then numbered by
the ordinary sequencing, exported by the ordinary export and verified by tools/verify_log.py in a process of its own.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from benchmarks.harness import Line, scratch_database, timed
from shian.config.home import PROJECT
from shian.kernel.notary.actions import export_log, seal, sequence
from shian.kernel.notary.keys import signer_keys
from shian.kernel.notary.models import Entry
from shian.kernel.notary.queries import head, inclusion_of
from shian.kernel.notary.rules import content_of, leaf_data, uuid7

SCRATCH = "shian_bench_notary"
SECONDS = 6.0
WRITERS = 8  # connections that wait for the disk together: as many as the served city has threads (2 × 4)
PER_TRANSACTION = (1, 50)
MILLION = int(os.environ.get("SHIAN_BENCH_ENTRIES", "1000000"))
ENOUGH, PROOF, VERIFY = 3_000, 0.002, 20.0
WRITER = """
import os, sys, time
import django
django.setup()
from django.db import connection
from benchmarks.notary import append
connection.settings_dict["NAME"] = sys.argv[1]
append(1, 0.2)
print("ready", flush=True)
sys.stdin.readline()
print(append(int(sys.argv[2]), float(sys.argv[3])), flush=True)
"""


def measure() -> list[Line]:
    """Appending with one and with fifty entries in a transaction, sequencing, proof, export, both verifications."""
    with scratch_database(SCRATCH), _own_home() as home:
        return [*(_appended(many) for many in PER_TRANSACTION), *_proven(home)]


@contextmanager
def _own_home() -> Iterator[Path]:
    """Keys that sign nothing else."""
    home, usual = Path(tempfile.mkdtemp(prefix="shian-bench-")), settings.SHIAN_HOME
    settings.SHIAN_HOME = home
    yield home
    settings.SHIAN_HOME = usual
    shutil.rmtree(home, ignore_errors=True)


def append(many: int, seconds: float) -> float:
    """Seal for some seconds, `many` entries in each transaction, each COMMIT durable; entries a second."""
    done, at, start = 0, timezone.now(), time.perf_counter()
    while time.perf_counter() < start + seconds:
        with transaction.atomic():
            for number in range(many):
                seal(
                    action="bench.sealed", by="bench", subject=f"bench.row:{done + number}", at=at,
                    data={"state": "met", "score": "1.50", "reason": "冷库温度记录完整", "evaluation": done},
                )  # fmt: skip
        done += many
    return done / (time.perf_counter() - start)


def _appended(many: int) -> Line:
    """Several processes, a connection each, all at once."""
    arguments = [connection.settings_dict["NAME"], str(many), str(SECONDS)]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "shian.config.settings"}
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, *arguments], cwd=PROJECT, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for _ in range(WRITERS)
    ]  # fmt: skip
    for writer in writers:
        assert writer.stdout
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin
        writer.stdin.write("go\n")
        writer.stdin.flush()
    rate = sum(float(writer.communicate()[0]) for writer in writers)
    durable = _shown("synchronous_commit"), _shown("fsync")
    name = "one entry a transaction" if many == 1 else f"{many} entries a transaction"
    note = f"{WRITERS} connections, synchronous_commit {durable[0]}, fsync {durable[1]}, load {os.getloadavg()[0]:.1f}"
    return Line(f"append durably, {name}", rate, "entries/s", f"≥ {ENOUGH:,}", rate >= ENOUGH, note)


def _shown(setting: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {setting}")
        return str(cursor.fetchone()[0])


def _proven(home: Path) -> list[Line]:
    _pour_in(MILLION - Entry.objects.count())
    start = time.perf_counter()
    numbered = 0
    while done := sequence(at=timezone.now()):
        numbered += done
    sequencing = numbered / (time.perf_counter() - start)
    newest = head()
    assert newest
    size = newest.size
    proof = timed(lambda: inclusion_of(secrets.randbelow(size), newest), runs=200)
    export, seconds = home / "export.zip", time.perf_counter()
    with export.open("wb") as out:
        export_log(user=None, to=out, by="bench", at=timezone.now())
    exporting = time.perf_counter() - seconds
    offline = _verified(export)
    return [
        Line("number entries and sign", sequencing, "entries/s", f"≥ {ENOUGH:,}", sequencing >= ENOUGH,
             f"{numbered:,} in runs of 20,000"),
        Line(f"proof of one of {size:,}", proof.wall * 1000, "ms", "≤ 2 ms", proof.wall <= PROOF,
             f"median, {proof.statements} SQL, CPU {proof.cpu * 1000:.2f} ms"),
        Line(f"verify {size:,} entries off line", offline, "s", "≤ 20 s", offline <= VERIFY,
             f"tools/verify_log.py; export took {exporting:.0f} s"),
    ]  # fmt: skip


def _pour_in(count: int) -> None:
    """Entries as seal() makes them, by COPY; nothing of this is timed."""
    now = timezone.now()
    columns = "uid, action, actor, subject, at, data, salt, leaf_data"
    with connection.cursor() as cursor, cursor.copy(f"COPY notary_entry ({columns}) FROM STDIN") as copy:
        for number in range(count):
            uid, salt, data = uuid7(), secrets.token_bytes(16), {"state": "met", "score": "1.50", "evaluation": number}
            subject = f"bench.row:{number}"
            content = content_of(uid=uid, action="bench.sealed", actor="bench", subject=subject, at=now, data=data)
            row = [uid, "bench.sealed", "bench", subject, now, json.dumps(data), salt, leaf_data(salt, content)]
            copy.write_row(row)


def _verified(export: Path) -> float:
    """Seconds of the standalone script on the export."""
    start = time.perf_counter()
    key = str(signer_keys()[0].verifier)
    command = [sys.executable, "-I", str(PROJECT / "tools" / "verify_log.py"), str(export), key]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start
