import pytest
from django.db import IntegrityError

from shian.registers.products.models import Product

pytestmark = pytest.mark.django_db


def test_a_variety_stands_under_its_category() -> None:
    category = Product.objects.create(code="01", name="粮食加工品", scope="食品")
    variety = Product.objects.create(code="0101", name="小麦粉", parent=category, scope="食品")

    assert list(category.children.all()) == [variety]


def test_a_code_is_used_once() -> None:
    Product.objects.create(code="01", name="粮食加工品", scope="食品")

    with pytest.raises(IntegrityError):
        Product.objects.create(code="01", name="又一个", scope="食品")
