"""Every noun that the code names is tied to one Chinese term, by the rule at the head of docs/glossary.md."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from django.apps import apps

from shian.config.home import PROJECT
from shian.engine.ledgers.declarations import all_ledgers
from shian.engine.measures.declarations import all_measures
from tests.access.test_every_page import OPEN, PAGES

GLOSSARY = PROJECT / "docs" / "glossary.md"
ROW = re.compile(r"^\| (?P<chinese>[^|]+) \| (?P<identifier>[^|]+) \|(?P<meaning>[^|]*)\|$")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def noun_of(name: str) -> str:
    """The words of a name in the singular: `DocumentVersion`, document_versions and "document version" are one."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ").lower().split()
    return " ".join(_singular(word) for word in words)


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("sses", "toes", "ches", "xes")):
        return word[:-2]
    return word if word.endswith("ss") else word.removesuffix("s")


def rows() -> list[tuple[str, list[str]]]:
    """Each row: its Chinese and the nouns of its second column."""
    found = [ROW.match(line) for line in GLOSSARY.read_text(encoding="utf-8").splitlines()]
    told = [(row["chinese"], _nouns(row["identifier"])) for row in found if row and CHINESE.search(row["chinese"])]
    assert len(told) > 100
    return told


def _nouns(identifier: str) -> list[str]:
    parts = re.split(r"[/,;()`]| or ", identifier)
    return list(dict.fromkeys(noun_of(part) for part in parts if re.fullmatch(r"[A-Za-z_ -]+", part.strip())))


def code_nouns() -> Iterator[tuple[str, str]]:
    """A noun and where it stands: models, urls, the first part of a measure's key unless that is a ledger's."""
    for model in apps.get_models():
        if model.__module__.startswith("shian."):
            yield noun_of(model.__name__), model._meta.label
    for name in [*PAGES, *OPEN]:
        noun, _, _verb = name.partition(":")[2].rpartition("_")
        yield noun_of(noun or name.partition(":")[2]), name
    for key in all_measures():
        if key.partition(".")[0] not in all_ledgers():
            yield noun_of(key.partition(".")[0]), key


def test_every_noun_of_the_code_has_its_term() -> None:
    known = {noun for _chinese, nouns in rows() for noun in nouns}
    without = {
        f"{noun} ({place})"
        for noun, place in code_nouns()
        if noun not in known and not all(word in known for word in noun.split())
    }

    assert sorted(without) == []


def test_a_noun_has_one_term_and_a_term_one_row() -> None:
    nouns = Counter(noun for _chinese, found in rows() for noun in found)
    terms = Counter(term.strip() for chinese, _nouns in rows() for term in re.split(r"[/、]", chinese))

    assert {each: count for each, count in {**nouns, **terms}.items() if count > 1} == {}


@pytest.mark.parametrize(
    ("name", "noun"),
    [("DocumentVersion", "document version"), ("vetoes", "veto"), ("batches", "batch"), ("entries", "entry"),
     ("losses", "loss"), ("figures", "figure")],
)  # fmt: skip
def test_names_of_one_thing_are_one_noun(name: str, noun: str) -> None:
    assert noun_of(name) == noun
