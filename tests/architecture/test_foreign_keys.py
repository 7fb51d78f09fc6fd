"""Foreign keys point downward: what string references and apps.get_model could hide from the import contracts."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model

from tests.architecture.sources import ORDER, PACKAGE, application_files, rank

MODELS = [model for model in apps.get_models() if model.__module__.startswith("shian.")]


def test_foreign_keys_point_downward() -> None:
    assert MODELS
    assert [str(field) for model in MODELS for field in upward_fields(model)] == []


def upward_fields(model: type[Model]) -> Iterator[Any]:
    """The model's own references to an app that is not below its own."""
    for field in model._meta.get_fields():
        target = getattr(field, "related_model", None)
        if target is None or field.auto_created or not target.__module__.startswith("shian."):
            continue
        same_app = target._meta.app_label == model._meta.app_label
        if not same_app and rank(target.__module__) >= rank(model.__module__):
            yield field


def test_no_model_is_fetched_by_name() -> None:
    """`apps.get_model` belongs to migrations; elsewhere it hides a dependency."""
    offenders = [path for path in application_files() if re.search(r"\bget_model\(", path.read_text(encoding="utf-8"))]

    assert offenders == []


@pytest.mark.parametrize("layer", ORDER)
def test_every_app_of_an_ordered_layer_has_its_rank(layer: str) -> None:
    """An app without one would rank lowest, and nothing it points to would look upward."""
    apps_of_layer = {path.parent.name for path in (PACKAGE / layer).glob("*/apps.py")}

    assert apps_of_layer <= set(ORDER[layer])
