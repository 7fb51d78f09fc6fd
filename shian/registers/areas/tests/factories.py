"""Valid divisions by default."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import factory

from shian.kernel.scope.rules import area_key, columns_of_key, key_of_code, parent_key
from shian.registers.areas.models import Area


class AreaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Area

    code = "131022"
    level = "county"
    name = "固安县"
    kind = "县"
    valid_from = date(2000, 1, 1)

    @classmethod
    def _create(cls, model_class: type[Area], *args: Any, **kwargs: Any) -> Area:
        key = area_key(kwargs["code"], kwargs["level"])
        kwargs = {"key": key, "parent_key": parent_key(key), **columns_of_key(key), **kwargs}
        return super()._create(model_class, *args, **kwargs)


def make_city_and_county() -> None:
    """The city 131000 and its county 131002, called 名131000 and 名131002."""
    for code, level, kind in (("131000", "city", "市"), ("131002", "county", "县")):
        AreaFactory(code=code, level=level, name=f"名{code}", kind=kind)


def make_divisions(rows: Iterable[tuple[str, str, str, str, str]]) -> None:
    """Divisions valid since 2000 from (code, name, level, kind, key of the parent)."""
    Area.objects.bulk_create(
        Area(code=code, key=key_of_code(code), level=level, name=name, kind=kind, parent_key=parent,
             valid_from=date(2000, 1, 1), **columns_of_key(key_of_code(code)))
        for code, name, level, kind, parent in rows
    )  # fmt: skip
