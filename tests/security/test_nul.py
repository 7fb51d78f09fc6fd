"""A NUL in an address: PostgreSQL keeps no such text, so nothing is found; it is no mistake of the server."""

import pytest
from django.test import Client

from shian.kernel.accounts.models import Role, User


@pytest.mark.django_db
@pytest.mark.parametrize("address", [
    "/operators/?q=%00", "/operators/a%00/", "/operators/?kind=a&kind=%00", "/cases/?q=x%00",
    "/log/export/?subject=operators.operator:%00",
])  # fmt: skip
def test_an_address_with_a_nul_is_not_found(client: Client, address: str) -> None:
    client.force_login(User.objects.create(username="root", role=Role.ADMIN))

    assert client.get(address).status_code == 404
