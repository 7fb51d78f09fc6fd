from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from shian.kernel.parameters.dated import Dated

LATER_FIRST = """
versions:
  - {valid_from: 2023-07-01, days: 30}
  - {valid_from: 2021-01-01, days: 60}
"""


def days(told: Mapping[str, Any]) -> int:
    return int(told["days"])


@pytest.fixture
def parameters(tmp_path: Path, settings: Any) -> Path:
    settings.SHIAN_PACKS = tmp_path
    (tmp_path / "parameters").mkdir()
    return tmp_path / "parameters"


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2021, 1, 1), 60), (date(2023, 6, 30), 60), (date(2023, 7, 1), 30), (date(2030, 1, 1), 30)],
)
def test_the_version_in_force_is_the_last_begun(parameters: Path, day: date, expected: int) -> None:
    (parameters / "tried.yaml").write_text(LATER_FIRST, encoding="utf-8")
    assert Dated("tried", days).at(day) == expected
    assert Dated("tried", days).versions() == (60, 30)


def test_a_day_before_the_first_version_has_none(parameters: Path) -> None:
    (parameters / "tried.yaml").write_text(LATER_FIRST, encoding="utf-8")
    with pytest.raises(ImproperlyConfigured, match=r"tried\.yaml has no version in force on 2020-12-31"):
        Dated("tried", days).at(date(2020, 12, 31))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("versions: [{valid_from: 2021-01-01}]", "days"),
        ("versions: [{valid_from: 2021-01-01, days: many}]", "many"),
        ("edition: 1", "versions"),
        ("versions: [{valid_from: 2021-01-01, days: 1}, {valid_from: 2021-01-01, days: 2}]", "same day"),
        ("versions: {", "expected"),
    ],
)
def test_a_wrong_file_is_refused_by_name(parameters: Path, text: str, told: str) -> None:
    (parameters / "wrong.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ImproperlyConfigured, match=rf"wrong\.yaml: .*{told}") as error:
        Dated("wrong", days).at(date(2026, 1, 1))
    assert "parameters/wrong.yaml" in str(error.value)


def test_a_missing_file_is_named(parameters: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"nothing\.yaml"):
        Dated("nothing", days).versions()
