"""Shared by the tests of field checks. Imports wait until Django is set up."""

import pytest


@pytest.fixture
def place(db):
    """Divisions and the dictionary of formats."""
    from shian.domains.fieldchecks.tests.factories import make_areas, make_formats

    make_areas()
    make_formats()


@pytest.fixture
def people(place):
    """Who works where, by role: office of the city, county and station of 固安, county of 安次."""
    from shian.kernel.accounts.models import Role
    from shian.registers.people.tests.factories import reach_user

    return {
        "office": reach_user("office", "131000", Role.OFFICE),
        "county": reach_user("alice", "131022", Role.COUNTY),
        "other": reach_user("carol", "131002", Role.COUNTY),
        "station": reach_user("bob", "131022100", Role.STATION),
        "reviewer": reach_user("rose", "131000", Role.REVIEWER),
    }


@pytest.fixture
def crew(place, time_machine):
    """Who sends, goes, is checked; on the day of the visits."""
    from shian.domains.fieldchecks.tests.visits import NOW, Crew

    time_machine.move_to(NOW, tick=False)
    return Crew()
