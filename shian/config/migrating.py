"""`python -m shian.config.migrating`: applies what is missing, in a process that ends with it.

Django draws every model anew for each step of a migration. Two things make that half as much work, with the same
result: the libraries' own tables come first, while there are few models that refer to their users; and the garbage
collector rests, which would look through thousands of dropped classes again and again.
"""

import gc
from typing import Any

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def main() -> None:
    """Django's checks of the code are left to `make check` and the tests: nobody can mend what they say while
    installing."""
    gc.disable()
    django.setup()
    executor = MigrationExecutor(connection, _tell)
    libraries = {config.label for config in apps.get_app_configs() if not config.name.startswith("shian.")}
    leaves = [leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] in libraries]
    if not executor.loader.applied_migrations:
        executor.migrate(leaves)
    call_command("migrate", interactive=False, skip_checks=True)


def _tell(action: str, migration: Any = None, fake: bool | None = False, /) -> None:
    """As Django's own command does."""
    if action == "apply_success":
        print(f"  Applying {migration}... OK")


if __name__ == "__main__":
    main()
