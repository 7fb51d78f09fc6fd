"""`python -m shian.config.migrating`: applies what is missing, in a process that ends with it.

Django draws every model anew for each step of a migration. Four things make that a fifth of the work on an empty
database, with the same result: the libraries' own tables come first, while there are few models that refer to their
users; a table, an index or a constraint more or less draws nothing anew that stands already; what each step keeps of
the state before it is copied without being checked again; and the garbage collector rests, which would look through
thousands of dropped classes again and again.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ModelState, ProjectState


def main() -> None:
    """Django's checks of the code are left to `make check` and the tests: nobody can mend what they say while
    installing."""
    gc.disable()
    django.setup()
    executor = MigrationExecutor(connection, _tell)
    if executor.loader.applied_migrations:
        _migrate()
        return
    libraries = {config.label for config in apps.get_app_configs() if not config.name.startswith("shian.")}
    executor.migrate([leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] in libraries])
    with _drawn_once():
        _migrate()


def _migrate() -> None:
    call_command("migrate", interactive=False, skip_checks=True)


@contextmanager
def _drawn_once() -> Iterator[None]:
    """Inside, a new model is drawn beside those that stand, and one that gets or loses an index or a constraint stays
    as it is: their statements ask for no more. An operation that changes a field draws its model anew, and what refers
    to it, but not what refers to that in turn.
    """
    reload_model: Any = ProjectState.reload_model

    def added(self: Any, model_state: ModelState) -> None:
        key = model_state.app_label, model_state.name_lower
        self.models[key] = model_state
        if self._relations is not None:
            self.resolve_model_relations(key)
        if "apps" in self.__dict__:
            self.apps.render_multiple([model_state])

    def appended(self: Any, app_label: str, model_name: str, option_name: str, obj: Any) -> None:
        options = self.models[app_label, model_name].options
        options[option_name] = [*options[option_name], obj]

    def removed(self: Any, app_label: str, model_name: str, option_name: str, obj_name: str) -> None:
        options = self.models[app_label, model_name].options
        options[option_name] = [each for each in options[option_name] if each.name != obj_name]

    def reloaded(self: Any, app_label: str, model_name: str, delay: bool = False) -> None:
        reload_model(self, app_label, model_name, delay=True)

    def copied(self: Any) -> Any:
        made = object.__new__(type(self))
        made.app_label, made.name, made.bases = self.app_label, self.name, self.bases
        made.fields, made.options, made.managers = dict(self.fields), dict(self.options), list(self.managers)
        return made

    ours: dict[tuple[Any, str], Any] = {
        (ProjectState, "add_model"): added, (ProjectState, "_append_option"): appended,
        (ProjectState, "_remove_option"): removed, (ProjectState, "reload_model"): reloaded,
        (ModelState, "clone"): copied,
    }  # fmt: skip
    theirs = {place: getattr(*place) for place in ours}
    for place, method in ours.items():
        setattr(*place, method)
    try:
        yield
    finally:
        for place, method in theirs.items():
            setattr(*place, method)


def _tell(action: str, migration: Any = None, fake: bool | None = False, /) -> None:
    """As Django's own command does."""
    if action == "apply_success":
        print(f"  Applying {migration}... OK")


if __name__ == "__main__":
    main()
