"""Operators for tests of whoever has business with them."""

from datetime import date, datetime
from typing import Any

from shian.kernel.scope.rules import columns_of_key, key_of_code
from shian.registers.operators.models import Operator


def make_shop(code: str, area: str, at: datetime, **given: Any) -> Operator:
    """A small shop in an area (a division code), opened in 2020, unless `given` says otherwise."""
    values = {
        "code": code, "name": f"主体{code}", "kind": "食品销售", "format": "便利店", "stage": "流通", "size": "微型",
        "area_code": area, "address": "某路1号", "opened_on": date(2020, 1, 1), "updated_at": at,
        **columns_of_key(key_of_code(area)),
    }  # fmt: skip
    return Operator.objects.create(**{**values, **given})
