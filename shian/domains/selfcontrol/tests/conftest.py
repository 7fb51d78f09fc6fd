"""Shared by the tests of operators' own duty. Imports wait until Django is set up."""

import pytest


@pytest.fixture
def scene(db, time_machine):
    """The small city, on a Wednesday at ten."""
    from shian.domains.selfcontrol.tests.scene import NOW, Scene

    time_machine.move_to(NOW, tick=False)
    return Scene()
