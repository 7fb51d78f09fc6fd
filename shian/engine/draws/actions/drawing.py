"""Drawing, confirming, replacing, publishing."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from shian.engine.draws.actions.refusals import DrawRefused, held, moved, no_team
from shian.engine.draws.events import PickReplaced
from shian.engine.draws.models import (
    Draw,
    DrawCell,
    DrawMember,
    DrawPerson,
    DrawPick,
    DrawRow,
    DrawState,
    Replacement,
)
from shian.engine.draws.queries import (
    drawn_cells,
    frame_rows,
    parameters_of,
    replacement_json,
    replacements_of,
    subject_of,
    team_pool,
    teams_of,
)
from shian.engine.draws.rules.published import cell_json, digest_of, teams_json
from shian.engine.draws.rules.recusal import Place
from shian.engine.draws.rules.sampling import Cell, NoReserve, NotDrawn, frame_digest, next_reserve
from shian.engine.draws.rules.sampling import Replacement as Replaced
from shian.engine.draws.rules.sampling import draw as drawn_from
from shian.engine.draws.rules.teams import NoTeam, draw_teams, stand_in_team
from shian.kernel.events.bus import publish
from shian.kernel.notary.actions import seal

BATCH = 5000


@transaction.atomic
def run_draw(*, draw: Draw, by: Any, at: datetime) -> Draw:
    """Draw from the frozen frame with the key. Raises DrawRefused when the frame is not the one that was frozen."""
    now = held(draw, by, DrawState.SEEDED)
    frame = frame_rows(now)
    if frame_digest(frame) != now.frame_digest:
        raise DrawRefused(_("名册与冻结时不一致，不能抽签。请作废并查明原因。"))
    cells = drawn_from(frame, parameters_of(now), now.key)
    picks = _keep(now, cells)
    teams = _keep_teams(now, picks)
    now.state, now.drawn_at = DrawState.DRAWN, at
    now.save(update_fields=["state", "drawn_at"])
    digest = digest_of([cell_json(cell) for cell in cells])
    told = {"cells": f"sha256:{digest}", "drawn": sum(len(cell.drawn) for cell in cells), **teams}
    seal(action="draws.drawn", by=by.get_username(), subject=subject_of(now), data=told, at=at)
    moved(now, by, at)
    return now


def _keep(draw: Draw, cells: list[Cell]) -> list[DrawPick]:
    rows = dict(DrawRow.objects.filter(draw=draw).values_list("key", "pk"))
    kept = DrawCell.objects.bulk_create(
        DrawCell(
            draw=draw, stratum=cell.stratum, grade=cell.grade, population=cell.population, eligible=cell.eligible,
            wanted=cell.wanted, drawn=len(cell.drawn), reserves=len(cell.reserves),
        )
        for cell in cells
    )  # fmt: skip
    picks = [
        DrawPick(draw=draw, cell=row, row_id=rows[key], is_reserve=is_reserve, number=number)
        for row, cell in zip(kept, cells, strict=True)
        for is_reserve, keys in ((False, cell.drawn), (True, cell.reserves))
        for number, key in enumerate(keys, start=1)
    ]
    return DrawPick.objects.bulk_create(picks, batch_size=BATCH)


def _keep_teams(draw: Draw, picks: list[DrawPick]) -> dict[str, str]:
    """Draw a team for each place of the sample, if people are drawn; what is sealed of them. Raises DrawRefused."""
    pool = team_pool(draw)
    if pool is None:
        return {}
    sample = [pick for pick in picks if not pick.is_reserve]
    rows = DrawRow.objects.in_bulk([pick.row_id for pick in sample])
    by_place = {rows[pick.row_id].key: pick for pick in sample}
    try:
        teams = draw_teams(pool, [Place(key, rows[pick.row_id].area_key) for key, pick in by_place.items()])
    except NoTeam as short:
        raise no_team(draw, short) from None
    _join(draw, [(by_place[place], team) for place, team in teams.items()])
    return {"teams": f"sha256:{digest_of(teams_json(teams))}"}


def _join(draw: Draw, sent: Iterable[tuple[DrawPick, Iterable[str]]]) -> None:
    people = dict(DrawPerson.objects.filter(draw=draw).values_list("key", "pk"))
    members = [DrawMember(pick=pick, person_id=people[one]) for pick, team in sent for one in team]
    DrawMember.objects.bulk_create(members, batch_size=BATCH)


@transaction.atomic
def confirm_draw(*, draw: Draw, by: Any, at: datetime) -> Draw:
    """The sample is what will be visited. Raises DrawRefused."""
    now = held(draw, by, DrawState.DRAWN)
    now.state, now.confirmed_at = DrawState.CONFIRMED, at
    now.save(update_fields=["state", "confirmed_at"])
    seal(action="draws.confirmed", by=by.get_username(), subject=subject_of(now), data={}, at=at)
    moved(now, by, at)
    return now


@transaction.atomic
def replace_pick(*, draw: Draw, key: str, reason: str, by: Any, at: datetime) -> Replacement:
    """The first reserve left of the same cell steps in for `key`. Raises DrawRefused."""
    now = held(draw, by, DrawState.CONFIRMED)
    before = [Replaced(each.gone.row.key, each.stand_in.row.key, each.reason) for each in replacements_of(now)]
    try:
        stand_in = next_reserve(drawn_cells(now), before, key)
    except NotDrawn:
        raise DrawRefused(_("%(key)s 不在样本里，或已被替换。") % {"key": key}) from None
    except NoReserve as cell:
        raise DrawRefused(_("“%(cell)s”的备选已经用完。") % {"cell": str(cell).replace("\n", " ")}) from None
    both = DrawPick.objects.filter(draw=now, row__key__in=[key, stand_in]).select_related("row")
    picks = {each.row.key: each for each in both}
    _send_team(now, picks[key], picks[stand_in])
    made = Replacement.objects.create(
        draw=now, gone=picks[key], stand_in=picks[stand_in], reason=reason, at=at, by=by.get_username()
    )
    told, name = replacement_json(made), by.get_username()
    seal(action="draws.replaced", by=name, subject=subject_of(now), data=told, at=at)
    publish(PickReplaced(now.pk, now.frame_kind, now.owner, key, stand_in, reason, name, at))
    return made


def _send_team(draw: Draw, gone: DrawPick, stand_in: DrawPick) -> None:
    """Who goes to the place that steps in, if people are drawn: before the replacement stands. Raises DrawRefused."""
    pool = team_pool(draw)
    if pool is None:
        return
    teams, place = teams_of(draw), Place(stand_in.row.key, stand_in.row.area_key)
    try:
        team = stand_in_team(pool, place, gone.row.key, teams)
    except NoTeam as short:
        raise no_team(draw, short) from None
    _join(draw, [(stand_in, team)])


@transaction.atomic
def publish_draw(*, draw: Draw, by: Any, at: datetime) -> Draw:
    """The whole record becomes public. Raises DrawRefused."""
    now = held(draw, by, DrawState.CONFIRMED)
    if now.published_at is not None:
        raise DrawRefused(_("已经公布。"))
    now.published_at = at
    now.save(update_fields=["published_at"])
    seal(action="draws.published", by=by.get_username(), subject=subject_of(now), data={}, at=at)
    return now
