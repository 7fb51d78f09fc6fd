"""What stands on a notice board, and which boards are missing or no longer true."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from shian.domains.duties.models import Board, BoardState, Match
from shian.domains.duties.permissions import BOARD_KEEP
from shian.domains.duties.queries.responsibility import holders_at
from shian.domains.duties.queries.standards import match_rules_at
from shian.kernel.scope.reach import reach_of
from shian.registers.operators.models import Operator

CodeUrl = Callable[[Operator], str]
_codes: list[CodeUrl] = []


def contents_of(matches: Iterable[Match], day: date) -> dict[int, dict[str, Any]]:
    """Match → the words of its board: official, post, office phone, the operator's own people, the complaint number."""
    complaint = match_rules_at(day).complaint_number
    return {
        each.pk: {
            "operator": each.operator.name, "code": each.operator.code, "tier": each.tier,
            "official": each.official.name, "post": f"{each.official.unit}{each.official.post}",
            "phone": each.official.office_phone, "complaint": complaint,
            "holders": [[str(holder.title), holder.name] for holder in holders_at(each.operator, day)],
        }
        for each in matches
    }  # fmt: skip


def matches_in_force(user: Any, area: Q | None = None) -> QuerySet[Match]:
    """Matches in force of the reach, with operator and official."""
    rows = Match.objects.filter(reach_of(user).area_filter(), valid_to=None)
    return rows.filter(area or Q()).select_related("operator", "official")


def boards_needed(rows: QuerySet[Match]) -> QuerySet[Match]:
    """Operators without a board of their present match: never printed, or printed for a former official."""
    current = Board.objects.filter(match=OuterRef("pk")).exclude(state=BoardState.REPLACED)
    return rows.filter(~Exists(current)).order_by("township", "operator__code")


def boards_of(user: Any) -> QuerySet[Board]:
    """Boards of the reach that are not replaced."""
    rows = Board.objects.filter(reach_of(user).area_filter()).exclude(state=BoardState.REPLACED)
    return rows.select_related("operator", "match__official")


def boards_to_post(user: Any) -> QuerySet[Board]:
    """Boards that are not replaced, of the businesses whose door the user answers for: who keeps boards those of the
    reach, an official those of the own businesses, people of a business its own."""
    reach, keeps = reach_of(user), BOARD_KEEP(user).allowed
    wanted = Q(match__official__person__user=user.pk, match__valid_to=None) | Q(operator__in=reach.operators)
    if keeps:  # an empty filter, which leaves everything, would leave only the rest beside another one
        wanted = Q() if reach.everything else wanted | reach.area_filter()
    rows = Board.objects.filter(wanted)
    return rows.exclude(state=BoardState.REPLACED).select_related("operator", "match__official")


def own_boards(user: Any) -> tuple[list[Match], list[Board]]:
    """For an official: the own businesses whose board is missing or of a former official, and the boards that were made
    and do not hang yet."""
    mine = Match.objects.filter(official__person__user=user.pk, valid_to=None).select_related("operator")
    made = Board.objects.filter(match__in=mine, state=BoardState.GENERATED).select_related("operator")
    return list(boards_needed(mine)), list(made.order_by("township", "operator__code"))


def board_of(operator: Operator) -> Board | None:
    """The operator's present board."""
    rows = Board.objects.filter(operator=operator).exclude(state=BoardState.REPLACED)
    return rows.select_related("operator", "match").first()


def is_outdated(board: Board) -> bool:
    """Whether another official answers for the operator since it was printed."""
    return board.match.valid_to is not None


def board_counts(rows: QuerySet[Board]) -> dict[str, int]:
    """Of present boards: how many were `delivered`, have their paper ledger (`ledgers`) and were `posted`."""
    counted: dict[str, int] = rows.aggregate(
        delivered=Count("pk", filter=Q(delivered_on__isnull=False)),
        ledgers=Count("pk", filter=Q(ledger_on__isnull=False)),
        posted=Count("pk", filter=Q(state=BoardState.POSTED)),
    )
    return counted


def register_code_url(provider: CodeUrl) -> None:
    """Who knows the address of an operator's public code page ("" for none): there is one."""
    _codes[:] = [provider]


def code_url_of(operator: Operator) -> str:
    """The path behind the square on the board; "" where there is no code."""
    return _codes[0](operator) if _codes else ""
