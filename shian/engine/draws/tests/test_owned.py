"""Draws that an app makes for something of its own: its lines, who may see them, what it hears and reads."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from django.urls import reverse

from shian.engine.draws import actions, permissions
from shian.engine.draws.actions import DrawRefused
from shian.engine.draws.events import DrawMoved, PickReplaced
from shian.engine.draws.frames import FrameKind, FrameLine, frame_kinds, register_frame
from shian.engine.draws.models import Draw, DrawPick, DrawRow
from shian.engine.draws.queries import draw_for, draws_for_owner, draws_of, may_see_draw, parameters_of, sample_of
from shian.engine.draws.rules.sampling import FrameRow
from shian.engine.draws.tests.factories import AT, LATER, confirmed, drafted, lines, office
from shian.kernel.accounts.models import Role
from shian.kernel.accounts.permissions import role_in
from shian.kernel.events import bus
from shian.kernel.scope.models import OutOfReach
from shian.kernel.ui.pieces import Crumb
from shian.registers.areas.tests.factories import make_city_and_county
from shian.registers.people.tests.factories import reach_user

pytestmark = pytest.mark.django_db
KIND, OWNER = "visits.points", "visits.round:7"
OWNED: dict[str, Any] = {"frame_kind": KIND, "owner": OWNER}


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> None:
    make_city_and_county()
    monkeypatch.setattr("shian.engine.draws.frames._kinds", {})
    monkeypatch.setattr("shian.engine.draws.permissions._readers", {})
    register_frame(FrameKind(KIND, "点位", owner_page=lambda owner: Crumb("第三轮", f"/rounds/{owner[-1]}/")))


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    events: list[Any] = []
    monkeypatch.setitem(bus._handlers, DrawMoved, [events.append])
    monkeypatch.setitem(bus._handlers, PickReplaced, [events.append])
    return events


def test_an_app_is_told_every_step_and_reads_who_is_visited(heard: list[Any]) -> None:
    draw = confirmed(**OWNED)
    first = DrawPick.objects.filter(draw=draw, is_reserve=False, cell__stratum="餐饮").order_by("number")[0]
    reserve = DrawPick.objects.filter(draw=draw, is_reserve=True, cell__stratum="餐饮").order_by("number")[0]
    actions.replace_pick(draw=draw, key=first.row.key, reason="停业", by=office(), at=LATER)

    assert [each.state for each in heard[:-1]] == ["frozen", "seeded", "drawn", "confirmed"]
    assert {(each.draw, each.frame_kind, each.owner) for each in heard} == {(draw.pk, KIND, OWNER)}
    assert (heard[-1].gone, heard[-1].stand_in, heard[-1].reason) == (first.row.key, reserve.row.key, "停业")
    sample = sample_of(draw)
    assert len(sample) == 10
    assert first.row.key not in {each.key for each in sample}
    (came,) = [each for each in sample if each.replaces]
    assert (came.key, came.replaces, came.area_key) == (reserve.row.key, first.row.key, "131002")
    assert [each.pk for each in draws_for_owner(office(), OWNER)] == [draw.pk]


def test_a_list_without_lines_is_nobody_elses_to_draft_from(client: Client) -> None:
    draw = drafted(**OWNED)
    by_hand = {**actions.Draft("改", "131000", KIND, AT.date(), parameters_of(draw), draw.method).__dict__}

    assert frame_kinds() == []
    with pytest.raises(DrawRefused, match="业务系统起草"):
        actions.edit_draw(draw=draw, draft=actions.Draft(**by_hand), by=office(), at=AT)
    client.force_login(office())
    assert client.get(reverse("draws:draw_edit", args=[draw.pk])).status_code == 404
    page = client.get(reverse("draws:draw_detail", args=[draw.pk])).content.decode()
    assert "/rounds/7/" in page
    assert reverse("draws:draw_edit", args=[draw.pk]) not in page


def test_the_app_changes_its_own_draft() -> None:
    draw = drafted(**OWNED)
    again = actions.Draft(
        "改名", "131000", KIND, AT.date(), parameters_of(draw), draw.method, sources=draw.sources,
        known_at=draw.known_at, lines=lines({"餐饮": 3}), owner=OWNER,
    )  # fmt: skip

    actions.edit_draw(draw=draw, draft=again, by=office(), at=AT)

    assert (Draw.objects.get().title, DrawRow.objects.count()) == ("改名", 3)


def test_a_closed_list_is_seen_by_its_readers_alone() -> None:
    permissions.restrict_frame(KIND, role_in(Role.OFFICE))
    draw = drafted(**OWNED)
    outsider = reach_user("dora", "131000", Role.DEPARTMENT)

    assert may_see_draw(office(), str(draw.pk))
    assert not may_see_draw(outsider, str(draw.pk))
    assert not draws_of(outsider).exists()
    with pytest.raises(Http404):
        draw_for(outsider, draw.pk)
    with pytest.raises(OutOfReach):
        actions.freeze_draw(draw=draw, by=outsider, at=AT)
    with pytest.raises(OutOfReach):
        drafted(**OWNED, by=outsider)
    permissions.restrict_frame(KIND, role_in(Role.OFFICE, Role.DEPARTMENT))
    assert may_see_draw(outsider, str(draw.pk))


def test_a_row_that_does_not_fit_is_refused_by_its_key() -> None:
    with pytest.raises(DrawRefused, match="点1"):
        drafted(**OWNED, lines=[FrameLine(FrameRow("点1", "层" * 81))])


def test_stations_stay_outside() -> None:
    with pytest.raises(PermissionDenied):
        drafted(**OWNED, by=reach_user("carol", "131000", Role.STATION))
