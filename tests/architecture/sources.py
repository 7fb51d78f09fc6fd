"""The source files that the architecture tests read, and the rank of each layer and app."""

import ast
from dataclasses import dataclass
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
BLOCKS = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.AsyncFor, ast.AsyncWith, ast.Match)
NOT_WITHIN = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


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


@dataclass(frozen=True)
class Function:
    """What the budget asks of one function; `depth` is that of its deepest block."""

    name: str
    lines: int
    depth: int
    is_typed: bool


@dataclass(frozen=True)
class Outline:
    """What the architecture tests ask of one file, read once; a kept syntax tree would burden every later collection
    of garbage."""

    lines: int
    has_docstring: bool
    functions: tuple[Function, ...]


@cache
def outline_of(path: Path) -> Outline:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text, filename=str(path))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return Outline(len(text.splitlines()), ast.get_docstring(tree) is not None, tuple(map(_function, found)))


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Function:
    return Function(node.name, (node.end_lineno or 0) - node.lineno + 1, depth_of(node), node.returns is not None)


def depth_of(node: ast.AST, depth: int = 0) -> int:
    """The deepest nesting of blocks; an elif is no deeper than its if, a nested function starts anew."""
    deepest = depth
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (*NOT_WITHIN, ast.expr)):
            continue
        is_elif = isinstance(node, ast.If) and node.orelse == [child] and isinstance(child, ast.If)
        step = 1 if isinstance(child, BLOCKS) and not is_elif else 0
        deepest = max(deepest, depth_of(child, depth + step))
    return deepest


def templates() -> list[Path]:
    return sorted(PACKAGE.rglob("templates/**/*.html"))


def app_of(path: Path) -> str:
    """`shian.<layer>.<app>` of a file."""
    return ".".join(("shian", *path.relative_to(PACKAGE).parts[:2]))
