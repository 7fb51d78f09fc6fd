"""The source files that the architecture tests read, and the rank of each layer and app."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PACKAGE = PROJECT / "shian"
LAYERS = ("kernel", "registers", "engine", "domains", "flows", "portals", "config")
ORDER = {
    "kernel": (
        "ui", "events", "notary", "jobs", "scope", "accounts", "files", "disclosures", "workdays", "notices", "imports",
        "retention", "api",
    ),
    "registers": ("areas", "people", "dictionaries", "products", "operators"),
    "engine": (
        "ledgers", "forms", "draws", "cases", "trace", "measures", "snapshots", "scorecards", "exchange", "reports",
        "archives",
    ),
}  # fmt: skip


def rank(module: str) -> tuple[int, int]:
    """The height of `shian.<layer>.<app>`; siblings without order (domains, portals) share one height."""
    parts = module.split(".")
    layer = parts[1]
    apps = ORDER.get(layer, ())
    return LAYERS.index(layer), apps.index(parts[2]) if len(parts) > 2 and parts[2] in apps else 0


def application_files() -> list[Path]:
    """Python files of the package without tests and migrations."""
    skipped = {"tests", "migrations"}
    return [path for path in sorted(PACKAGE.rglob("*.py")) if not skipped & set(path.parts)]


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions_of(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def templates() -> list[Path]:
    return sorted(PACKAGE.rglob("templates/**/*.html"))


def app_of(path: Path) -> str:
    """`shian.<layer>.<app>` of a file."""
    return ".".join(("shian", *path.relative_to(PACKAGE).parts[:2]))
