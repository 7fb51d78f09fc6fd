"""What waits for whom, what is seen by whom, close-out figures, the calendar."""

from datetime import date, timedelta

import pytest
from django.http import Http404

from shian.engine.cases.actions import Evidence, ask_transfer, make_feed, merge_case
from shian.engine.cases.calendars import calendar_of
from shian.engine.cases.models import CalendarFeed, Case
from shian.engine.cases.queries import (
    CaseChoice,
    case_for,
    chosen_cases,
    close_out,
    close_out_by,
    my_work,
    standing_q,
    visible_cases,
)
from shian.engine.cases.tables import case_row
from shian.engine.cases.tests.cast import AT, CARD, step
from shian.kernel.files.models import StoredFile

pytestmark = pytest.mark.django_db


def numbers(rows) -> list[str]:
    return [case.number for case in rows]


def test_my_work_is_one_statement(cast, django_assert_num_queries) -> None:
    for _each in range(3):
        cast.card()
    user = cast.officer
    my_work(user, 50)  # the reach is asked once for each request

    with django_assert_num_queries(1):
        found, total = my_work(user, 2)
        rows = [case_row(each, AT.date()) for each in found]
    assert (len(found), total) == (2, 3)
    assert rows[0].cells["unit"] == str(cast.bureau)


def test_the_turn_goes_from_side_to_side(cast) -> None:
    card = cast.card()
    assert [my_work(user, 9)[1] for user in (cast.officer, cast.office, cast.outsider)] == [1, 0, 0]
    cast.answered(card)
    assert [my_work(user, 9)[1] for user in (cast.officer, cast.office, cast.outsider)] == [0, 1, 0]


def test_seen_in_its_area_and_by_its_units_only(cast) -> None:
    card = cast.card(area_key="131022")
    for user in (cast.office, cast.officer, cast.regulator):
        assert case_for(user, card.pk) == card
    with pytest.raises(Http404):
        case_for(cast.outsider, card.pk)
    beyond = cast.card(area_key="131002", unit=cast.bureau)
    assert case_for(cast.officer, beyond.pk) == beyond  # its unit sees it, wherever it lies
    with pytest.raises(Http404):
        case_for(cast.regulator, beyond.pk)


def test_a_department_sees_its_own_cases_whatever_its_area_covers(cast) -> None:
    others, owed, checked = cast.card(), cast.card(unit=cast.trade), cast.card(verifier=cast.trade)
    asked, issued = cast.card(), cast.card(issuer=cast.trade, by="cli")
    ask_transfer(case=asked, seen=1, to_unit=cast.trade, reason="属商务部门职责", by=cast.officer, at=AT)
    assert numbers(visible_cases(cast.trader).order_by("pk")) == numbers([owed, checked, asked, issued])
    with pytest.raises(Http404):
        case_for(cast.trader, others.pk)
    assert visible_cases(cast.office).count() == 5


def test_filters_of_the_list(cast) -> None:
    early, late = cast.card(title="甲"), cast.card(title="乙", at=AT + timedelta(days=14))
    today = date(2023, 3, 15)

    def found(**choice):
        return numbers(chosen_cases(CaseChoice(**choice), cast.office, today).order_by("pk"))

    assert found(standing="overdue") == [early.number]
    assert found(text="乙") == [late.number]
    assert found(opened_from=date(2023, 3, 10)) == [late.number]
    assert found(area="131022") == [early.number, late.number]
    assert found(area="131002") == []
    assert found(whose="issued") == [early.number, late.number]
    assert found(unit=cast.other.code) == []


def test_close_out_counts_and_its_groups(cast) -> None:
    stored = StoredFile.objects.create(sha256="b" * 64, name="x", kind="pdf", size=1, stored_at=AT, stored_by="x")
    for _each in range(3):
        card = cast.card()
        cast.answered(card, files=[Evidence(stored, "x")])
        step(card, "close", cast.office)
    left = cast.card(unit=cast.other)
    again = cast.card(unit=cast.trade)
    merge_case(declared=CARD, case=again, seen=again.version, into=left, reason="重复", by=cast.office, at=AT)
    rows, today = Case.objects.all(), date(2023, 3, 20)

    out = close_out(rows, today)
    assert out.merged == 1
    assert not rows.filter(standing_q("closed", today), pk=again.pk).exists()
    assert (out.total, out.closed, out.open, out.overdue) == (4, 3, 1, 1)
    by_unit = close_out_by(rows, "unit", today)
    assert (by_unit[cast.bureau.code].closed, by_unit[cast.other.code].open) == (3, 1)
    assert cast.trade.code not in by_unit


def test_the_calendar_holds_what_waits_for_its_owner(cast) -> None:
    cast.card()
    text = calendar_of(cast.officer, AT).decode()

    assert "DTSTART;VALUE=DATE:20230313" in text
    assert "SUMMARY:督办卡：冷库温度记录缺失" in text
    assert "BEGIN:VEVENT" not in calendar_of(cast.office, AT).decode()


def test_a_new_address_ends_the_old_one(cast, client) -> None:
    first, second = make_feed(user=cast.officer, at=AT), make_feed(user=cast.officer, at=AT)

    assert CalendarFeed.objects.count() == 1
    assert client.get(f"/cases/calendar/{first}.ics").status_code == 404
    answer = client.get(f"/cases/calendar/{second}.ics")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
