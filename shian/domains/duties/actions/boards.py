"""Notice boards: printed for the operators that need one, delivered with the paper ledger, posted at the door."""

from collections.abc import Collection, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.duties.actions.refusals import DutyRefused
from shian.domains.duties.models import Board, BoardState, Match
from shian.domains.duties.permissions import BOARD_KEEP, BOARD_POST
from shian.domains.duties.queries.boards import boards_to_post, contents_of, is_outdated
from shian.domains.duties.queries.tiering import AREA_COLUMNS
from shian.kernel.accounts.permissions import acting, check
from shian.kernel.files.actions import store_file
from shian.kernel.notary.actions import seal, seal_batch
from shian.kernel.scope.models import OutOfReach

MOST = 200
FIRST: dict[str, Any] = {"version": 0, "ledger_on": None}
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
    counted = rows.order_by().values("operator").annotate(version=Max("version"), ledger_on=Max("ledger_on"))
    last = {each["operator"]: each for each in counted}
    rows.exclude(state=BoardState.REPLACED).update(state=BoardState.REPLACED)
    contents, day = contents_of(matches, timezone.localdate(at)), timezone.localdate(at)
    made = Board.objects.bulk_create(
        Board(
            operator_id=each.operator_id, match=each, content=contents[each.pk], printed_on=day,
            version=last.get(each.operator_id, FIRST)["version"] + 1,
            ledger_on=last.get(each.operator_id, FIRST)["ledger_on"],
            **{column: getattr(each, column) for column in AREA_COLUMNS},
        )
        for each in matches
    )  # fmt: skip
    _seal_by_county("duties.boards_printed", made, (name, at))
    return made


@transaction.atomic
def deliver_boards(*, boards: Collection[Board], with_ledger: bool, by: Any, at: datetime) -> list[Board]:
    """The operators got these boards today, and where `with_ledger` the paper ledger with each. A board or ledger that
    was delivered before keeps its day; those of which something is new are returned.

    Raises PermissionDenied, OutOfReach, DutyRefused where nothing is new.
    """
    if not boards:
        raise DutyRefused(_("没有选中公示板。"))
    name, day = _actor(boards, by), timezone.localdate(at)
    rows = Board.objects.filter(pk__in=[each.pk for each in boards]).exclude(state=BoardState.REPLACED)
    wanted = Q(delivered_on=None) | Q(ledger_on=None) if with_ledger else Q(delivered_on=None)
    found = list(rows.filter(wanted).select_for_update().order_by("pk"))
    if not found:
        raise DutyRefused(_("所选公示板都已登记送达。"))
    for each in found:
        each.delivered_on = each.delivered_on or day
        each.ledger_on = each.ledger_on or (day if with_ledger else None)
    Board.objects.bulk_update(found, ["delivered_on", "ledger_on"])
    _seal_by_county("duties.boards_delivered", found, (name, at), with_ledger=with_ledger)
    return found


@transaction.atomic
def post_board(*, board: Board, photo: BinaryIO | None, by: Any, at: datetime) -> Board:
    """The board hangs at the door; a photo shows it: taken by the station, the business's own people or its official.
    One that nobody delivered before was brought along.

    Raises PermissionDenied, OutOfReach, DutyRefused (also for a board of a former official), FileRefused.
    """
    name = _poster(board, by)
    locked = Board.objects.select_for_update().get(pk=board.pk)
    if locked.state != BoardState.GENERATED:
        raise DutyRefused(_("现在是“%(state)s”，不能这样办理。") % {"state": locked.get_state_display()})
    if is_outdated(locked):
        raise DutyRefused(_("包保干部已经更换，请等新的公示板。"))
    if photo is None:
        raise DutyRefused(_("请拍摄张贴照片。"), "photo")
    locked.photo = store_file(name=f"board-{locked.pk}.jpg", stream=photo, kinds=PICTURES, by=name, at=at)
    locked.state, locked.posted_on = BoardState.POSTED, timezone.localdate(at)
    locked.delivered_on = locked.delivered_on or locked.posted_on
    locked.posted_by = None if isinstance(by, str) else by
    locked.save()
    told = {"operator": locked.operator.code, "version": locked.version, "sha256": locked.photo.sha256}
    seal(action="duties.board_posted", by=name, subject=f"duties.board:{locked.pk}", data=told, at=at)
    return locked


def _poster(board: Board, by: Any) -> str:
    """Who says that it hangs."""
    if isinstance(by, str):
        return by
    check(BOARD_POST, by)
    if not boards_to_post(by).filter(pk=board.pk).exists():
        raise OutOfReach(f"duties.board:{board.pk}")
    return str(by.get_username())


def _seal_by_county(action: str, boards: Collection[Board], who: tuple[str, datetime], **told: Any) -> None:
    for county in sorted({each.county for each in boards}):
        rows = [each for each in boards if each.county == county]
        digests = [
            sha256(f"{each.operator_id}\x1f{each.match_id}\x1f{each.version}".encode()).digest() for each in rows
        ]
        data = {"boards": len(rows), **told}
        seal_batch(action=action, by=who[0], subject=f"duties.area:{county}", data=data, digests=digests, at=who[1])


def _actor(rows: Collection[Match] | Collection[Board], by: Any) -> str:
    names = [acting(BOARD_KEEP, by, area) for area in sorted({each.township or each.area for each in rows})]
    return names[0]
