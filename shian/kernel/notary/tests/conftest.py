"""Each test that signs has keys of its own: a log in a new database is a new log."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _own_keys(tmp_path: Path, settings: pytest.FixtureRequest) -> None:
    settings.SHIAN_HOME = tmp_path  # type: ignore[attr-defined]
