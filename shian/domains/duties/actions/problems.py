"""What a visit found wrong becomes a problem (C-08); the official who reported it confirms that it is put right."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.duties.actions.refusals import DutyRefused
from shian.domains.duties.models import DutyVisit, VisitFault, Way
from shian.domains.duties.permissions import OFFICIAL_WORK
from shian.domains.duties.queries.problems import PROBLEM, SUPPORT, food_office, is_own_problem
from shian.domains.duties.queries.visits import own_officials
from shian.engine.cases.actions import Evidence, Given, Opening, move_case, open_case
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.kernel.accounts.permissions import check
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.walls import system_scope
from shian.kernel.ui.languages import language_of_record
from shian.registers.operators.models import Operator
from shian.registers.people.queries import unit_in_charge

BEFORE = "before"


@transaction.atomic
def report_faults(*, visit: DutyVisit, by: str, at: datetime) -> list[Case]:
    """A problem for each fault of the visit that has none yet; what was put right before the official left waits only
    for being struck off. Nothing where no food-safety office is known."""
    with system_scope(), language_of_record():  # whoever must see to it may sit beyond the official's reach
        faults = list(visit.found.filter(problem__isnull=True).select_related("photo"))
        issuer = food_office(visit.area) if faults else None
        return [_reported(visit, each, issuer, by, at) for each in faults] if issuer else []


def _reported(visit: DutyVisit, fault: VisitFault, issuer: Any, by: str, at: datetime) -> Case:
    declared = case_type(PROBLEM)
    name = f"{_('整改前')}.{fault.photo.kind}" if fault.photo else ""
    case = open_case(
        declared=declared,
        opening=Opening(
            title=_("%(place)s：%(item)s") % {"place": visit.operator.name[:90], "item": fault.label[:90]},
            area_key=visit.township or visit.area, issuer=issuer, unit=unit_in_charge(visit.area), body=fault.note,
            source="remote" if visit.way == Way.REMOTE else "visit", subject=visit.subject,
            operator_code=visit.operator.code,
            data={"visit": visit.number, "official": visit.official.code, "place": visit.operator.name,
                  "item": fault.label},
            files=[Evidence(fault.photo, name, BEFORE)] if fault.photo else (),
        ),
        by=by, at=at,
    )  # fmt: skip
    if fault.is_fixed:
        given = Given(note=_("督导当场改正。"))
        move_case(declared=declared, case=case, step=declared.step("fix"), seen=case.version, given=given, by=by, at=at)
    fault.problem = case
    fault.save(update_fields=["problem"])
    return case


@transaction.atomic
def answer_problem(*, problem: Case, is_right: bool, note: str, by: Any, at: datetime) -> Case:
    """The official who reported it says whether it is put right: then the office strikes it off, else the station goes
    on. Raises PermissionDenied, OutOfReach, CaseRefused."""
    check(OFFICIAL_WORK, by)
    with system_scope():
        if not is_own_problem(by, problem):
            raise OutOfReach(f"cases.case:{problem.pk}")
        declared = case_type(PROBLEM)
        step = declared.step("confirm" if is_right else "return")
        move_case(declared=declared, case=problem, step=step, seen=problem.version, given=Given(note=note),
                  by=by.get_username(), at=at)  # fmt: skip
    return problem


@transaction.atomic
def ask_support(
    *, operator: Operator | None, area: str, data: dict[str, Any], note: str, by: Any, at: datetime
) -> Case:  # fmt: skip
    """A township, a village or an official asks for help: it reaches the station of that township and no other.

    Raises PermissionDenied, OutOfReach, DutyRefused, CaseRefused."""
    check(OFFICIAL_WORK, by)
    place = operator.area if operator else area
    with system_scope(), language_of_record():
        if not any(place.startswith(each.area) for each in own_officials(by, timezone.localdate(at))):
            raise OutOfReach(f"cases.area:{place}")
        unit, issuer = unit_in_charge(place), food_office(place)
        if unit is None or issuer is None:
            raise DutyRefused(_("这里没有登记对接的监管所，请联系县（市、区）食安办。"))
        title = _("%(kind)s：%(place)s") % {"kind": data["kind"], "place": operator.name if operator else data["asker"]}
        return open_case(
            declared=case_type(SUPPORT),
            opening=Opening(title=title, area_key=place, issuer=issuer, unit=unit, body=note,
                            operator_code=operator.code if operator else "", data=data),
            by=by.get_username(), at=at,
        )  # fmt: skip
