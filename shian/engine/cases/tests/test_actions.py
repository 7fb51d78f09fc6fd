"""Opening, stepping, asking, merging; what is refused, and that of two at once one wins."""

import threading
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, transaction

from shian.engine.cases.actions import (
    CaseChanged,
    CaseRefused,
    Evidence,
    Given,
    ask_extension,
    ask_transfer,
    decide_request,
    joining,
    merge_case,
    move_case,
    move_cases,
    note_case,
    resume_case,
    suspend_case,
)
from shian.engine.cases.events import CaseMoved
from shian.engine.cases.models import Case, CaseClock, CaseCounter, CaseEvent, CaseFile, CaseRequest
from shian.engine.cases.queries import case_for
from shian.engine.cases.tests.cast import AT, CARD, step
from shian.kernel.files.models import StoredFile
from shian.kernel.notary.models import Entry
from shian.kernel.scope.models import OutOfReach

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo():
    stored = StoredFile.objects.create(
        sha256="a" * 64, name="现场.jpg", kind="jpg", size=3, stored_at=AT, stored_by="x"
    )
    return Evidence(stored, "现场.jpg", "after")


def test_a_case_is_numbered_timed_turned_and_sealed(cast) -> None:
    first, second = cast.card(), cast.card()

    assert (first.number, second.number) == ("督〔2023〕1号", "督〔2023〕2号")
    assert first.due_on == date(2023, 3, 13)  # five working days after the Monday
    assert first.turn == f"o:{cast.bureau.code}"
    assert CaseClock.objects.get(case=first).key == "reply"
    event = CaseEvent.objects.get(case=first)
    assert Entry.objects.get(uid=event.seal).subject == f"cases.case:{first.pk}"


def test_numbers_have_no_gap_when_a_case_is_taken_back(cast) -> None:
    cast.card()
    with transaction.atomic():
        cast.card()
        transaction.set_rollback(True)

    assert cast.card().number == "督〔2023〕2号"
    assert CaseCounter.objects.get().last == 2


def test_who_may_not_create_is_refused_and_nobody_issues_in_another_units_name(cast) -> None:
    with pytest.raises(PermissionDenied):
        cast.card(by=cast.officer)
    with pytest.raises(OutOfReach):
        cast.card(issuer=cast.other)


def test_a_step_needs_its_side_its_words_and_its_fields(cast) -> None:
    card = cast.card()
    with pytest.raises(CaseRefused, match="承办单位"):
        step(card, "answer", cast.outsider, note="x", data={"measures": "y"})
    with pytest.raises(CaseRefused) as refused:
        step(card, "answer", cast.officer)

    assert set(refused.value.fields) == {"note", "measures"}
    assert Case.objects.get(pk=card.pk).state == "issued"


def test_closing_needs_evidence_of_this_round_and_another_person_of_another_unit(cast, photo) -> None:
    card = cast.card(verifier=cast.bureau)
    cast.answered(card)
    with pytest.raises(CaseRefused, match="另一人"):
        step(card, "close", cast.officer)
    with pytest.raises(CaseRefused, match="另一个单位"):
        step(card, "close", cast.head)
    card = cast.card()
    cast.answered(card)
    with pytest.raises(CaseRefused, match="佐证材料"):
        step(card, "close", cast.office)
    step(card, "return", cast.office, note="缺照片")
    cast.answered(card, files=[photo])
    step(card, "close", cast.office)

    closed = Case.objects.get(pk=card.pk)
    assert (closed.state, closed.is_open, closed.turn, closed.round) == ("closed", False, "", 2)
    assert CaseFile.objects.get(case=card).round == 2
    assert not CaseClock.objects.filter(case=card, stopped_at__isnull=True).exists()


def test_a_step_of_the_opening_day_needs_each_kind_of_photo_and_its_day(cast, photo) -> None:
    before, card = replace(photo, kind="before"), cast.card()
    with pytest.raises(CaseRefused) as refused:
        step(card, "fix", cast.office, files=[photo])
    assert "整改前" in refused.value.fields["files"]
    assert "整改后" not in refused.value.fields["files"]
    step(card, "show", cast.office, files=[before])
    with pytest.raises(CaseRefused, match="登记当天"):
        step(card, "fix", cast.office, AT + timedelta(days=1), files=[photo])
    step(card, "fix", cast.office, files=[photo])

    assert Case.objects.get(pk=card.pk).closed_at == AT


def test_evidence_of_an_earlier_round_closes_nothing(cast, photo) -> None:
    card = cast.card()
    cast.answered(card, files=[photo])
    step(card, "return", cast.office, note="照片不清")
    cast.answered(card)

    with pytest.raises(CaseRefused, match="佐证材料"):
        step(card, "close", cast.office)


def test_reopening_keeps_the_history_and_starts_the_clock_anew(cast, photo) -> None:
    card = cast.card()
    cast.answered(card, files=[photo])
    step(card, "close", cast.office)
    step(card, "reopen", cast.office, AT + timedelta(days=30))

    again = Case.objects.get(pk=card.pk)
    assert (again.is_open, again.reopened, again.due_on) == (True, 1, date(2023, 4, 12))
    assert [event.step for event in CaseEvent.objects.filter(case=card)] == ["open", "answer", "close", "reopen"]


def test_what_was_seen_must_still_be_so(cast) -> None:
    card = cast.card()
    seen = card.version
    cast.answered(card)
    stale = Case.objects.get(pk=card.pk)

    with pytest.raises(CaseChanged) as changed:
        move_case(declared=CARD, case=stale, step=CARD.step("return"), seen=seen, given=Given(note="x"),
                  by=cast.office, at=AT)  # fmt: skip
    assert [event.step for event in changed.value.events] == ["answer"]


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_wins_and_the_other_is_told(cast) -> None:
    card = cast.card()
    cast.answered(card)
    ready, results = threading.Barrier(2), []

    def act(note: str) -> None:
        mine = Case.objects.get(pk=card.pk)
        ready.wait()
        try:
            step(mine, "return", cast.office, note=note)
            results.append("won")
        except CaseChanged as changed:
            results.append(changed.events[0].note)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(note,)) for note in ("甲", "乙")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    winner = CaseEvent.objects.get(case=card, step="return").note
    assert sorted(results) == sorted(["won", winner])


@pytest.mark.django_db(transaction=True)
def test_two_that_merge_into_each_other_do_not_wait_for_each_other(cast, monkeypatch) -> None:
    """Each has written its own case when it reaches for the other's, unless both are taken in one order."""
    first, second = cast.card(), cast.card()
    between, drop, results = threading.Barrier(2), joining.drop_request, []

    def meet(*given: object) -> None:
        with suppress(threading.BrokenBarrierError):
            between.wait(timeout=0.5)
        drop(*given)

    monkeypatch.setattr(joining, "drop_request", meet)

    def act(one: Case, other: Case) -> None:
        try:
            mine, into = Case.objects.get(pk=one.pk), Case.objects.get(pk=other.pk)
            merge_case(declared=CARD, case=mine, seen=mine.version, into=into, reason="重复", by=cast.office, at=AT)
            results.append("won")
        except (CaseRefused, OperationalError) as refused:
            results.append(type(refused).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results)[1] == "won"
    assert sorted(results)[0] in {"CaseChanged", "CaseRefused"}
    assert Case.objects.filter(merged_into__isnull=False).count() == 1


def test_many_at_once_and_those_that_refuse_are_named(cast, photo) -> None:
    good, bad = cast.card(), cast.card()
    cast.answered(good, files=[photo])
    cast.answered(bad)
    outcome = move_cases(
        declared=CARD, cases=[good, bad], step=CARD.step("close"), given=Given(), by=cast.office, at=AT
    )

    assert [case.number for case in outcome.moved] == [good.number]
    assert list(outcome.refused) == [bad.number]


def test_an_extension_is_granted_by_the_other_side_once(cast) -> None:
    card = cast.card()
    ask_extension(declared=CARD, case=card, seen=card.version, days=3, reason="等检验报告", by=cast.officer, at=AT)
    asked = CaseRequest.objects.get()
    with pytest.raises(CaseRefused, match="交办单位"):
        decide_request(declared=CARD, request=asked, is_granted=True, answer="", by=cast.head, at=AT)
    decide_request(declared=CARD, request=asked, is_granted=True, answer="", by=cast.office, at=AT)

    assert Case.objects.get(pk=card.pk).due_on == date(2023, 3, 16)
    with pytest.raises(CaseRefused):
        decide_request(declared=CARD, request=asked, is_granted=False, answer="迟了", by=cast.office, at=AT)


def test_a_transfer_waits_for_the_receiving_unit(cast) -> None:
    card = cast.card()
    ask_transfer(case=card, seen=card.version, to_unit=cast.other, reason="属教育部门职责", by=cast.officer, at=AT)
    asked = CaseRequest.objects.get()
    with pytest.raises(CaseRefused, match="接收单位"):
        decide_request(declared=CARD, request=asked, is_granted=True, answer="", by=cast.office, at=AT)
    decide_request(declared=CARD, request=asked, is_granted=True, answer="", by=cast.outsider, at=AT)

    moved = Case.objects.get(pk=card.pk)
    assert (moved.unit_id, moved.turn, moved.county) == (cast.other.code, f"o:{cast.other.code}", "131002")
    assert moved.due_on == card.due_on


def test_a_case_of_a_county_stays_the_countys_with_a_unit_of_its_city(cast) -> None:
    card = cast.card(area_key="131022")
    ask_transfer(case=card, seen=card.version, to_unit=cast.trade, reason="属商务部门职责", by=cast.officer, at=AT)
    decide_request(declared=CARD, request=CaseRequest.objects.get(), is_granted=True, answer="", by=cast.trader, at=AT)

    moved = case_for(cast.regulator, card.pk)
    assert (moved.unit_id, moved.area) == (cast.trade.code, "131022")


def test_days_of_a_suspension_do_not_count(cast) -> None:
    card = cast.card()
    suspend_case(case=card, seen=card.version, reason="送检", by=cast.office, at=AT + timedelta(days=1))
    assert Case.objects.get(pk=card.pk).due_on is None
    resume_case(case=card, seen=card.version, by=cast.office, at=AT + timedelta(days=3))

    assert Case.objects.get(pk=card.pk).due_on == date(2023, 3, 15)  # Tuesday and Wednesday left out


def test_merging_ends_one_in_another_and_says_that_it_closed(cast, monkeypatch) -> None:
    told: list[CaseMoved] = []
    monkeypatch.setattr(joining, "publish", told.append)
    first, second = cast.card(), cast.card()
    merge_case(declared=CARD, case=second, seen=second.version, into=first, reason="同一事项", by=cast.office, at=AT)

    merged = Case.objects.get(pk=second.pk)
    assert (merged.is_open, merged.merged_into_id) == (False, first.pk)
    assert CaseEvent.objects.filter(case=first, step="absorb").exists()
    assert [(each.case, each.step, each.was_open, each.is_open) for each in told] == [(second.pk, "merge", True, False)]


def test_a_parent_waits_for_its_parts(cast, photo) -> None:
    parent = cast.card()
    cast.card(parent=parent)
    cast.answered(parent, files=[photo])

    with pytest.raises(CaseRefused, match="下级事项"):
        step(parent, "close", cast.office)


def test_a_named_owner_has_the_turn(cast) -> None:
    card = cast.card()
    step(card, "assign", cast.head, owner=cast.officer.person)

    assert Case.objects.get(pk=card.pk).turn == f"u:{cast.officer.pk}"


def test_a_note_stands_on_the_timeline(cast) -> None:
    card = cast.card()
    note_case(case=card, seen=card.version, text="已电话催办", by=cast.office, at=AT)

    assert CaseEvent.objects.get(case=card, step="note").note == "已电话催办"
