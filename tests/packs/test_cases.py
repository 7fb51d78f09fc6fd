"""Case types and their packs: every clock has its length, every version its basis, every drawing is the present one."""

import pytest

from shian.config.home import PROJECT
from shian.engine.cases.declarations import CaseType, case_types
from shian.engine.cases.parameters import versions_of
from tools.case_diagrams import TARGET, pages

TYPES = case_types()


def test_the_drawings_are_the_present_ones() -> None:
    committed = {path.name: path.read_text(encoding="utf-8") for path in TARGET.glob("*.md")}

    assert committed == pages(), "renew them: .venv/bin/python -m tools.case_diagrams"


@pytest.mark.parametrize("declared", TYPES, ids=[each.key for each in TYPES])
def test_parameters_fit_the_declaration(declared: CaseType) -> None:
    timed = {each.key for each in declared.clocks if not each.is_given}
    for version in versions_of(declared.key):
        assert timed <= set(version.clocks), version.valid_from  # others are periods that pages read
        assert version.basis
        assert version.confidence in {"H", "M", "L"}


def test_no_parameters_stand_without_their_type() -> None:
    files = {path.stem for path in (PROJECT / "packs" / "parameters" / "cases").glob("*.yaml")}

    assert files == {each.key for each in TYPES}
