"""An app holds the files of architecture.md §3 and no other kind."""

from pathlib import Path

from tests.architecture.sources import PACKAGE, PROJECT

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
    offenders = [
        path
        for path in PACKAGE.rglob("*.py")
        if any(
            line.startswith(("import tools", "from tools")) for line in path.read_text(encoding="utf-8").splitlines()
        )
    ]

    assert offenders == []


def test_no_address_of_a_machine_or_registry_in_the_locks() -> None:
    for name in ("requirements.lock", "package-lock.json"):
        text = (PROJECT / name).read_text(encoding="utf-8")
        assert "--index-url" not in text
        assert '"resolved"' not in text
