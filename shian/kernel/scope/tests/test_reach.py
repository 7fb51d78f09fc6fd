from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser

from shian.kernel.scope.reach import EVERYWHERE, NOWHERE, Reach, reach_of


def test_reach_covers_its_area_and_everything_below() -> None:
    reach = Reach(keys=("131022",))

    assert reach.covers("131022")
    assert reach.covers("131022100")
    assert not reach.covers("131023")
    assert not reach.covers("1310")


def test_reach_touches_the_areas_above_it() -> None:
    reach = Reach(keys=("131022100",))

    assert reach.touches("1310")
    assert not reach.touches("1311")


def test_reach_lies_within_the_areas_above_it() -> None:
    reach = Reach(keys=("131022100", "131022101"))

    assert reach.lies_within("131022")
    assert not reach.lies_within("131022100")
    assert not NOWHERE.lies_within("131022")
    assert not EVERYWHERE.lies_within("131022")


def test_a_city_reach_is_not_fooled_by_trimmed_zeros() -> None:
    assert not Reach(keys=("1310",)).covers("1311")


def test_nobody_reaches_nothing() -> None:
    assert reach_of(AnonymousUser()) == NOWHERE
    assert reach_of(SimpleNamespace(is_authenticated=True, is_active=False)) == NOWHERE
    assert str(NOWHERE.area_filter()) != str(EVERYWHERE.area_filter())


def test_reach_refuses_a_key_of_no_level() -> None:
    with pytest.raises(ValueError, match="area key"):
        Reach(keys=("13102",))
