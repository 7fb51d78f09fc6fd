"""`shian import` at the terminal: what it says of a file that it refuses."""

from pathlib import Path

import pytest
import typer
from django.conf import settings
from typer.testing import CliRunner

from shian.config.cli import answers
from shian.kernel.imports.tests.files import csv_file

pytestmark = pytest.mark.django_db
HEAD = ["品类编码", "名称", "上级编码", "产品范围"]


class Resting:
    """The database of the tests, which needs no start."""

    def analyze(self) -> None:
        pass


@pytest.fixture
def shian(monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    from contextlib import nullcontext

    monkeypatch.setenv("SHIAN_HOME", str(settings.SHIAN_HOME))
    monkeypatch.setattr(answers.lifecycle, "database_in_use", lambda *_: nullcontext(Resting()))
    monkeypatch.setattr(answers.lifecycle, "migrate", lambda *_: None)
    monkeypatch.setattr(answers.verbs, "connect", lambda *_: None)
    app = typer.Typer()
    app.command("import")(answers.import_files)
    return app


def test_a_refused_file_gets_no_tick_and_the_choices_are_named(shian: typer.Typer, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "p.csv", [HEAD, ["A", "蔬菜", "", "食用农产品"]])

    told = CliRunner().invoke(shian, [str(path)])

    assert told.exit_code == 2
    assert "✓" not in told.output
    assert "✗ Import of p.csv" in told.output
    assert "--importer" in told.output
    assert "operators（" in told.output


def test_the_same_file_again_is_told_and_taken_with_again(shian: typer.Typer, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "p.csv", [HEAD, ["A", "蔬菜", "", "食用农产品"]])
    call = [str(path), "--importer", "products"]

    assert "1 rows accepted" in CliRunner().invoke(shian, call).output
    second = CliRunner().invoke(shian, call)
    assert second.exit_code == 0
    assert "--again" in second.output
    assert "--again" not in CliRunner().invoke(shian, [*call, "--again"]).output
