"""Draws from the draft to the published record: order, agreement, secrets, replacement, what the database refuses."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from shian.engine.draws import actions
from shian.engine.draws.actions import DrawRefused
from shian.engine.draws.models import (
    Commitment,
    Draw,
    DrawCell,
    DrawPick,
    DrawRow,
    DrawState,
    Method,
    Reading,
    Replacement,
)
from shian.engine.draws.queries import expected_cells, record_of
from shian.engine.draws.rules.published import source_in
from shian.engine.draws.rules.randomness import key_of
from shian.engine.draws.rules.record import verify_record
from shian.engine.draws.rules.sampling import Parameters
from shian.engine.draws.tests.factories import (
    AT,
    KNOWN_AT,
    LATER,
    SECRETS,
    SOURCES,
    VALUES,
    bound,
    confirmed,
    drafted,
    drawn,
    frozen,
    lines,
    number_entries,
    office,
    seeded,
)
from shian.kernel.accounts.models import Role
from shian.kernel.notary.models import Entry
from shian.kernel.scope.models import OutOfReach
from shian.registers.areas.tests.factories import make_city_and_county
from shian.registers.people.tests.factories import reach_user

pytestmark = pytest.mark.django_db
KEY = "3341.62/9.18.26.34.41.45./"


@pytest.fixture(autouse=True)
def areas() -> None:
    make_city_and_county()


def state_of(draw: Draw) -> str:
    draw.refresh_from_db()
    return draw.state


def test_a_draw_goes_from_draft_to_a_record_that_holds() -> None:
    draw = confirmed()
    actions.publish_draw(draw=draw, by=office(), at=LATER)
    number_entries(LATER)
    draw.refresh_from_db()

    assert (draw.key, draw.frame_count, draw.state) == (KEY, 49, DrawState.CONFIRMED)
    assert [(c.stratum, c.population, c.drawn, c.reserves) for c in DrawCell.objects.order_by("stratum")] == [
        ("生产", 9, 2, 1), ("餐饮", 40, 8, 4),
    ]  # fmt: skip
    assert DrawPick.objects.filter(draw=draw, is_reserve=False).count() == 10
    findings = verify_record(record_of(draw))
    assert [str(each) for each in findings if not each.holds] == []


def test_every_deed_is_sealed_and_names_no_values_before_they_agree() -> None:
    draw = confirmed()

    entries = list(Entry.objects.filter(subject=f"draws.draw:{draw.pk}").order_by("id"))
    assert [entry.action.partition(".")[2] for entry in entries] == [
        "drafted", "frozen", "read", "read", "drawn", "confirmed",
    ]  # fmt: skip
    assert KEY not in str([entry.data for entry in entries])
    assert [entry.data["agrees"] for entry in entries if entry.action == "draws.read"] == [False, True]


def test_the_preview_of_a_draft_tells_what_the_draw_will_bring() -> None:
    draw = drafted(parameters=Parameters("0.2", minimum=3, reserves="2"))
    expected = [(c.stratum, c.population, c.eligible, c.drawn, c.reserves) for c in expected_cells(draw)]

    actions.freeze_draw(draw=draw, by=office(), at=AT)
    number_entries()
    for name in ("alice", "bob"):
        actions.enter_reading(draw=draw, values=VALUES, by=office(name), at=LATER)
    actions.run_draw(draw=draw, by=office(), at=LATER)

    found = DrawCell.objects.filter(draw=draw).order_by("stratum")
    assert sorted(expected) == [(c.stratum, c.population, c.eligible, c.drawn, c.reserves) for c in found]


def test_editing_a_draft_takes_another_list_and_keeps_it_without_one() -> None:
    draw = drafted()
    draft = actions.Draft("改名", "131000", "list", AT.date(), Parameters("0.5"), Method.PUBLIC, sources=SOURCES,
                          known_at=KNOWN_AT)  # fmt: skip

    actions.edit_draw(draw=draw, draft=draft, by=office(), at=AT)
    assert (DrawRow.objects.count(), Draw.objects.get().title) == (49, "改名")
    shorter = actions.Draft(**{**draft.__dict__, "lines": lines({"餐饮": 3})})
    actions.edit_draw(draw=draw, draft=shorter, by=office(), at=AT)
    assert (DrawRow.objects.count(), Draw.objects.get().frame_count) == (3, 3)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lines": None}, "list_file"),
        ({"lines": lines() + lines({"餐饮": 1})}, "frame_kind"),
        ({"lines": []}, "frame_kind"),
        ({"sources": ()}, "source_1"),
        ({"known_at": None}, "known_at"),
        ({"method": Method.COMMITMENTS, "parties": ["alice"]}, "parties"),
        ({"method": Method.COMMITMENTS, "parties": ["alice", "alice"]}, "parties"),
        ({"method": Method.COMMITMENTS, "parties": ["alice", "nobody"]}, "parties"),
    ],
)
def test_a_draft_that_cannot_be_drawn_is_refused_at_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(DrawRefused) as refused:
        drafted(**changes)

    assert refused.value.field == field


def test_parties_must_be_able_to_take_part() -> None:
    reach_user("carol", "131002", Role.STATION)
    reach_user("dave", "131002", Role.COUNTY)  # the draw is the city's

    with pytest.raises(DrawRefused, match="carol、dave"):
        drafted(method=Method.COMMITMENTS, parties=["alice", "carol", "dave"])


def test_randomness_that_is_known_already_cannot_be_announced() -> None:
    draw = drafted(known_at=AT)

    with pytest.raises(DrawRefused, match="公布时间已过"):
        actions.freeze_draw(draw=draw, by=office(), at=AT)
    assert state_of(draw) == DrawState.DRAFT


def test_a_grade_without_weight_stops_the_freezing() -> None:
    draw = drafted(parameters=Parameters("0.2", weights={"A": "1"}))

    with pytest.raises(DrawRefused, match="没有写明倍数"):
        actions.freeze_draw(draw=draw, by=office(), at=AT)


def test_values_are_not_accepted_before_they_are_public_nor_before_the_seal_is() -> None:
    draw = actions.freeze_draw(draw=drafted(), by=office(), at=AT)

    with pytest.raises(DrawRefused, match="才公布"):
        actions.enter_reading(draw=draw, values=VALUES, by=office(), at=KNOWN_AT - timedelta(seconds=1))
    with pytest.raises(DrawRefused, match="还没有进入公开日志"):
        actions.enter_reading(draw=draw, values=VALUES, by=office(), at=LATER)
    number_entries()
    actions.enter_reading(draw=draw, values=VALUES, by=office(), at=LATER)


def test_one_person_alone_fixes_no_key_however_often() -> None:
    draw = frozen()
    for _time in range(3):
        actions.enter_reading(draw=draw, values=VALUES, by=office(), at=LATER)

    assert state_of(draw) == DrawState.FROZEN
    with pytest.raises(DrawRefused):
        actions.run_draw(draw=draw, by=office(), at=LATER)


def test_two_who_differ_fix_no_key_until_one_reads_again() -> None:
    draw = frozen()
    actions.enter_reading(draw=draw, values=VALUES, by=office(), at=LATER)
    actions.enter_reading(draw=draw, values=[["3341.26"], VALUES[1]], by=office("bob"), at=LATER)
    assert state_of(draw) == DrawState.FROZEN

    actions.enter_reading(draw=draw, values=[["03341.620"], VALUES[1][::-1]], by=office("bob"), at=LATER)

    assert state_of(draw) == DrawState.SEEDED
    assert (draw.key, Reading.objects.filter(draw=draw).count()) == (KEY, 3)


def test_a_reading_that_was_corrected_no_longer_counts() -> None:
    draw = frozen()
    wrong = [["1"], VALUES[1]]
    actions.enter_reading(draw=draw, values=wrong, by=office(), at=LATER)
    actions.enter_reading(draw=draw, values=VALUES, by=office(), at=LATER)

    actions.enter_reading(draw=draw, values=wrong, by=office("bob"), at=LATER)

    assert state_of(draw) == DrawState.FROZEN


def test_a_value_without_canonical_form_is_refused_at_its_field() -> None:
    draw = frozen()

    with pytest.raises(DrawRefused, match="3,341") as refused:
        actions.enter_reading(draw=draw, values=[["3,341.62"], VALUES[1]], by=office(), at=LATER)
    assert refused.value.field == "values_1"
    assert not Reading.objects.exists()


def test_parties_who_commit_and_reveal_make_the_key() -> None:
    draw = bound()
    for name, secret in SECRETS.items():
        actions.reveal(draw=draw, secret=secret, by=office(name), at=LATER)
    actions.run_draw(draw=draw, by=office(), at=LATER)
    number_entries(LATER)

    draw.refresh_from_db()
    assert draw.key == "ALONGSECRET0123456789/ANOTHER0SECRET9876543/"
    record = record_of(draw)
    assert key_of(map(source_in, record["randomness"]["sources"])) == draw.key
    assert [str(each) for each in verify_record(record) if not each.holds] == []


def test_nobody_reveals_before_all_have_committed() -> None:
    draw = bound(("alice",))

    with pytest.raises(DrawRefused, match="bob"):
        actions.reveal(draw=draw, secret=SECRETS["alice"], by=office(), at=LATER)
    assert Commitment.objects.get().secret == ""


def test_a_secret_must_be_the_one_that_was_committed() -> None:
    draw = bound()

    with pytest.raises(DrawRefused, match="与承诺值不符"):
        actions.reveal(draw=draw, secret=SECRETS["bob"], by=office(), at=LATER)


def test_a_commitment_is_neither_changed_nor_copied_nor_made_by_a_stranger() -> None:
    draw = bound(("alice",))
    own = hashlib.sha256(SECRETS["alice"].encode()).hexdigest()

    with pytest.raises(DrawRefused, match="不能更改"):
        actions.commit(draw=draw, digest="0" * 64, by=office(), at=LATER)
    with pytest.raises(DrawRefused, match="已有参与方使用"):
        actions.commit(draw=draw, digest=own, by=office("bob"), at=LATER)
    with pytest.raises(DrawRefused, match="不是本次抽签的参与方"):
        actions.commit(draw=draw, digest="0" * 64, by=office("mallory"), at=LATER)


def test_who_does_not_reveal_is_named_when_the_draw_is_cancelled() -> None:
    draw = bound()
    actions.reveal(draw=draw, secret=SECRETS["alice"], by=office(), at=LATER)
    assert state_of(draw) == DrawState.FROZEN

    actions.cancel_draw(draw=draw, reason="一方没有揭示", by=office(), at=LATER)

    entry = Entry.objects.get(action="draws.cancelled")
    assert entry.data == {"reason": "一方没有揭示", "silent": ["bob"]}


def test_who_cannot_be_visited_gives_way_to_the_next_reserve() -> None:
    draw = confirmed()
    first, second = DrawPick.objects.filter(draw=draw, cell__stratum="餐饮", is_reserve=False).order_by("number")[:2]
    reserves = list(DrawPick.objects.filter(draw=draw, cell__stratum="餐饮", is_reserve=True).order_by("number"))

    made = actions.replace_pick(draw=draw, key=first.row.key, reason="停业", by=office(), at=LATER)
    again = actions.replace_pick(draw=draw, key=made.stand_in.row.key, reason="搬走", by=office(), at=LATER)
    third = actions.replace_pick(draw=draw, key=second.row.key, reason="停业", by=office(), at=LATER)

    assert [made.stand_in, again.stand_in, third.stand_in] == reserves[:3]
    with pytest.raises(DrawRefused, match="已被替换"):
        actions.replace_pick(draw=draw, key=first.row.key, reason="停业", by=office(), at=LATER)
    number_entries(LATER)
    record = record_of(draw)
    assert [(each["key"], each["reason"]) for each in record["replacements"]][1] == (reserves[0].row.key, "搬走")
    assert [str(each) for each in verify_record(record) if not each.holds] == []


def test_reserves_run_out_by_stratum() -> None:
    draw = confirmed()
    first, second = DrawPick.objects.filter(draw=draw, cell__stratum="生产", is_reserve=False).order_by("number")
    actions.replace_pick(draw=draw, key=first.row.key, reason="停业", by=office(), at=LATER)

    with pytest.raises(DrawRefused, match="“生产”的备选已经用完"):
        actions.replace_pick(draw=draw, key=second.row.key, reason="停业", by=office(), at=LATER)
    assert Replacement.objects.count() == 1


@pytest.mark.parametrize("verb", ["freeze_draw", "run_draw", "confirm_draw", "publish_draw"])
def test_a_verb_out_of_turn_is_refused(verb: str) -> None:
    draw = frozen()

    with pytest.raises(DrawRefused, match="已冻结"):
        getattr(actions, verb)(draw=draw, by=office(), at=LATER)


def test_stations_and_counties_do_not_draw_for_the_city() -> None:
    draw = drafted()

    with pytest.raises(PermissionDenied):
        actions.freeze_draw(draw=draw, by=reach_user("carol", "131000", Role.STATION), at=AT)
    with pytest.raises(OutOfReach):
        actions.freeze_draw(draw=draw, by=reach_user("dave", "131002", Role.COUNTY), at=AT)


def refused_by_the_database(change: Any) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        change()


def test_the_database_keeps_a_frozen_frame_and_its_parameters() -> None:
    draw = frozen()
    rows = DrawRow.objects.filter(draw=draw)

    refused_by_the_database(lambda: rows.filter(key="餐饮001").update(stratum="生产"))
    refused_by_the_database(lambda: rows.filter(key="餐饮001").delete())
    refused_by_the_database(lambda: DrawRow.objects.create(draw=draw, key="新", stratum="餐饮"))
    for change in ({"frame_digest": "0" * 64}, {"parameters": {}}, {"known_at": LATER}, {"frozen_at": LATER}):
        refused_by_the_database(lambda change=change: Draw.objects.filter(pk=draw.pk).update(**change))
    refused_by_the_database(lambda: draw.delete())


def test_the_database_keeps_what_was_drawn_and_read() -> None:
    draw = confirmed()
    pick = DrawPick.objects.filter(draw=draw).first()
    assert pick is not None

    refused_by_the_database(lambda: DrawPick.objects.filter(pk=pick.pk).update(is_reserve=True))
    refused_by_the_database(lambda: DrawCell.objects.filter(draw=draw).update(population=1))
    refused_by_the_database(lambda: Reading.objects.filter(draw=draw).update(key="1./"))
    refused_by_the_database(lambda: Draw.objects.filter(pk=draw.pk).update(key="1./"))


def test_the_database_keeps_a_commitment() -> None:
    bound()

    refused_by_the_database(lambda: Commitment.objects.filter(party="alice").update(digest="0" * 64))
    refused_by_the_database(lambda: Commitment.objects.all().delete())


def test_the_same_seed_draws_the_same_list() -> None:
    one, other = drawn(), drawn()

    assert record_of(one)["cells"] == record_of(other)["cells"]
    assert record_of(seeded(values=[["3341.63"], VALUES[1]]))["randomness"]["key"] != KEY
