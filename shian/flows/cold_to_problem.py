"""What a cold store or a code at retail raises the alarm about is a problem of the campaign, with owner, clock and
proof (E-10): the county's market bureau gives it to the station of the place, where there is one, and confirms."""

from django.db.models import Q
from django.utils import timezone

from shian.domains.tracing.events import ColdAlertRaised
from shian.engine.cases.actions import Given, Opening, move_case, open_case
from shian.engine.cases.declarations import case_type
from shian.kernel.scope.rules import columns_of_key
from shian.kernel.scope.walls import system_scope
from shian.registers.people.models import Organisation
from shian.registers.people.queries import valid_at

PROBLEM, SOURCE, BUREAU = "problem", "cold", "SAMR"


def list_alert(event: ColdAlertRaised) -> None:
    """Opened and assigned at once. A city without a market bureau has nobody to give it to: the alert stands alone."""
    declared = case_type(PROBLEM)
    with system_scope():  # stores and retailers raise it; the units lie beyond their reach
        issuer, unit = _units(event)
        if issuer is None:
            return
        opening = Opening(
            title=event.title[:200], area_key=event.area, issuer=issuer, unit=unit, verifier=issuer, body=event.text,
            source=SOURCE, subject=event.subject, operator_code=event.operator_code,
            data={"severity": "严重" if event.is_grave else "一般", "place": event.place[:200]},
        )  # fmt: skip
        case = open_case(declared=declared, opening=opening, by=event.by, at=event.at)
        if unit is not None:
            move_case(
                declared=declared, case=case, step=declared.step("assign"), seen=case.version,
                given=Given(unit=unit, due_on=event.due_on), by=event.by, at=event.at,
            )  # fmt: skip


def _units(event: ColdAlertRaised) -> tuple[Organisation | None, Organisation | None]:
    """The market bureau of the county, else of the city, and the station of the township."""
    own, day = columns_of_key(event.area), timezone.localdate(event.at)
    standing = Organisation.objects.filter(valid_at(day))
    bureaus = standing.filter(Q(county=own["county"]) | Q(county=""), city=own["city"], department_code=BUREAU)
    issuer = bureaus.filter(township="").order_by("-county", "pk").first()
    stations = standing.filter(kind="监管所", township=own["township"]) if own["township"] else standing.none()
    return issuer, stations.order_by("pk").first()
