"""The English texts for every test: compiled when a session begins after a change, left again after each test."""

from collections.abc import Iterator

import pytest
from django.utils.translation import deactivate

from tools.translations import PO, compile_all


def pytest_configure(config: pytest.Config) -> None:
    compiled = PO.with_suffix(".mo")
    if not compiled.exists() or compiled.stat().st_mtime < PO.stat().st_mtime:
        compile_all()


@pytest.fixture(autouse=True)
def _language_of_the_next_test() -> Iterator[None]:
    """A request in English leaves its language in the thread, as it does in the program until the next request."""
    yield
    deactivate()
