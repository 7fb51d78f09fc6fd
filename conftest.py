"""No network for any test (pytest.ini allows sockets of this machine only), and a database of their own.

Tests need nothing but the project's environment: a PostgreSQL starts when the first test asks for the database and
rests again after the last session that uses it. See tests/database.py.
"""

import os
from pathlib import Path

import pytest
from hypothesis import settings

pytest_plugins = [
    "tests.database",
    "tests.city",
    "tests.translations",
    "tests.architecture.write_guard",
    "tests.architecture.seal_guard",
]
# How long an example takes says how busy the machine is.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
RUNTIME = Path(__file__).parent / "tests" / "runtime"
DEMO = {RUNTIME / "test_backup.py", RUNTIME / "test_demo.py"}  # of one demo, which one worker makes for both


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, which run real processes: so that no worker is left alone with one of them at the end.

    Workers begin with equal parts of the list, one behind the other: the demo stands where the second one begins.
    """
    demo = [item for item in items if item.path in DEMO]
    others = [item for item in items if item.path not in DEMO]
    others.sort(key=lambda item: item.path.parent != RUNTIME)
    second = len(items) // int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")) % len(items) if items else 0
    items[:] = [*others[:second], *demo, *others[second:]]
