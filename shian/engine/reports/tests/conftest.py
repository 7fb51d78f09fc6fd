"""A packs folder of the test's own, and a registry of kinds that is put back.

Models are imported inside the fixtures: this file is read before Django is set up.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def packs(tmp_path: Path, settings) -> Path:
    """Ledgers and parameters of the project, the brief's template, no city."""
    from shian.engine.reports.tests.factories import write_template

    folder = tmp_path / "packs"
    folder.mkdir()
    for part in ("ledgers", "parameters"):
        shutil.copytree(Path(settings.SHIAN_PACKS) / part, folder / part)
    settings.SHIAN_PACKS = folder
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.SHIAN_HOME = tmp_path
    write_template(folder)
    return folder


@pytest.fixture
def brief(packs: Path, db: None) -> Iterator[Any]:
    """The registered kind over a small city."""
    from shian.engine.reports import kinds
    from shian.engine.reports.tests.factories import Brief, make_city

    before = dict(kinds._kinds)
    kinds._kinds.clear()
    make_city()
    yield Brief()
    kinds._kinds.clear()
    kinds._kinds.update(before)
