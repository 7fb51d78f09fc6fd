"""The guard over writes works: it stands around every test, catches a view that writes, and lets an action write."""

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from shian.registers.products.models import Product
from tests.architecture.sources import PACKAGE
from tests.architecture.write_guard import WriteOutsideActions, written_table


def as_if_in(file: str, code: str) -> None:
    """Run the code as a file of the package would."""
    names = {"Product": Product, "Session": Session, "connection": connection, "now": timezone.now()}
    exec(compile(code, str(PACKAGE / file), "exec"), names)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "code",
    [
        "Product.objects.create(code='1', name='粮食加工品')",
        "Product(code='1', name='粮食加工品').save()",
        "Product.objects.bulk_create([Product(code='1', name='粮食加工品')])",
        "Product.objects.filter(code='1').update(name='糕点')",
        "connection.cursor().execute('DELETE FROM products_product')",
        "connection.cursor().execute('WITH a AS (SELECT 1) INSERT INTO products_product (code) SELECT 1 FROM a')",
    ],
)
@pytest.mark.parametrize(
    "file", ["domains/census/views/lists.py", "registers/products/models.py", "portals/office/queries.py"]
)
def test_a_write_outside_actions_is_caught(file: str, code: str) -> None:
    with pytest.raises(WriteOutsideActions, match="products_product"):
        as_if_in(file, code)


@pytest.mark.django_db
@pytest.mark.parametrize("file", ["registers/people/actions.py", "domains/campaign/actions/scoring.py"])
def test_an_action_may_write(file: str) -> None:
    as_if_in(file, "Product.objects.create(code='1', name='粮食加工品')")

    assert Product.objects.filter(code="1").exists()


@pytest.mark.django_db
def test_a_library_may_keep_its_own_table() -> None:
    as_if_in("portals/office/views.py", "Session.objects.create(session_key='a', session_data='', expire_date=now)")

    assert Session.objects.filter(session_key="a").exists()


def test_reading_is_no_write() -> None:
    assert written_table('SELECT "code" FROM "products_product" FOR UPDATE') == ""
    assert written_table("WITH a AS (SELECT 1) SELECT * FROM a") == ""
    assert written_table('UPDATE "products_product" SET name = %s') == "products_product"
