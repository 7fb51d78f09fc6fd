"""The promise of field work: 100 submissions a second on two cores, 25 with a photo of 200 kB each.

In a scratch database of its own, behind the web server as `shian up` starts it; eight phones post one after the other
over kept connections, from another process on the same two cores, which packs beforehand what it posts
(form_phones.py). Each submission has 40 scored items, is checked and counted again, sealed, and is on disk before it is
answered.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from benchmarks.harness import Line, free_port, scratch_database, scratch_environment, wait_for
from shian.config.home import PROJECT
from shian.engine.forms import actions
from shian.engine.forms.models import FormSubmission, SubmissionFile
from shian.engine.forms.tests.sheets import ITEMS, workbook
from shian.kernel.accounts.models import Role
from shian.registers.people.tests.factories import reach_user

SCRATCH = "shian_bench_forms"
PHONES, PLAIN, WITH_PHOTO = 8, 800, 400
PLAIN_RATE, PHOTO_RATE = 100, 25
SURVEY: list[dict[str, Any]] = [
    {"type": "start", "name": "start"},
    {"type": "end", "name": "end"},
    {"type": "geopoint", "name": "place", "label": "位置"},
    {"type": "image", "name": "picture", "label": "门面"},
    *({**ITEMS[0], "name": f"item{number}", "label": f"第{number}项", "points": 2.5} for number in range(40)),
]


def measure() -> list[Line]:
    """Submissions accepted a second, without and with a photo."""
    with scratch_database(SCRATCH), tempfile.TemporaryDirectory(prefix="shian-bench-") as folder:
        secrets = _phones()
        with _served(Path(folder)) as (address, web):
            addresses = [f"{address}/forms/key/{secret}" for secret in secrets]
            _posted(addresses, PHONES * 5, 0)  # each worker has loaded what it needs
            before, spent = FormSubmission.objects.count(), _processor(web)
            plain = _posted(addresses, PLAIN, 0)
            own = (_processor(web) - spent) / PLAIN
            photos = _posted(addresses, WITH_PHOTO, 200_000)
        assert FormSubmission.objects.count() - before == PLAIN + WITH_PHOTO
        assert SubmissionFile.objects.count() == WITH_PHOTO
        assert not FormSubmission.objects.filter(completed_at=None).exists()
    told = f"{PHONES} phones, 40 scored items, sealed; {1000 * own:.1f} ms of processor each in the web server"
    return [
        Line("submissions accepted", PLAIN / plain, "/s", f"≥ {PLAIN_RATE}/s", PLAIN / plain >= PLAIN_RATE, told),
        Line("the same with a photo of 200 kB", WITH_PHOTO / photos, "/s", f"≥ {PHOTO_RATE}/s",
             WITH_PHOTO / photos >= PHOTO_RATE, told),
    ]  # fmt: skip


def _phones() -> list[str]:
    """A form that is issued, and the secrets of so many phones, each of its own inspector."""
    at = timezone.now()
    office = reach_user("office", "131000", Role.OFFICE)
    version = actions.upload_form(name="x.xlsx", stream=workbook(SURVEY), by=office, at=at)
    actions.issue_version(version=version, valid_from=date(2026, 1, 1), by=office, at=at)
    users = [reach_user(f"inspector{number}", "131022", Role.STATION) for number in range(PHONES)]
    return [actions.admit_phone(name="x", by=user, at=at)[1] for user in users]


@contextmanager
def _served(folder: Path) -> Iterator[tuple[str, int]]:
    """The web server as `shian up` starts it, on the scratch database."""
    port = free_port()
    command = [sys.executable, "-m", "shian.config.web", "--port", str(port)]
    environment = {**scratch_environment(SCRATCH), "SHIAN_HOME": str(folder)}
    with (folder / "web.log").open("w") as log:
        web = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}", web.pid
    finally:
        web.terminate()
        web.wait(timeout=30)


def _processor(session: int) -> float:
    """Seconds of processor that the living processes of a session have taken."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            told = stat.read_text().rpartition(")")[2].split()
            ticks += int(told[11]) + int(told[12]) if int(told[3]) == session else 0
    return ticks / os.sysconf("SC_CLK_TCK")


def _posted(addresses: list[str], count: int, size: int) -> float:
    """Seconds that so many submissions take. Raises AssertionError for one that was refused."""
    told = json.dumps({"addresses": addresses, "count": count, "bytes": size})
    command = [sys.executable, "-m", "benchmarks.form_phones", told]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert found["refused"] == [], found["refused"]
    return float(found["seconds"])
