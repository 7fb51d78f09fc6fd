"""The ledger of an operator (主体台账): everything that duties know of it, as one set of pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shian.domains.duties.models import Board, DutyVisit, Letter, LetterState, Match, Tier, TierState
from shian.domains.duties.queries.letters import letters_of
from shian.domains.duties.queries.problems import PROBLEM
from shian.domains.duties.queries.visits import VisitChoice, visits_chosen
from shian.engine.cases.models import Case
from shian.engine.cases.queries import cases_about
from shian.registers.operators.models import Operator


@dataclass(frozen=True)
class SubjectLedger:
    """Newest first, all rows; `match` and `tier` are those in force."""

    operator: Operator
    tier: Tier | None
    match: Match | None
    matches: Sequence[Match]
    letters: Sequence[Letter]
    visits: Sequence[DutyVisit]
    problems: Sequence[Case]
    boards: Sequence[Board]


def ledger_of(operator: Operator, user: Any) -> SubjectLedger:
    """As far as the user sees visits, letters and problems. A statement for each section. The caller has shown that
    the operator is visible."""
    rows = Match.objects.filter(operator=operator).select_related("operator", "official")
    matches = list(rows.order_by("-valid_from", "-pk"))
    officials = {each.official_id for each in matches}
    letters = letters_of(user).filter(official__in=officials).order_by("-issued_at", "-pk")
    tier = Tier.objects.filter(operator=operator, state=TierState.CONFIRMED, valid_to=None)
    boards = Board.objects.filter(operator=operator).select_related("operator", "photo")
    visits = visits_chosen(VisitChoice(), user).filter(operator=operator)
    problems = cases_about(user, type=PROBLEM, operator_code=operator.code)
    return SubjectLedger(
        operator=operator,
        tier=tier.first(),
        match=next((each for each in matches if each.valid_to is None), None),
        matches=matches,
        letters=[each for each in letters if stands_for(each, matches)],
        visits=list(visits.order_by("-visited_on", "-pk")),
        problems=list(problems.order_by("-pk")),
        boards=list(boards.order_by("-version")),
    )


def stands_for(letter: Letter, matches: Sequence[Match]) -> bool:
    """Was one of the matches in force while the letter was? An invalid one counts while it lasted."""
    ended = letter.ended_at if letter.state == LetterState.INVALID else None
    return any(
        each.official_id == letter.official_id
        and (ended is None or each.begun_at < ended)
        and (each.ended_at is None or each.ended_at > letter.issued_at)
        for each in matches
    )
