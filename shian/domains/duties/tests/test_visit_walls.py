"""What bare SQL of the web role shows of visits and of what they found."""

import pytest
from django.db import connection

from shian.domains.duties.models import DutyVisit
from shian.domains.duties.queries.coverage import total
from shian.domains.duties.queries.visits import VisitChoice, count_of, visits_chosen
from shian.domains.duties.tests.factories import TOWN, VILLAGE, make_match, make_official, make_operator, make_tier
from shian.domains.duties.tests.visiting import NOW, Village, sheet
from shian.kernel.accounts.models import Role
from shian.kernel.scope.reach import EVERYWHERE, Reach, reach_of
from shian.kernel.scope.walls import NOBODY, SYSTEM, Bounds, bounded_by
from shian.registers.people.tests.factories import reach_user

pytestmark = pytest.mark.django_db
ELSEWHERE = "131002001"


def seen(bounds):
    """How many visits and faults a bare statement shows."""
    with bounded_by(lambda: bounds), connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM duties_dutyvisit), (SELECT count(*) FROM duties_visitfault)")
        return cursor.fetchone()


def of(user):
    """Told once, as the middleware tells them."""
    return Bounds(user=user.pk, reach=reach_of(user))


@pytest.fixture
def village(place, time_machine):
    """固安 with a visit that found two things wrong."""
    time_machine.move_to(NOW, tick=False)
    found = Village()
    found.visit = sheet(found.business(), found.user, wrong={1: "no", 3: "no"}).duty_visit
    return found


def test_a_reach_shows_its_visits_and_what_they_found(village):
    other = reach_user("carol", "131002", Role.COUNTY)

    assert seen(NOBODY) == (0, 0)
    assert seen(SYSTEM) == seen(Bounds(reach=EVERYWHERE)) == (1, 2)
    assert seen(of(village.county)) == seen(Bounds(reach=Reach((TOWN,)))) == (1, 2)
    assert seen(of(other)) == (0, 0)


def test_an_official_sees_the_own_visits_and_those_of_the_own_businesses_wherever_they_are(village):
    """Not what a predecessor saw elsewhere, and nothing of a neighbour's."""
    neighbour = make_official(person=reach_user("ned", VILLAGE, Role.OFFICIAL).person)
    DutyVisit.objects.update(province="13", city="1310", county="131002", township=ELSEWHERE, village="")
    with bounded_by(lambda: SYSTEM):
        own = village.visit.operator
        own.county, own.township, own.village = "131002", ELSEWHERE, ""
        own.save()

    assert seen(of(village.user)) == (1, 2)
    assert seen(of(neighbour.person.user)) == (0, 0)

    DutyVisit.objects.update(official=make_official())
    assert seen(of(village.user)) == (1, 2), "somebody else's visit to the own business"


def test_coverage_counts_a_visit_made_before_the_business_moved_here(village):
    """Its record lies where it was made; the business counts where it is now."""
    DutyVisit.objects.update(county="131002", township=ELSEWHERE, village="")

    bounds = of(village.county)
    with bounded_by(lambda: bounds):
        assert total("131022", NOW.date()).visited == 1


def test_a_list_counts_what_it_shows_and_nothing_beyond_the_reach(village):
    sheet(village.business(), village.user)
    DutyVisit.objects.filter(pk=village.visit.pk).update(county="131002", township=ELSEWHERE, village="")
    readers = (village.county, village.user, reach_user("carol", "131002", Role.COUNTY),
               reach_user("dave", "131003", Role.COUNTY))  # fmt: skip
    told = []

    for reader in readers:
        bounds = of(reader)
        with bounded_by(lambda now=bounds: now):
            rows = visits_chosen(VisitChoice(), reader)
            assert count_of(rows) == len(rows)
            told.append(len(rows))

    assert told == [1, 2, 1, 0]


def test_an_outsider_cannot_write_a_visit_into_another_area(village):
    bounds = of(reach_user("carol", "131002", Role.COUNTY))

    with bounded_by(lambda: bounds):
        assert DutyVisit.objects.update(opinion="改写") == 0


def test_the_first_wall_shows_no_more_than_the_second(village):
    operator = make_operator()
    make_match(operator, make_official(), make_tier(operator, "D"))
    for user in (village.user, village.county, village.station, reach_user("carol", "131002", Role.COUNTY)):
        first, bounds = set(DutyVisit.objects.visible_to(user).values_list("pk", flat=True)), of(user)
        with bounded_by(lambda bounds=bounds: bounds):
            assert first <= set(DutyVisit.objects.values_list("pk", flat=True))
