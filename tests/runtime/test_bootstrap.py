"""The first command of a newcomer: what an old Python and a full disk are told, and that nothing is done twice."""

import ast
import errno
from pathlib import Path

import psycopg
import pytest

from shian.config.home import PROJECT, Home
from shian.config.problems import Problem, is_disk_full
from tools import bootstrap


def test_bootstrap_is_readable_by_an_old_python() -> None:
    ast.parse((PROJECT / "tools" / "bootstrap.py").read_text(), feature_version=(3, 7))


def test_old_python_is_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2, "final", 0))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)

    assert bootstrap.main() == 1

    assert capsys.readouterr().err.startswith("✗ Shian needs Python 3.11 or newer and this is 3.9.2;")


def test_full_disk_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def full() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(bootstrap, "make_environment", full)

    assert bootstrap.main() == 1

    assert "is full; free at least 2 GB" in capsys.readouterr().err


def test_stamp_is_current_only_for_the_same_inputs(tmp_path: Path) -> None:
    bootstrap.Stamp(tmp_path / "stamp.json", "a").write()

    assert bootstrap.Stamp(tmp_path / "stamp.json", "a").is_current()
    assert not bootstrap.Stamp(tmp_path / "stamp.json", "b").is_current()
    assert not bootstrap.Stamp(tmp_path / "absent.json", "a").is_current()


def test_digest_follows_content_and_leaves_out_what_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "PROJECT", tmp_path)
    (tmp_path / "frontend" / "dist").mkdir(parents=True)
    (tmp_path / "frontend" / "main.ts").write_text("1")
    before = bootstrap.digest_of([tmp_path / "frontend"], leave_out=("dist",))

    (tmp_path / "frontend" / "dist" / "main.js").write_text("built")
    assert bootstrap.digest_of([tmp_path / "frontend"], leave_out=("dist",)) == before
    (tmp_path / "frontend" / "main.ts").write_text("2")
    assert bootstrap.digest_of([tmp_path / "frontend"], leave_out=("dist",)) != before


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "full"),
        psycopg.errors.DiskFull("could not extend file"),
        RuntimeError("No space left on device"),
    ],
)
def test_full_disk_is_recognised_behind_another_error(error: Exception) -> None:
    outer = ValueError("import failed")
    outer.__cause__ = error

    assert is_disk_full(outer)
    assert not is_disk_full(ValueError("import failed"))


def test_nearly_full_disk_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage:
        free = 5 * 2**20

    monkeypatch.setattr("shian.config.home.shutil.disk_usage", lambda folder: Usage())

    with pytest.raises(Problem, match="Only 5 MB are free on the disk"):
        Home(tmp_path).prepare()
