from datetime import date

import pytest

from shian.kernel.accounts.models import Role, User
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.registers.people.models import Organisation
from shian.registers.people.queries import organisations_valid_at, posts_of
from shian.registers.people.tests.factories import OrganisationFactory, PersonFactory, PostFactory, reach_user

pytestmark = pytest.mark.django_db


def test_reach_is_the_areas_and_organisations_of_todays_posts() -> None:
    alice = reach_user("alice", "131022")

    assert reach_of(alice).keys == ("131022",)
    assert reach_of(alice).organisations == ("131022-alice",)


def test_a_post_that_ended_gives_no_reach() -> None:
    user = User.objects.create(username="alice")
    PostFactory(person=PersonFactory(user=user), valid_to=date(2020, 1, 1))

    assert reach_of(user).keys == ()


def test_an_administrator_reaches_everything() -> None:
    assert reach_of(User.objects.create(username="root", role=Role.ADMIN)).everything


def test_a_county_user_sees_only_the_county() -> None:
    alice = reach_user("alice", "131022")
    own = OrganisationFactory(area_code="131022100")
    OrganisationFactory(area_code="131023")

    seen = Organisation.objects.visible_to(alice)

    assert own in seen
    assert {organisation.county for organisation in seen} == {"131022"}


def test_a_city_user_does_not_see_the_city_whose_code_begins_alike() -> None:
    alice = reach_user("alice", "131000", Role.OFFICE)
    OrganisationFactory(area_code="131100", code="other")

    assert not Organisation.objects.visible_to(alice).filter(code="other").exists()


def test_a_township_user_does_not_see_the_sister_township() -> None:
    alice = reach_user("alice", "131022100", Role.STATION)
    sister = OrganisationFactory(area_code="131022101")

    with pytest.raises(OutOfReach):
        Organisation.objects.get_visible(alice, code=sister.code)


def test_organisations_answer_for_a_date() -> None:
    OrganisationFactory(code="gone", valid_from=date(2010, 1, 1), valid_to=date(2021, 1, 1))

    assert organisations_valid_at(date(2020, 1, 1)).filter(code="gone").exists()
    assert not organisations_valid_at(date(2021, 1, 1)).filter(code="gone").exists()


def test_posts_of_a_user_are_those_held_on_the_day() -> None:
    alice = reach_user("alice", "131022")

    assert [post.area_code for post in posts_of(alice, date(2022, 1, 1))] == ["131022"]
    assert not posts_of(alice, date(1999, 1, 1)).exists()
