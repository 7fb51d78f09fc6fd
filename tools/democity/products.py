"""Product categories and varieties of the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tools.democity.package import Resource

HEADINGS = ["品类编码", "名称", "上级编码", "产品范围"]
SCOPES = {"特殊食品": "食品", "餐饮自制": "食品"}


def product_resource(vocabulary: Mapping[str, Any]) -> Resource:
    """Categories (A01 …) first, then their varieties (A01-001 …)."""
    categories, varieties = [], []
    for code, category in sorted(vocabulary["products"].items()):
        scope = SCOPES.get(category["kind"], category["kind"])
        categories.append([code, category["name"], "", scope])
        for number, name in enumerate(category["names"], start=1):
            varieties.append([f"{code}-{number:03d}", name, code, scope])
    return Resource("products", HEADINGS, categories + varieties)
