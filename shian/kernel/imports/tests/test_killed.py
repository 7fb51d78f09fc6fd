"""An import whose process is killed: nothing half-written, and the next run does the whole."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.utils import timezone

from shian.kernel.imports.actions import import_path
from shian.kernel.imports.models import BatchState, ImportBatch
from shian.kernel.imports.tests.files import csv_file
from shian.kernel.notary.models import Entry
from tests.database import session_database_url

SCRIPT = """
import sys, time
import django
from shian.config.loading import undisturbed
with undisturbed():
    django.setup()
from pathlib import Path
from django.utils import timezone
from shian.kernel.imports import runs
from shian.kernel.imports.actions import import_path
real = runs.write_rows
def write_and_wait(run):
    counts = real(run)
    print("written", counts.new, flush=True)
    time.sleep(120)
    return counts
runs.write_rows = write_and_wait
import_path(path=Path(sys.argv[1]), by="cli", at=timezone.now(), importer="products")
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_killed_import_leaves_nothing_and_runs_again(tmp_path: Path) -> None:
    product = apps.get_model("products", "Product")
    rows = [[f"P{number}", "蔬菜", "", "食用农产品"] for number in range(500)]
    path = csv_file(tmp_path / "p.csv", [["品类编码", "名称", "上级编码", "产品范围"], *rows])
    # A worker of pytest-xdist has a database of its own; the environment names its session's.
    own = {"SHIAN_HOME": str(settings.SHIAN_HOME), "DATABASE_URL": session_database_url()}
    env = {**os.environ, **own, "DJANGO_SETTINGS_MODULE": "shian.config.settings_test"}
    command = [sys.executable, "-c", SCRIPT, str(path)]

    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True, cwd=settings.PROJECT) as child:
        assert child.stdout is not None
        assert child.stdout.readline().split() == ["written", "500"]
        assert product.objects.count() == 0
        os.kill(child.pid, signal.SIGKILL)

    batch = ImportBatch.objects.get()
    assert (product.objects.count(), batch.state) == (0, BatchState.UPLOADED)
    assert not Entry.objects.filter(action="imports.accepted").exists()

    summary = import_path(path=path, by="cli", at=timezone.now(), importer="products")[0]
    assert (summary.state, product.objects.count()) == ("accepted", 500)
