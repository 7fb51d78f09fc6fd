"""Examples for the pages of records of field checks: made by actions, because no city comes with them."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

from shian.config import verbs
from shian.kernel.scope.rules import key_of_code
from tests.browser.case_records import Args, Maker, first_row
from tests.browser.draw_records import SOURCES
from tests.city import AREA

DAYS = timedelta(days=30)


def _user(name: str) -> Any:
    from shian.kernel.accounts.models import User

    return User.objects.get(username=name)


def _with(made: Maker, *more: object) -> Maker:
    def found() -> list[Args]:
        return [(*args, *more) for args in made()]

    return found


@cache
def _planned_round(title: str) -> Any:
    """A round of the city as it was planned two hours ago."""
    from shian.domains.fieldchecks.actions.rounds import RoundPlan, plan_round
    from shian.domains.fieldchecks.models import FieldTeam
    from shian.domains.fieldchecks.queries.formats import formats_at
    from shian.domains.fieldchecks.queries.numbers import numbers_at

    at = verbs.now() - timedelta(hours=2)
    numbers = numbers_at(at.date())
    plan = RoundPlan(
        title, AREA, at.date(), at.date() + DAYS, numbers.ratio, numbers.least, numbers.reserves, numbers.quiet_days,
        formats_at(key_of_code(AREA), at.date()), list(FieldTeam.objects.order_by("code")),
    )  # fmt: skip
    return plan_round(plan=plan, by=_user("office"), at=at)


@cache
def _visiting_round() -> Any:
    """Drawn, paired and begun: two people have read the public value."""
    from shian.domains.fieldchecks.actions.crosschecks import pair_areas
    from shian.domains.fieldchecks.actions.rounds import begin_visits, draft_round_draw

    found, by = _planned_round("第三轮明查暗访"), _user("office")
    draw = draft_round_draw(round=found, randomness=_randomness(), by=by, at=found.planned_at)
    _confirm(draw)
    pair_areas(round=found, by=by, at=verbs.now())
    return begin_visits(round=found, by=by, at=verbs.now())


def _randomness() -> Any:
    from shian.engine.draws.actions import Randomness
    from shian.engine.draws.models import Method

    return Randomness(Method.PUBLIC, SOURCES, verbs.now() - timedelta(hours=1))


def _confirm(draw: Any) -> None:
    from shian.engine.draws.actions import confirm_draw, enter_reading, run_draw
    from shian.kernel.notary.actions import sequence

    while sequence(at=verbs.now()):
        pass
    for name in ("office", "admin"):
        enter_reading(draw=draw, values=[["3341.62"]], by=_user(name), at=verbs.now())
    draw.refresh_from_db()
    confirm_draw(draw=run_draw(draw=draw, by=_user("office"), at=verbs.now()), by=_user("office"), at=verbs.now())


def _sampled() -> list[Args]:
    from shian.domains.fieldchecks.queries.rounds import sampled_points

    found = _visiting_round()
    return [(found.pk, sampled_points(found, _user("office"))[0].pk)]


def _estimated() -> list[Args]:
    """The draw of a round: what was found at its points tells of the whole."""
    from shian.engine.draws.queries import draw_owned_by

    draw = draw_owned_by(_visiting_round().subject)
    return [(draw.pk,)] if draw else []


@cache
def _joint(*, is_held: bool) -> Any:
    from shian.domains.fieldchecks.actions.joint import JointPlan, hold_joint, plan_joint
    from shian.registers.people.models import Organisation

    at = verbs.now()
    units = list(Organisation.objects.filter(code__in=["1310-SAMR", "1310-EDU", "1310-AGRI"]).order_by("code"))
    plan = JointPlan("学校周边联合检查", AREA, at.date(), units[0], units)
    found = plan_joint(plan=plan, by=_user("office"), at=at)
    if not is_held:
        return found
    return hold_joint(
        joint=found, meeting="讲解留样要求。", problems=["留样不足", "台账缺页"], by=_user("office"), at=at
    )


@cache
def _supervision(*, is_drawn: bool) -> Any:
    from shian.domains.fieldchecks.actions.supervisions import (
        SupervisionPlan,
        draft_supervision_draw,
        plan_supervision,
    )

    at, by = verbs.now() - timedelta(hours=2), _user("office")
    plan = SupervisionPlan("第二轮专项督查", AREA, at.date(), at.date() + DAYS, 2)
    found = plan_supervision(plan=plan, by=by, at=at)
    if is_drawn:
        _confirm(draft_supervision_draw(supervision=found, randomness=_randomness(), by=by, at=at))
    return found


def _pk(made: Callable[[], Any]) -> Maker:
    return lambda: [(made().pk,)]


def _cell() -> list[Args]:
    return [(_supervision(is_drawn=True).cells.order_by("pk")[0].pk,)]


def _assigned() -> list[Args]:
    """A visit that the office's own account has still to make."""
    from django.utils import timezone

    from shian.domains.fieldchecks.actions.visits import Errand, Team, assign_visits
    from shian.domains.fieldchecks.models import FieldPoint, FieldVisit
    from shian.kernel.accounts.models import User
    from shian.registers.people.models import Organisation

    office = User.objects.get(username="office")
    found = FieldVisit.objects.filter(lead=office, state="assigned").first()
    if found is None:
        issuer = Organisation.objects.get(posts__person__user=office)
        team = Team(issuer, office, User.objects.get(username="agriculture"))
        point = FieldPoint.objects.filter(mode="overt", format="M19", withdrawn_on=None).order_by("-code").first()
        found = assign_visits(errand=Errand([(point, "open_M19")]), team=team, by="test", at=timezone.now())[0]
    return [(found.pk,)]


FIELD_EXAMPLES: dict[str, Maker] = {
    "draws:estimate_list": _estimated,
    "fieldchecks:field_visit_detail": first_row("fieldchecks.FieldVisit", state="uploaded"),
    "fieldchecks:field_visit_enter": _assigned,
    "fieldchecks:field_visit_check": _assigned,
    "fieldchecks:field_visit_sign": _assigned,
    "fieldchecks:field_visit_add": _assigned,
    "fieldchecks:field_visit_cancel": _assigned,
    "fieldchecks:problem_correct": first_row("cases.Case", type="field_problem"),
    "fieldchecks:filing_create": first_row("cases.Case", type="field_problem"),
    "fieldchecks:field_point_detail": first_row("fieldchecks.FieldPoint", state="ready"),
    "fieldchecks:field_point_confirm": _with(first_row("fieldchecks.FieldPoint", state="checked"), "ready"),
    "fieldchecks:field_point_withdraw": first_row("fieldchecks.FieldPoint", state="ready"),
    "fieldchecks:field_team_detail": first_row("fieldchecks.FieldTeam"),
    "fieldchecks:field_round_detail": _pk(_visiting_round),
    "fieldchecks:field_round_freeze": _pk(lambda: _planned_round("第四轮明查暗访")),
    "fieldchecks:sample_list": _pk(_visiting_round),
    "fieldchecks:sample_assign": _pk(_visiting_round),
    "fieldchecks:sample_replace": _sampled,
    "fieldchecks:joint_check_detail": _pk(lambda: _joint(is_held=True)),
    "fieldchecks:joint_check_close": _pk(lambda: _joint(is_held=False)),
    "fieldchecks:joint_check_assign": _pk(lambda: _joint(is_held=True)),
    "fieldchecks:special_supervision_detail": _pk(lambda: _supervision(is_drawn=True)),
    "fieldchecks:special_supervision_freeze": _pk(lambda: _supervision(is_drawn=False)),
    "fieldchecks:special_supervision_edit": _cell,
}
