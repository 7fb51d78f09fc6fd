"""Files and functions stay small, typed, shallow and well named (style.md, "Our budget")."""

import ast
from pathlib import Path

import pytest

from tests.architecture.sources import PACKAGE, application_files, functions_of, tree_of

FILES = application_files()
JUNK = {"utils", "helpers", "common", "misc", "base", "core"}
NAMED_BY_DJANGO = {"kernel/scope/postgresql/base.py"}  # ENGINE names a package, of which Django loads `base`
BLOCKS = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.AsyncFor, ast.AsyncWith, ast.Match)


def percentile(values: list[int], share: float) -> int:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def lines_of(node: ast.AST) -> int:
    return node.end_lineno - node.lineno + 1  # type: ignore[attr-defined]


def depth_of(node: ast.AST, depth: int = 0) -> int:
    """The deepest nesting of blocks; an elif is no deeper than its if, a nested function starts anew."""
    deepest = depth
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            continue
        is_elif = isinstance(node, ast.If) and node.orelse == [child] and isinstance(child, ast.If)
        step = 1 if isinstance(child, BLOCKS) and not is_elif else 0
        deepest = max(deepest, depth_of(child, depth + step))
    return deepest


def test_files_keep_their_budget() -> None:
    sizes = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}

    assert {str(path.relative_to(PACKAGE)): size for path, size in sizes.items() if size > 500} == {}
    assert percentile(list(sizes.values()), 0.95) <= 350


def test_functions_keep_their_budget() -> None:
    sizes = {
        f"{path.relative_to(PACKAGE)}:{node.name}": lines_of(node) for path in FILES for node in functions_of(path)
    }

    assert {name: size for name, size in sizes.items() if size > 60} == {}
    assert percentile(list(sizes.values()), 0.95) <= 36


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_functions_are_shallow_and_typed(path: Path) -> None:
    deep = [node.name for node in functions_of(path) if depth_of(node) > 3]
    untyped = [node.name for node in functions_of(path) if node.returns is None]

    assert deep == []
    assert untyped == []


def test_no_file_is_a_junk_drawer() -> None:
    found = {str(path.relative_to(PACKAGE)) for path in FILES if path.stem in JUNK or path.parent.name in JUNK}

    assert found == NAMED_BY_DJANGO


def test_every_module_of_an_app_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(PACKAGE))
        for path in FILES
        if path.name != "apps.py" and path.stat().st_size and ast.get_docstring(tree_of(path)) is None
    ]

    assert silent == []
