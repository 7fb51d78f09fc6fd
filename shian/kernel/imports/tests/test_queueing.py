"""Files in the line: ordinary batches, once each, in their order, seen on the page while they wait."""

import json
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from shian.kernel.accounts.models import Role, User
from shian.kernel.imports import tasks
from shian.kernel.imports.actions.queueing import LINE, queue_package
from shian.kernel.imports.models import BatchState, ImportBatch, Work
from shian.kernel.imports.tests.files import csv_file

pytestmark = pytest.mark.django_db
HEADINGS = ["品类编码", "名称", "上级编码", "产品范围"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two files of one register."""
    listed = []
    for number in (1, 2):
        csv_file(tmp_path / f"p{number}.csv", [HEADINGS, [f"P{number}", f"蔬菜{number}", "", "食用农产品"]])
        told = {"importer": "products", "expected_rows": 1}
        listed.append({"name": f"products.{number}", "path": f"p{number}.csv", "shian": told})
    (tmp_path / "datapackage.json").write_text(json.dumps({"name": "later", "resources": listed}), encoding="utf-8")
    return tmp_path


def queued(folder: Path) -> list[ImportBatch]:
    return queue_package(folder=folder, area="131000", by="demo", at=timezone.now())


def run_next() -> None:
    """As the worker does with the first job of the line."""
    job = ProcrastinateJob.objects.filter(lock=LINE, status="todo").order_by("id")[0]
    tasks.work(**job.args)
    ProcrastinateJob.objects.filter(pk=job.pk).update(status="succeeded")


def test_files_enter_one_after_another_and_only_once(folder: Path) -> None:
    batches = queued(folder)

    assert [each.name for each in batches] == ["p1.csv", "p2.csv"]
    assert queued(folder) == [], "they wait already"
    run_next()
    product = apps.get_model("products", "Product")
    assert list(product.objects.values_list("code", flat=True)) == ["P1"]
    run_next()
    assert set(ImportBatch.objects.values_list("state", "work")) == {(BatchState.ACCEPTED, Work.NONE)}
    assert queued(folder) == [], "they are in"


def test_a_job_that_is_handed_out_again_after_its_end_changes_nothing(folder: Path) -> None:
    """A worker killed between the import's end and the job's own."""
    batch = queued(folder)[0]
    run_next()
    entry = ImportBatch.objects.get(pk=batch.pk).entry

    tasks.work(batch=batch.pk, work=str(Work.ACCEPT), by="demo")

    assert ImportBatch.objects.get(pk=batch.pk).entry == entry


def test_the_page_shows_the_line_until_it_is_empty(folder: Path) -> None:
    client = Client()
    client.force_login(User.objects.create(username="admin1", role=Role.ADMIN, is_superuser=True))
    queued(folder)
    page, asked = reverse("imports:batch_list"), {"HX-Request": "true", "HX-Target": "import-line"}

    shown = client.get(page).content.decode()
    assert "p1.csv" in shown
    assert "排队等候" in shown
    assert "1 个文件排队" in shown
    assert "HX-Refresh" not in client.get(page, headers=asked)
    run_next()
    run_next()
    assert client.get(page, headers=asked)["HX-Refresh"] == "true"
