"""Files of a package are read ahead: what enters, what is told and what is sealed are the same as one after another."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.utils import translation

from shian.kernel.imports import ahead
from shian.kernel.imports.actions import import_path
from shian.kernel.imports.loading import ReadAhead
from shian.kernel.imports.models import ImportBatch, ImportProblem
from shian.kernel.imports.specs import importer
from shian.kernel.imports.tests.files import csv_file
from shian.kernel.imports.tests.test_datapackages import package
from shian.kernel.notary.models import Entry

pytestmark = pytest.mark.django_db
HEAD = ["品类编码", "名称", "上级编码", "产品范围"]
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
FILES: dict[str, list[list[str]]] = {
    "first": [["A1", "蔬菜", "", "食用农产品"], ["A2", "水果", "", "食用农产品"]],
    "second": [["B1", "叶菜", "A1", "食用农产品"], ["B2", "鲜枣", "A9", "食用农产品"], ["B3", "", "A1", "食用农产品"]],
    "third": [["C1", "韭菜\t一级", "B1", "食用农产品"], ["C1", "韭菜", "B1", "食用农产品"]],
}


@pytest.fixture(autouse=True)
def worth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "WORTH_BYTES", 0)


def folder(tmp_path: Path, **stated: Any) -> Path:
    told = [{"name": name, "path": f"{name}.csv", "shian": {"importer": "products"} | stated} for name in FILES]
    made = package(tmp_path / "package", *told)
    for name, rows in FILES.items():
        csv_file(made / f"{name}.csv", [HEAD, *rows])
    return made


def brought(path: Path) -> tuple[list[Any], list[Any], list[bytes], list[Any]]:
    """What the summaries, the problems, the seals and the register say."""
    told = [(each.resource, each.state, each.new, each.rejected) for each in import_path(path=path, by="cli", at=AT)]
    problems = ImportProblem.objects.order_by("batch", "row_no", "column", "reason")
    roots = Entry.objects.filter(action="imports.accepted").order_by("id").values_list("rows_root", flat=True)
    rows = apps.get_model("products", "Product").objects.order_by("code").values_list("code", "name")
    named = list(problems.values_list("batch__name", "row_no", "column", "value", "reason", "remedy"))
    return told, named, [bytes(each) for each in roots], list(rows)


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Of each file in its turn: had it been read?"""
    found: list[bool] = []
    real = ahead.Reader.taken

    def told(self: ahead.Reader, path: Path) -> ReadAhead | None:
        answer = real(self, path)
        found.append(answer is not None)
        return answer

    monkeypatch.setattr(ahead.Reader, "taken", told)
    return found


def test_what_is_read_ahead_enters_as_what_is_read_in_its_turn(
    tmp_path: Path, taken: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = folder(tmp_path)
    with translation.override("en"):
        with transaction.atomic():
            early = brought(made)
            transaction.set_rollback(True)
        assert taken == [False, True, True]
        monkeypatch.setattr(ahead, "WORTH_BYTES", 1 << 40)
        late = brought(made)

    assert taken[3:] == [False, False, False]
    assert early == late
    assert [each[1] for each in early[0]] == ["accepted", "accepted", "failed"]
    assert len(early[1]) > 2
    assert len(early[2]) == 2


def test_a_file_that_stops_the_package_leaves_nothing_of_the_next_one(tmp_path: Path) -> None:
    made = folder(tmp_path, expected_rows=3)

    [stopped] = import_path(path=made, by="cli", at=AT)

    assert stopped.state == "stopped"
    assert ImportBatch.objects.count() == 1
    assert not [each for each in threading.enumerate() if each.name.startswith("read-ahead")]


def test_a_file_that_nobody_can_read_stops_the_package_in_its_own_turn(tmp_path: Path) -> None:
    made = folder(tmp_path)
    document = (made / "datapackage.json").read_text(encoding="utf-8")
    first, _, rest = document.partition('"second.csv", "shian": {"importer": "products"')
    (made / "datapackage.json").write_text(f'{first}"second.csv", "shian": {{"importer": "nobody"{rest}', "utf-8")

    told = [(each.importer, each.state) for each in import_path(path=made, by="cli", at=AT)]

    assert told == [("products", "accepted"), ("", "failed")]
    assert apps.get_model("products", "Product").objects.count() == 2


def test_a_file_that_changed_after_it_was_read_is_read_again(
    tmp_path: Path, taken: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = folder(tmp_path)
    real = ahead.Reader.taken

    def changed(self: ahead.Reader, path: Path) -> ReadAhead | None:
        answer = real(self, path)
        if path.stem == "second":
            rows: Sequence[Sequence[str]] = [HEAD, ["B7", "根菜", "A1", "食用农产品"]]
            csv_file(path, rows)
        return answer

    monkeypatch.setattr(ahead.Reader, "taken", changed)
    brought(made)

    assert taken[1]
    codes = apps.get_model("products", "Product").objects.values_list("code", flat=True)
    assert "B7" in codes
    assert "B1" not in codes


def test_a_file_whose_words_a_register_holds_is_not_read_before_its_turn(tmp_path: Path) -> None:
    spec = importer("operators")
    path = csv_file(tmp_path / "operators.csv", [[str(each.title) for each in spec.fields]])

    with ahead.reader() as reads:
        reads.begin(path, spec, {})
        asked = reads.asked
        assert asked is not None
        assert isinstance(asked[1].exception(), ahead.UnwantedError)
        assert reads.taken(path) is None
