"""Categories and varieties through their importer, and whole data packages."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from shian.kernel.imports.actions import import_path
from shian.kernel.imports.tests.files import csv_file
from shian.registers.products.models import Product

pytestmark = pytest.mark.django_db
HEAD = ["品类编码", "名称", "上级编码", "产品范围"]
ROWS = [["A01", "白菜", "A", "食用农产品"], ["A", "蔬菜", "", "食用农产品"], ["B", "糕点", "", "食品"]]


def package(tmp_path: Path, rows: list[list[str]], **stated: Any) -> Path:
    csv_file(tmp_path / "products.csv", [HEAD, *rows])
    resource = {"name": "products", "path": "products.csv", "shian": {"importer": "products", **stated}}
    (tmp_path / "datapackage.json").write_text(json.dumps({"name": "city", "resources": [resource]}), encoding="utf-8")
    return tmp_path


def bring(path: Path, **terms: Any) -> Any:
    return import_path(path=path, by="cli", at=timezone.now(), **terms)[0]


def test_a_tree_enters_in_any_order(tmp_path: Path) -> None:
    summary = bring(package(tmp_path, ROWS, expected_rows=3))

    assert (summary.state, summary.new) == ("accepted", 3)
    cabbage = Product.objects.get(code="A01")
    assert (cabbage.parent.name, cabbage.name_pinyin) == ("蔬菜", "bai cai")


def test_content_that_came_before_is_skipped_unless_asked_again(tmp_path: Path) -> None:
    folder = package(tmp_path, ROWS, expected_rows=3)
    bring(folder)

    assert bring(folder).state == "unchanged"
    assert bring(folder, again=True).same == 3


def test_a_package_that_misses_its_total_stops_with_the_difference(tmp_path: Path) -> None:
    summary = bring(package(tmp_path, ROWS, expected_rows=4))

    assert summary.state == "stopped"
    assert "应为 4，实为 3，相差 -1" in summary.stopped
    assert not Product.objects.exists()


def test_progress_runs_to_its_end(tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []

    bring(package(tmp_path, ROWS), progress=lambda done, whole: told.append((done, whole)))

    assert told[0] == (0, 100)
    assert told[-1] == (100, 100)
    assert [done for done, _whole in told] == sorted(done for done, _whole in told)


@pytest.mark.parametrize("missing", ["datapackage.json", "importer"])
def test_what_cannot_be_imported_is_told_not_raised(tmp_path: Path, missing: str) -> None:
    path = tmp_path if missing == "datapackage.json" else csv_file(tmp_path / "p.csv", [HEAD, *ROWS])
    summary = bring(path)

    assert summary.state == "failed"
    assert summary.stopped


def test_an_unknown_importer_is_told(tmp_path: Path) -> None:
    folder = package(tmp_path, ROWS)
    (folder / "datapackage.json").write_text(
        json.dumps({"resources": [{"path": "products.csv", "shian": {"importer": "nothing"}}]}), encoding="utf-8"
    )

    assert "nothing" in bring(folder).stopped
