"""`shian draw verify`: a published record is drawn again without a database."""

import json
from pathlib import Path
from typing import Any

import pytest

from shian.config.draw_verbs import verify
from shian.config.problems import Problem
from shian.engine.draws.queries import record_of
from shian.engine.draws.tests.factories import LATER, confirmed, number_entries
from shian.registers.areas.tests.factories import make_city_and_county

pytestmark = pytest.mark.django_db


def written(record: Any, folder: Path) -> Path:
    path = folder / "record.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    return path


def test_the_command_verifies_a_file_and_names_the_first_difference(tmp_path: Path) -> None:
    make_city_and_county()
    draw = confirmed()
    number_entries(LATER)
    record = record_of(draw)
    told = verify(written(record, tmp_path))
    assert (told.holds, told.lines[-1]) == (True, "Verified.")

    record["cells"][1]["drawn"][2] = "x"
    told = verify(written(record, tmp_path))

    assert not told.holds
    assert "sample: 餐饮 drawn 3: recorded x, computed 餐饮" in told.lines[-1]
    assert not told.as_json()["holds"]


def test_a_file_that_is_no_record_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="no record of a draw"):
        verify(written([], tmp_path))
