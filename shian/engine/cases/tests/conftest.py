"""Shared by the tests of cases. Imports wait until Django is set up."""

from pathlib import Path

import pytest


@pytest.fixture
def packs(tmp_path: Path, settings) -> Path:
    """The project's packs with the parameters of the type of these tests."""
    folder = tmp_path / "packs"
    folder.mkdir()
    for each in Path(settings.SHIAN_PACKS).iterdir():
        if each.name != "parameters":
            (folder / each.name).symlink_to(each)
    (folder / "parameters" / "cases").mkdir(parents=True)
    for each in (Path(settings.SHIAN_PACKS) / "parameters").iterdir():
        if each.is_file():
            (folder / "parameters" / each.name).symlink_to(each)
    settings.SHIAN_PACKS = folder
    from shian.engine.cases.tests.cast import PARAMETERS

    (folder / "parameters" / "cases" / "tried.yaml").write_text(PARAMETERS, encoding="utf-8")
    return folder


@pytest.fixture
def cast(db, packs):
    """The people, and the type of card that they work with."""
    from shian.engine.cases import declarations
    from shian.engine.cases.tests.cast import CARD, Cast

    declarations.register_case_type(CARD)
    yield Cast()
    del declarations._registry.types[CARD.key]
