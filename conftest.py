"""No network for any test (pytest.ini allows sockets of this machine only), and a database of their own.

Tests need nothing but the project's environment: a PostgreSQL starts when the first test asks for the database and
rests again after the last session that uses it. See tests/database.py.
"""

pytest_plugins = [
    "tests.database",
    "tests.city",
    "tests.translations",
    "tests.architecture.write_guard",
    "tests.architecture.seal_guard",
]
