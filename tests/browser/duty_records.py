"""Examples for the pages of records of duties: from the city's rows, or made by actions where no city has them."""

from functools import cache
from typing import Any

from shian.config import verbs
from tests.browser.case_records import Args, Maker, first_row


@cache
def _made() -> dict[str, Any]:
    """One operator of the county whose official changes: letters to sign on both sides, a plan, a proposal, a board."""
    from shian.domains.duties.actions.boards import print_boards
    from shian.domains.duties.actions.matches import change_match, propose_plan
    from shian.domains.duties.actions.officials import end_official
    from shian.domains.duties.actions.tiers import override_tier
    from shian.domains.duties.models import Board, Letter, Match, MatchPlan, Official, PlanKind

    now = verbs.now()
    match = Match.objects.filter(valid_to=None, tier="D", county="131022").order_by("pk").first()
    assert match is not None
    others = Official.objects.filter(valid_to=None, township=match.township, level="village").exclude(
        pk=match.official_id
    )
    other = others.order_by("pk").first()
    change_match(operator=match.operator, official=other, reason="调整分工", by="test", at=now)
    changed = Match.objects.get(operator=match.operator, valid_to=None)
    boards = print_boards(matches=[changed], by="test", at=now)
    end_official(official=others.order_by("pk")[1], reason="离任", by="test", at=now)
    plan = propose_plan(kind=PlanKind.FILL, area_key="131022", reason="有主体待对接干部", by="test", at=now)
    row = override_tier(operator=match.operator, letter="C", reason="承担校园供餐", by="test", at=now)
    due = Letter.objects.filter(state="due", official=other).get()
    assert isinstance(boards[0], Board)
    assert isinstance(plan, MatchPlan)
    return {"operator": match.operator.code, "plan": plan.pk, "tier": row.pk, "board": boards[0].pk, "due": due.pk,
            "official": other.pk}  # fmt: skip


def _of(key: str) -> Maker:
    def found() -> list[Args]:
        return [(_made()[key],)]

    return found


def _signed() -> list[Args]:
    """A letter that waits for the other side."""
    from shian.domains.duties.models import Letter

    found = Letter.objects.filter(state="signed").first()
    if found is None:
        found = Letter.objects.filter(state="in_force", replaces=None).order_by("pk").first()
        assert found is not None
        Letter.objects.filter(pk=found.pk).update(state="signed", countersigned_at=None, countersigned_by="")
    return [(found.pk,)]


DUTY_EXAMPLES: dict[str, Maker] = {
    "duties:visit_detail": first_row("duties.DutyVisit", faults=1),
    "duties:support_create": lambda: [()],
    "duties:census_edit": _of("operator"),
    "duties:tier_edit": _of("operator"),
    "duties:match_edit": _of("operator"),
    "duties:tier_reject": _of("tier"),
    "duties:official_detail": _of("official"),
    "duties:official_replace": _of("official"),
    "duties:official_end": _of("official"),
    "duties:match_plan_detail": _of("plan"),
    "duties:match_plan_reject": _of("plan"),
    "duties:letter_detail": first_row("duties.Letter", state="in_force"),
    "duties:letter_sign": _of("due"),
    "duties:letter_confirm": _signed,
    "duties:board_detail": _of("board"),
    "duties:board_publish": _of("board"),
}
