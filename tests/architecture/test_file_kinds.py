"""An app holds the files of architecture.md §3 and no other kind."""

import re
from pathlib import Path

from tests.architecture.sources import PACKAGE, PROJECT, application_files

KINDS = {
    "__init__", "apps", "urls", "views", "api", "admin", "tasks", "management", "forms", "tables", "filters",
    "imports", "definitions", "actions", "queries", "permissions", "models", "events", "rules",
    "tests", "migrations", "templates", "templatetags", "__pycache__",
}  # fmt: skip


def names_in(folder: Path) -> set[str]:
    return {path.stem for path in folder.iterdir() if path.suffix in {"", ".py"}}


def test_domains_registers_and_portals_keep_to_the_anatomy() -> None:
    strays = {
        f"{layer}/{app.name}": sorted(names_in(app) - KINDS)
        for layer in ("domains", "registers", "portals")
        for app in (PACKAGE / layer).iterdir()
        if app.is_dir() and app.name != "__pycache__"
    }

    assert {app: names for app, names in strays.items() if names} == {}


def test_mechanism_modules_are_flat_and_named() -> None:
    """Kernel and engine apps may hold named mechanism modules, never deeper packages than one noun per module."""
    deep = [
        str(path.relative_to(PACKAGE))
        for layer in ("kernel", "engine")
        for path in (PACKAGE / layer).rglob("*.py")
        if len(path.relative_to(PACKAGE).parts) > 4 and not {"tests", "migrations"} & set(path.parts)
    ]

    assert deep == []


def test_tools_are_never_imported_by_the_package() -> None:
    importing = re.compile(r"^\s*(?:import|from) tools\b", re.MULTILINE)

    assert [path for path in PACKAGE.rglob("*.py") if importing.search(path.read_text(encoding="utf-8"))] == []


def test_the_package_stands_without_tests() -> None:
    importing = re.compile(r"^\s*(?:import|from) (?:tests\b|shian\.\S+\.tests\b)", re.MULTILINE)

    assert [path for path in application_files() if importing.search(path.read_text(encoding="utf-8"))] == []


def test_rows_are_copied_into_tables_by_actions_and_imports_only() -> None:
    """COPY passes by the guard over writes."""
    copying = [path for path in application_files() if "FROM STDIN" in path.read_text(encoding="utf-8")]

    assert copying
    assert [path for path in copying if not {"actions", "imports"} & {*path.parts, path.stem}] == []


def test_no_address_of_a_machine_or_registry_in_the_locks() -> None:
    for name in ("requirements.lock", "package-lock.json"):
        text = (PROJECT / name).read_text(encoding="utf-8")
        assert "--index-url" not in text
        assert '"resolved"' not in text
