"""Shared by the tests of duties. Imports wait until Django is set up."""

import pytest


@pytest.fixture
def immediate_keys(db):
    """Foreign keys that Django defers are checked at once."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.fixture
def place(db):
    """Divisions."""
    from shian.domains.duties.tests.factories import make_areas

    make_areas()


@pytest.fixture
def people(place):
    """Who works where, by role: office of the city, counties of 固安 and 安次, station of 固安."""
    from shian.kernel.accounts.models import Role
    from shian.registers.people.tests.factories import reach_user

    return {
        "office": reach_user("office", "131000", Role.OFFICE),
        "county": reach_user("alice", "131022", Role.COUNTY),
        "second": reach_user("bob", "131022", Role.COUNTY),
        "other": reach_user("carol", "131002", Role.COUNTY),
        "station": reach_user("stan", "131022100", Role.STATION),
    }
