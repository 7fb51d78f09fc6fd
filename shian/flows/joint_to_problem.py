"""What a joint check found is put right in the open: each problem that it gives to a department is a problem of the
campaign, with owner, clock and proof (F-14). Another unit than the one that put it right confirms that it did."""

from django.utils.translation import gettext as _

from shian.domains.fieldchecks.events import JointProblemAssigned
from shian.engine.cases.actions import Given, Opening, move_case, open_case
from shian.engine.cases.declarations import case_type
from shian.kernel.scope.walls import system_scope
from shian.kernel.ui.languages import language_of_record
from shian.registers.people.models import Organisation

PROBLEM, SOURCE = "problem", "joint"


def list_problem(event: JointProblemAssigned) -> None:
    """The lead opens the problem and assigns it; it confirms, unless it is itself the one to put it right."""
    declared = case_type(PROBLEM)
    confirming = event.lead
    if event.unit == event.lead:
        confirming = next(code for code in event.departments if code != event.unit)
    with system_scope(), language_of_record():  # departments are no part of the reach of whoever assigns
        units = Organisation.objects.in_bulk([event.lead, event.unit, confirming], field_name="code")
        opening = Opening(
            title=event.text[:200], area_key=event.area, issuer=units[event.lead], unit=units[event.unit],
            verifier=units[confirming], source=SOURCE, subject=event.subject,
            body=_("联合检查“%(check)s”（%(day)s）发现：%(text)s")
            % {"check": event.check, "day": event.held_on, "text": event.text},
            data={"severity": event.severity},
        )  # fmt: skip
        case = open_case(declared=declared, opening=opening, by=event.by, at=event.at)
        move_case(
            declared=declared, case=case, step=declared.step("assign"), seen=case.version,
            given=Given(unit=units[event.unit], due_on=event.due_on), by=event.by, at=event.at,
        )  # fmt: skip
