"""The English texts for every test: compiled when the first session after a change begins."""

import pytest

from tools.translations import PO, compile_all


def pytest_configure(config: pytest.Config) -> None:
    compiled = PO.with_suffix(".mo")
    if not compiled.exists() or compiled.stat().st_mtime < PO.stat().st_mtime:
        compile_all()
