"""SECURITY.md keeps its word: each chapter names tests, and every test that it names exists."""

import ast
import re

import pytest

from shian.config.home import PROJECT

PAGE = (PROJECT / "SECURITY.md").read_text(encoding="utf-8")
CHAPTERS = [line for line in PAGE.splitlines() if re.match(r"\| V\d+ ", line)]
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::(test_\w+)`", PAGE)))


def test_every_chapter_of_the_standard_names_a_test() -> None:
    numbers = [int(re.match(r"\| V(\d+)", line)[1]) for line in CHAPTERS]  # type: ignore[index]

    assert numbers == list(range(1, 15))
    assert [line for line in CHAPTERS if "::test_" not in line] == []


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_what_the_page_names_exists(path: str, name: str) -> None:
    tree = ast.parse((PROJECT / path).read_text(encoding="utf-8"))

    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_the_page_says_what_is_not_met() -> None:
    assert len(re.findall(r"(?m)^- ", PAGE.partition("## What is not met")[2])) >= 5


def test_files_that_the_page_names_exist() -> None:
    files = set(re.findall(r"`((?:shian|tests|docs|kernel)/[\w/]+\.\w+)`", PAGE))

    assert [name for name in files if not any((base / name).exists() for base in (PROJECT, PROJECT / "shian"))] == []
