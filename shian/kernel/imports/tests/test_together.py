"""Several imports at once, and a worker that is killed in the middle of one: real connections, real processes."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from shian.kernel.accounts.models import Role, User
from shian.kernel.imports.actions import Stated, accept_batch, batches, start_work, upload_file
from shian.kernel.imports.models import BatchState, ImportBatch, Work
from shian.kernel.imports.tests.files import csv_file
from tests.database import session_database_url
from tests.runtime.nursery import Nursery, nursery

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
HEAD = ["品类编码", "名称", "上级编码", "产品范围"]
KILLED = """
import os, signal
from shian.kernel.imports import runs
real = runs.judge
def judge_and_die(*arguments):
    real(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)
runs.judge = judge_and_die
from shian.config import worker
worker.main()
"""
ALIVE = """
from procrastinate.contrib.django import app
import asyncio
from shian.kernel.jobs.tasks import retry_stalled
class Context:
    app = None
async def hand_out_again(app):
    Context.app = app
    async with app.open_async():
        await retry_stalled.func(Context, 0)
        await app.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)
asyncio.run(hand_out_again(app.with_connector(app.connector.get_worker_connector())))
"""


def batch_of(tmp_path: Path, by: Any, name: str, *codes: str) -> ImportBatch:
    path = csv_file(tmp_path / name, [HEAD, *([code, name, "", "食用农产品"] for code in codes)])
    with path.open("rb") as stream:
        now = timezone.now()
        stated = Stated(timezone.localdate(now))
        return upload_file(importer_key="products", name=name, stream=stream, stated=stated, by=by, at=now)[0]


@pytest.fixture
def root() -> User:
    return User.objects.create(username="root", role=Role.ADMIN, is_superuser=True)


def test_two_imports_into_one_register_at_once_both_enter(
    tmp_path: Path, root: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same rows in opposite order, written together: without turns this is a deadlock."""
    codes = [f"P{number:03d}" for number in range(300)]
    pair = [batch_of(tmp_path, root, "1.csv", *codes), batch_of(tmp_path, root, "2.csv", *reversed(codes))]
    barrier, steps, failed = threading.Barrier(2), [], []
    real = batches.run_batch

    def run_slowly(*arguments: Any, **more: Any) -> Any:
        outcome = real(*arguments, **more)
        threading.Event().wait(0.5)
        return outcome

    def accept(batch: ImportBatch) -> None:
        barrier.wait()
        try:
            batches.run(batch, by="root", at=timezone.now(), write=True, tell=lambda _n, step: steps.append(str(step)))
        except Exception as error:  # noqa: BLE001 (told after the threads have ended)
            failed.append(error)
        finally:
            connection.close()

    monkeypatch.setattr(batches, "run_batch", run_slowly)
    threads = [threading.Thread(target=accept, args=[batch]) for batch in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert set(ImportBatch.objects.values_list("state", flat=True)) == {BatchState.ACCEPTED}
    assert apps.get_model("products", "Product").objects.count() == 300
    assert sorted(ImportBatch.objects.values_list("rows_new", "rows_changed")) == [(0, 300), (300, 0)]
    assert steps.count("等候同一登记簿的另一份导入") == 1


@pytest.fixture
def loaded() -> Iterator[Nursery]:
    """Workers on this test's database."""
    own = {"SHIAN_HOME": str(settings.SHIAN_HOME), "DATABASE_URL": session_database_url()}
    with nursery({**os.environ, **own, "DJANGO_SETTINGS_MODULE": "shian.config.settings_test"}) as made:
        yield made


def test_a_check_whose_worker_is_killed_is_done_by_the_next_one(
    tmp_path: Path, root: User, loaded: Nursery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "INLINE_BYTES", 0)
    batch = batch_of(tmp_path, root, "1.csv", "A", "B")
    assert start_work(batch=batch, work=Work.CHECK, by=root, at=timezone.now()) is False

    assert loaded.start(KILLED).wait() == -signal.SIGKILL
    batch.refresh_from_db()
    assert (batch.state, batch.work) == (BatchState.UPLOADED, Work.CHECK)
    assert ProcrastinateJob.objects.get(task_name="imports.work").status == "doing"

    with connection.cursor() as cursor:  # its last sign of life was a while ago
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
    assert loaded.start(ALIVE).wait() == 0

    batch.refresh_from_db()
    assert (batch.state, batch.work, batch.rows_good) == (BatchState.CHECKED, "", 2)
    assert ProcrastinateJob.objects.get(task_name="imports.work").status == "succeeded"
    assert accept_batch(batch=batch, by="root", at=timezone.now()).rows_new == 2
