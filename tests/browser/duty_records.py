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


@cache
def _training(state: str) -> int:
    """A session of the county that is planned, or held with two officials."""
    from shian.domains.duties.actions.trainings import add_attendances, ask_at_training, hold_training, plan_training
    from shian.domains.duties.queries.trainings import invited

    now, today = verbs.now(), verbs.today()
    planned = plan_training(
        topic="怎么督导", area="131022", level="", planned_on=today, place="县政府二楼会议室", trainer="食安办",
        by="test", at=now,
    )  # fmt: skip
    if state == "held":
        held = hold_training(training=planned, held_on=today, by="test", at=now)
        officials = list(invited(held).order_by("pk").values_list("pk", flat=True)[:2])
        add_attendances(training=held, officials=officials, by="test", at=now)
        ask_at_training(training=held, question="小作坊怎么督导？", answer="用简化表。", by="test", at=now)
    return int(planned.pk)


def _of_training(state: str) -> Maker:
    return lambda: [(_training(state),)]


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


@cache
def _supervised() -> dict[str, Any]:
    """A check that is planned, one whose visits wait; a notice in each state; a return that was sent."""
    from datetime import timedelta
    from decimal import Decimal

    from shian.domains.duties.actions.notices import NoticePlan, approve_notice, draft_notice, publish_notice
    from shian.domains.duties.actions.quarters import close_quarter
    from shian.domains.duties.actions.spotchecks import SpotPlan, plan_check
    from shian.domains.duties.models import AreaUpload, DutyVisit, NoticeKind, SpotCheck, SpotItem
    from shian.domains.duties.rules.visits import Quarter

    now = verbs.now()
    quarter = Quarter.of(now.date()).former
    close_quarter(quarter=quarter, city="1310", by="test", at=now)
    told = ("131022", quarter.first, quarter.last, "督查组", Decimal("0.05"), 5)
    planned = plan_check(plan=SpotPlan("待抽取的督查", *told), by="test", at=now)
    sampled = plan_check(plan=SpotPlan("待核查的督查", *told), by="test", at=now)
    visit = DutyVisit.objects.filter(county="131022", quarter=quarter.key, is_untrue=False).order_by("pk").first()
    assert visit is not None
    area = {level: getattr(visit, level) for level in ("province", "city", "county", "township", "village")}
    item = SpotItem.objects.create(check_of=sampled, visit=visit, **area)
    SpotCheck.objects.filter(pk=sampled.pk).update(state="sampled")
    due = now.date() + timedelta(days=30)
    wanted = NoticePlan(NoticeKind.CRITICISM, "131022", quarter, [visit.township], "通报", "没有完成", "补齐", due)
    drafted, published = (draft_notice(plan=wanted, by="test", at=now) for _ in range(2))
    approve_notice(notice=published, by="second", at=now)
    publish_notice(notice=published, by="second", at=now)
    sent = AreaUpload.objects.create(area_code="131022", quarter=quarter.key, sent_at=now, sent_by="test",
                                     province="13", city="1310", county="131022")  # fmt: skip
    return {"planned": planned.pk, "item": item.pk, "drafted": drafted.pk, "published": published.pk, "sent": sent.pk}


def _watched(key: str) -> Maker:
    def found() -> list[Args]:
        return [(_supervised()[key],)]

    return found


DUTY_EXAMPLES: dict[str, Maker] = {
    **{f"duties:{name}": _of_training("planned") for name in ("training_confirm", "training_cancel", "paper_print")},
    **{
        f"duties:{name}": _of_training("held")
        for name in (
            "training_detail",
            "attendance_list",
            "score_enter",
            "training_question_add",
            "training_test_take",
        )
    },
    "duties:visit_detail": first_row("duties.DutyVisit", faults=1),
    "duties:spotcheck_detail": first_row("duties.SpotCheck", state="published"),
    "duties:spotitem_list": first_row("duties.SpotCheck", state="published"),
    "duties:spotitem_withdraw": first_row("duties.SpotItem", truth="untrue", matter__state="told"),
    "duties:spotcheck_freeze": _watched("planned"),
    "duties:spotitem_check": _watched("item"),
    "duties:notice_detail": _watched("published"),
    "duties:notice_create": lambda: [()],
    "duties:notice_edit": _watched("drafted"),
    "duties:notice_return": _watched("drafted"),
    "duties:notice_resolve": _watched("published"),
    "duties:filing_detail": _watched("sent"),
    "duties:filing_return": _watched("sent"),
    "duties:support_create": lambda: [()],
    "duties:census_edit": _of("operator"),
    "duties:tier_edit": _of("operator"),
    "duties:ledger_print": _of("operator"),
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
