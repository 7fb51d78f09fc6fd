"""No network for any test (pytest.ini allows sockets of this machine only), and a database of their own.

Tests need nothing but the project's environment: a PostgreSQL starts when the first test asks for the database and
rests again after the last session that uses it. See tests/database.py.
"""

from pathlib import Path

import pytest

pytest_plugins = [
    "tests.database",
    "tests.city",
    "tests.translations",
    "tests.architecture.write_guard",
    "tests.architecture.seal_guard",
]
RUNTIME = Path(__file__).parent / "tests" / "runtime"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, which run real processes: so that no worker is left alone with one of them at the end."""
    items.sort(key=lambda item: item.path.parent != RUNTIME)
