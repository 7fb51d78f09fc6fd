"""Row-level security on cases and what hangs on them: the same cut as `visible_to`, by bare SQL of the web role."""

from datetime import timedelta
from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import ProgrammingError, transaction

from shian.engine.cases.actions import CaseRefused, Evidence, ask_extension, ask_transfer, decide_request, make_feed
from shian.engine.cases.models import Case, CaseRequest
from shian.engine.cases.queries import case_for, my_work
from shian.engine.cases.tests.cast import AT, CARD, step
from shian.kernel.files.models import StoredFile
from shian.kernel.scope.reach import Reach
from shian.kernel.scope.tests.desk import at_the_desk_of, counted
from shian.kernel.scope.walls import NOBODY, Bounds, bounded_by, guarded_tables, system_scope

pytestmark = pytest.mark.django_db
TABLES = ("cases_case", "cases_caseclock", "cases_caseevent", "cases_casefile", "cases_caserequest")


@pytest.fixture
def card(cast) -> Case:
    """A card of the bureau with evidence and an open request: a row in every table."""
    case = cast.card(area_key="131022")
    stored = StoredFile.objects.create(sha256="a" * 64, name="x", kind="jpg", size=3, stored_at=AT, stored_by="x")
    cast.answered(case, files=[Evidence(stored, "x")])
    step(case, "return", cast.office, note="补充")
    ask_extension(declared=CARD, case=case, seen=case.version, days=2, reason="等检验", by=cast.officer, at=AT)
    return case


@pytest.mark.parametrize("table", TABLES)
def test_without_a_scope_there_is_nothing_and_beyond_the_reach_neither(cast, card, table) -> None:
    assert table in guarded_tables()
    with bounded_by(lambda: NOBODY):
        assert counted(table) == 0
    with at_the_desk_of(cast.outsider):
        assert counted(table) == 0
    for user in (cast.officer, cast.office, cast.regulator):
        with at_the_desk_of(user):
            assert counted(table) >= 1


def test_the_wall_cuts_as_visible_to_does(cast) -> None:
    kinds = product(("131022", "131002"), (cast.bureau, cast.other), (None, cast.county))
    cases = [cast.card(area_key=area, unit=unit, verifier=verifier) for area, unit, verifier in kinds]
    ask_transfer(case=cases[0], seen=1, to_unit=cast.other, reason="非我职责", by=cast.officer, at=AT)
    step(cases[1], "assign", cast.officer, owner=cast.head.person)
    cast.card(area_key="131002", issuer=cast.office_unit, unit=cast.other, verifier=cast.trade)
    for user in (cast.officer, cast.head, cast.outsider, cast.regulator, cast.trader, cast.office):
        with at_the_desk_of(user):
            walled = set(Case.objects.values_list("pk", flat=True))
        assert walled == set(Case.objects.visible_to(user).values_list("pk", flat=True)), user
    assert not Case.objects.visible_to(AnonymousUser()).exists()


def test_a_case_beyond_the_reach_cannot_be_written(cast, card) -> None:
    with at_the_desk_of(cast.outsider):
        assert Case.objects.filter(pk=card.pk).update(title="改") == 0
    county = bounded_by(lambda: Bounds(reach=Reach(("131022",))))
    with county, pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Case.objects.filter(pk=card.pk).update(province="13", city="1310", county="131002")


def test_a_unit_that_is_asked_sees_the_case_until_it_has_answered(cast) -> None:
    case = cast.card()
    with at_the_desk_of(cast.officer):
        ask_transfer(case=case, seen=1, to_unit=cast.other, reason="非我职责", by=cast.officer, at=AT)
    with at_the_desk_of(cast.outsider):
        assert my_work(cast.outsider, 5) == ([case], 1)
        asked = CaseRequest.objects.get(case=case_for(cast.outsider, case.pk))
        decide_request(declared=CARD, request=asked, is_granted=False, answer="属农业", by=cast.outsider, at=AT)
        assert not Case.objects.exists()
    assert Case.objects.get().asked_unit == ""


def test_one_request_at_a_time_and_closing_answers_it(cast, card) -> None:
    with pytest.raises(CaseRefused, match="等待答复"):
        ask_transfer(case=card, seen=card.version, to_unit=cast.other, reason="x", by=cast.officer, at=AT)
    cast.answered(card, files=[Evidence(StoredFile.objects.get(), "x")])
    with at_the_desk_of(cast.office):
        step(card, "close", cast.office, AT + timedelta(days=1))

    assert Case.objects.get().asked_unit == ""
    assert CaseRequest.objects.get().is_granted is False


def test_parts_beyond_the_reach_keep_their_parent_open(cast) -> None:
    parent = cast.card()
    cast.card(parent=parent, area_key="131002", unit=cast.other, issuer=cast.office_unit)
    cast.answered(parent, files=[])
    Case.objects.filter(pk=parent.pk).update(verifier=cast.county)
    parent = Case.objects.get(pk=parent.pk)
    stored = StoredFile.objects.create(sha256="a" * 64, name="x", kind="jpg", size=3, stored_at=AT, stored_by="x")
    with at_the_desk_of(cast.regulator):
        assert Case.objects.count() == 1
        with pytest.raises(CaseRefused, match="下级事项"):
            step(parent, "close", cast.regulator, files=[Evidence(stored, "x")])


def test_a_calendar_program_reads_what_waits_for_its_owner(cast, client) -> None:
    cast.card()
    with system_scope():
        secret = make_feed(user=cast.officer, at=AT)
    assert "冷库温度记录缺失" in client.get(f"/cases/calendar/{secret}.ics").content.decode()
