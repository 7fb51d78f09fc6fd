"""Notice boards: printed for the operators that need one, posted at the door."""

from collections.abc import Collection, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.duties.actions.refusals import DutyRefused
from shian.domains.duties.models import Board, BoardState, Match
from shian.domains.duties.permissions import BOARD_KEEP
from shian.domains.duties.queries.boards import contents_of
from shian.domains.duties.queries.tiering import AREA_COLUMNS
from shian.kernel.accounts.permissions import acting
from shian.kernel.files.actions import store_file
from shian.kernel.notary.actions import seal, seal_batch

MOST = 200
PICTURES = ("png", "jpg")


@transaction.atomic
def print_boards(*, matches: Sequence[Match], by: Any, at: datetime) -> list[Board]:
    """A new version of the board of each of these matches in force; the former versions are replaced.

    Raises PermissionDenied, OutOfReach, DutyRefused.
    """
    if not matches:
        raise DutyRefused(_("没有需要打印的公示板。"))
    if len(matches) > MOST:
        raise DutyRefused(_("一次最多打印 %(most)s 张，请按乡镇分批。") % {"most": MOST})
    name = _actor(matches, by)
    operators = [each.operator_id for each in matches]
    rows = Board.objects.filter(operator__in=operators)
    last = dict(rows.order_by().values("operator").annotate(most=Max("version")).values_list("operator", "most"))
    rows.exclude(state=BoardState.REPLACED).update(state=BoardState.REPLACED)
    contents, day = contents_of(matches, timezone.localdate(at)), timezone.localdate(at)
    made = Board.objects.bulk_create(
        Board(
            operator_id=each.operator_id, match=each, version=last.get(each.operator_id, 0) + 1,
            content=contents[each.pk], printed_on=day, **{column: getattr(each, column) for column in AREA_COLUMNS},
        )
        for each in matches
    )  # fmt: skip
    for county in sorted({each.county for each in made}):
        _seal_printed([each for each in made if each.county == county], f"duties.area:{county}", name, at)
    return made


@transaction.atomic
def post_board(*, board: Board, photo: BinaryIO | None, by: Any, at: datetime) -> Board:
    """The board hangs at the door; a photo shows it. Raises PermissionDenied, OutOfReach, DutyRefused, FileRefused."""
    name = acting(BOARD_KEEP, by, board.area)
    locked = Board.objects.select_for_update().get(pk=board.pk)
    if locked.state != BoardState.GENERATED:
        raise DutyRefused(_("现在是“%(state)s”，不能这样办理。") % {"state": locked.get_state_display()})
    if photo is None:
        raise DutyRefused(_("请拍摄张贴照片。"), "photo")
    locked.photo = store_file(name=f"board-{locked.pk}.jpg", stream=photo, kinds=PICTURES, by=name, at=at)
    locked.state, locked.posted_on = BoardState.POSTED, timezone.localdate(at)
    locked.posted_by = None if isinstance(by, str) else by
    locked.save()
    told = {"operator": locked.operator.code, "version": locked.version, "sha256": locked.photo.sha256}
    seal(action="duties.board_posted", by=name, subject=f"duties.board:{locked.pk}", data=told, at=at)
    return locked


def _seal_printed(boards: Collection[Board], subject: str, by: str, at: datetime) -> None:
    digests = [sha256(f"{each.operator_id}\x1f{each.match_id}\x1f{each.version}".encode()).digest() for each in boards]
    told = {"boards": len(boards)}
    seal_batch(action="duties.boards_printed", by=by, subject=subject, data=told, digests=digests, at=at)


def _actor(matches: Collection[Match], by: Any) -> str:
    names = [acting(BOARD_KEEP, by, area) for area in sorted({each.township or each.area for each in matches})]
    return names[0]
