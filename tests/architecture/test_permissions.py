"""Every view states its permission; every model has a test."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from tests.architecture.sources import PACKAGE, templates


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


OWN = [entry for entry in patterns(get_resolver()) if entry.callback.__module__.startswith("shian.")]


def test_every_view_states_its_permission() -> None:
    """`@requires` or `@open_to_all`."""
    silent = [str(entry.name or entry.pattern) for entry in OWN if not hasattr(entry.callback, "stated_permission")]

    assert OWN
    assert silent == []


# What the name of an address may end in. A new word is added here on purpose, not by the way.
# Views are what is shown, nouns of the screen; verbs are what is done, in the imperative.
VIEWS = """
    board calendar closed current detail file history list live map outline outlines pattern points preview ready report
    role rows status timeline trail validity
"""
VERBS = """
    accept acknowledge activate add adopt answer appeal approve assign cancel check close confirm correct create
    deactivate deliver discard disconnect download draft edit end enter export extend forget freeze grade import invite
    issue match merge mix move notify open print publish read receive reject remind remove renew reopen replace reset
    resolve restore resume retry return review revoke rewrite run save scan schedule search sell send set sign split
    start state stop submit suspend switch take undo unlock upload verify withdraw
"""
ALONE = {"home", "gallery"}  # there is one of each
NOUNS_TOO = {"match"}  # of an official and an operator


def is_noun_and_verb(name: str) -> bool:
    """Is it `<noun>_<verb>` or `<noun>_<view>`? A verb may name its object: batch_accept_difference."""
    noun, *words = name.split("_")
    verbs, views = VERBS.split(), VIEWS.split()
    if not words or not all(re.fullmatch("[a-z]+", word) for word in (noun, *words)) or noun in {*verbs} - NOUNS_TOO:
        return name in ALONE
    return words[-1] in {*views, *verbs} or (len(words) > 1 and words[-2] in verbs)


def test_url_names_are_noun_and_verb() -> None:
    assert [entry.name for entry in OWN if not is_noun_and_verb(entry.name or "")] == []


@pytest.mark.parametrize(
    "name", ["", "operator", "list", "create_operator", "operator_thing", "operator_", "Operator_list"]
)
def test_other_url_names_are_refused(name: str) -> None:
    assert not is_noun_and_verb(name)


@cache
def text_of_tests(folder: Path) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in folder.glob("test_*.py"))


def test_every_model_has_a_test() -> None:
    models = [each for each in apps.get_models() if each.__module__.startswith("shian.")]
    untested = [
        each._meta.label
        for each in models
        if not re.search(
            rf"\b{each.__name__}\b", text_of_tests(PACKAGE / "/".join(each.__module__.split(".")[1:3]) / "tests")
        )
    ]

    assert models
    assert untested == []


def test_templates_stand_on_lower_templates_only() -> None:
    from tests.architecture.sources import app_of, rank

    owner = {path.parent.name: app_of(path) for path in templates()}
    for path in templates():
        for name in re.findall(r'{%\s*(?:extends|include)\s+"([^"#]+)', path.read_text(encoding="utf-8")):
            target = owner.get(name.split("/")[0])
            if target is None:
                continue
            own = app_of(path)
            assert target == own or rank(target) < rank(own), f"{path} stands on {name}"
