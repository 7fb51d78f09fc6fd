"""Drawing, confirming, replacing, publishing."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from shian.engine.draws.actions.refusals import DrawRefused, held, moved
from shian.engine.draws.events import PickReplaced
from shian.engine.draws.models import Draw, DrawCell, DrawPick, DrawRow, DrawState, Replacement
from shian.engine.draws.queries import drawn_cells, frame_rows, parameters_of, replacements_of, subject_of
from shian.engine.draws.rules.record import cell_json, cells_digest
from shian.engine.draws.rules.sampling import Cell, NoReserve, NotDrawn, frame_digest, next_reserve
from shian.engine.draws.rules.sampling import Replacement as Replaced
from shian.engine.draws.rules.sampling import draw as drawn_from
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
    _keep(now, cells)
    now.state, now.drawn_at = DrawState.DRAWN, at
    now.save(update_fields=["state", "drawn_at"])
    digest = cells_digest([cell_json(cell) for cell in cells])
    told = {"cells": f"sha256:{digest}", "drawn": sum(len(cell.drawn) for cell in cells)}
    seal(action="draws.drawn", by=by.get_username(), subject=subject_of(now), data=told, at=at)
    moved(now, by, at)
    return now


def _keep(draw: Draw, cells: list[Cell]) -> None:
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
    DrawPick.objects.bulk_create(picks, batch_size=BATCH)


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
    made = Replacement.objects.create(
        draw=now, gone=picks[key], stand_in=picks[stand_in], reason=reason, at=at, by=by.get_username()
    )
    told = {"key": key, "by": stand_in, "reason": reason}
    name = by.get_username()
    seal(action="draws.replaced", by=name, subject=subject_of(now), data=told, at=at)
    publish(PickReplaced(now.pk, now.frame_kind, now.owner, key, stand_in, reason, name, at))
    return made


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
