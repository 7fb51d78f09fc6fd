"""Examples for the pages of records of field checks: see records.py."""

from shian.kernel.scope.rules import key_of_code
from tests.browser.case_records import Args, Maker, first_row
from tests.city import AREA


def _with(made: Maker, *more: object) -> Maker:
    def found() -> list[Args]:
        return [(*args, *more) for args in made()]

    return found


def _round() -> list[Args]:
    """A round of the city, planned by its office."""
    from datetime import timedelta

    from django.utils import timezone

    from shian.domains.fieldchecks.actions.rounds import RoundPlan, plan_round
    from shian.domains.fieldchecks.models import FieldRound
    from shian.domains.fieldchecks.queries.formats import formats_at
    from shian.domains.fieldchecks.queries.numbers import numbers_at
    from shian.kernel.accounts.models import User

    found = FieldRound.objects.order_by("pk").first()
    if found is None:
        today, numbers = timezone.localdate(), numbers_at(timezone.localdate())
        plan = RoundPlan(
            "第二轮明查暗访", AREA, today, today + timedelta(days=30), numbers.ratio, numbers.least, numbers.reserves,
            numbers.quiet_days, formats_at(key_of_code(AREA), today),
        )  # fmt: skip
        found = plan_round(plan=plan, by=User.objects.get(username="office"), at=timezone.now())
    return [(found.pk,)]


FIELD_EXAMPLES: dict[str, Maker] = {
    "fieldchecks:field_point_detail": first_row("fieldchecks.FieldPoint", state="ready"),
    "fieldchecks:field_point_confirm": _with(first_row("fieldchecks.FieldPoint", state="checked"), "ready"),
    "fieldchecks:field_point_withdraw": first_row("fieldchecks.FieldPoint", state="ready"),
    "fieldchecks:field_team_detail": first_row("fieldchecks.FieldTeam"),
    "fieldchecks:field_round_detail": _round,
    "fieldchecks:field_round_freeze": _round,
    "fieldchecks:sample_list": _round,
}
