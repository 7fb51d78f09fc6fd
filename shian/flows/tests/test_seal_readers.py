"""Who opens the seals of a record: whoever may open the record; what names none opens none."""

from decimal import Decimal

import pytest

from shian.domains.fieldchecks.actions.rounds import RoundPlan, plan_round
from shian.domains.fieldchecks.queries.formats import formats_at
from shian.domains.fieldchecks.tests.factories import AT, DAY, make_areas, make_formats, make_point
from shian.kernel.accounts.models import Role
from shian.kernel.notary.subjects import may_see_subject
from shian.registers.people.tests.factories import reach_user

pytestmark = pytest.mark.django_db
BY_NUMBER = ("draws.draw", "cases.case", "forms.phone", *(f"fieldchecks.{each}" for each in ("team", "round", "joint")))
BY_UID = ("fieldchecks.point", "fieldchecks.visit", "duties.visit")
NAMELESS = ("", "x", "²", "9" * 30, "x" * 36)


def test_a_key_that_names_no_row_opens_no_seal() -> None:
    office = reach_user("office", "131000", Role.OFFICE)
    make_areas()
    point = make_point("P-SEAL")

    assert may_see_subject(office, point.subject)
    for kind in (*BY_NUMBER, *BY_UID):
        assert not [key for key in (*NAMELESS, str(point.uid)[:-1]) if may_see_subject(office, f"{kind}:{key}")]


@pytest.mark.parametrize(("role", "area", "opens"), [
    (Role.COUNTY, "131022", True), (Role.STATION, "131022100", False), (Role.REVIEWER, "131000", False),
    (Role.ASSESSOR, "131000", False),
])  # fmt: skip
def test_who_may_not_open_a_round_does_not_open_its_seals(role: Role, area: str, *, opens: bool) -> None:
    make_areas()
    make_formats()
    one = Decimal(1)
    plan = RoundPlan("第二轮明查暗访", "131000", DAY, DAY, one, 1, one, 30, formats_at("1310", DAY))
    round_ = plan_round(plan=plan, by=reach_user("office", "131000", Role.OFFICE), at=AT)

    assert may_see_subject(reach_user("reader", area, role), f"fieldchecks.round:{round_.pk}") is opens
