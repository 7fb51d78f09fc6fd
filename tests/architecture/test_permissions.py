"""Every view states its permission; every model has a test."""

import re
from collections.abc import Iterator

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


@pytest.mark.parametrize("entry", OWN, ids=lambda entry: str(entry.name or entry.pattern))
def test_view_states_its_permission(entry: URLPattern) -> None:
    assert hasattr(entry.callback, "stated_permission"), f"{entry.callback.__name__} has no @requires or @open_to_all"


def test_url_names_are_noun_and_verb() -> None:
    odd = [entry.name for entry in OWN if not re.fullmatch(r"[a-z]+(_[a-z]+)*", entry.name or "")]

    assert odd == []


@pytest.mark.parametrize(
    "model", [m for m in apps.get_models() if m.__module__.startswith("shian.")], ids=lambda model: model._meta.label
)
def test_model_has_a_test(model: type) -> None:
    folder = PACKAGE / "/".join(model.__module__.split(".")[1:3]) / "tests"
    text = "".join(path.read_text(encoding="utf-8") for path in folder.glob("test_*.py"))

    assert re.search(rf"\b{model.__name__}\b", text), f"no test in {folder} names {model.__name__}"


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
