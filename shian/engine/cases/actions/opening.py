"""Opening a case: number, clocks, first turn, seal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.engine.cases.actions.clocks import due_of, run_clocks, running
from shian.engine.cases.actions.sealing import CaseRefused, Deed, Evidence, record, show
from shian.engine.cases.checks import too_far, wrong_values
from shian.engine.cases.declarations import OPENING, CaseType
from shian.engine.cases.events import CaseOpened
from shian.engine.cases.models import Case
from shian.engine.cases.numbering import numbered, series_of
from shian.engine.cases.permissions import unit_of_side
from shian.engine.cases.rules import Side, turn_key
from shian.kernel.accounts.permissions import check
from shian.kernel.events.bus import publish
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import columns_of_key
from shian.registers.people.models import Organisation, Person

EVIDENCE_KINDS = ("pdf", "docx", "xlsx", "jpg", "png")
NEXT_NUMBER = """
INSERT INTO cases_casecounter AS c (series, last) VALUES (%s, %s)
ON CONFLICT (series) DO UPDATE SET last = c.last + 1 RETURNING last
"""


@dataclass(frozen=True)
class Opening:
    """What a new case says. `area_key` is where it lies; `due_on` for a type whose deadline is given; `opened_on` for
    what happened on a day before: its clocks start now all the same."""

    title: str
    area_key: str
    issuer: Organisation
    unit: Organisation | None = None
    verifier: Organisation | None = None
    owner: Person | None = None
    body: str = ""
    source: str = ""
    subject: str = ""
    item_code: str = ""
    operator_code: str = ""
    due_on: date | None = None
    is_urgent: bool = False
    parent: Case | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    files: Sequence[Evidence] = ()
    opened_on: date | None = None


@transaction.atomic
def open_case(*, declared: CaseType, opening: Opening, by: Any, at: datetime) -> Case:
    """Make a case of the type in its first state, number it, start its clocks and seal it.

    A user is held to the type's policy and to the own reach; a text names a program. Raises CaseRefused,
    PermissionDenied, OutOfReach.
    """
    name = _opener(declared, opening, by)
    _check(declared, opening, timezone.localdate(at))
    case = made(declared, opening, at)
    case.number = _numbered(declared, opening, case.opened_on)
    case.turn = turn_of(declared, case)
    case.save(force_insert=True)
    run_clocks(declared, case, OPENING, at=at, due_on=opening.due_on)
    show(case, due_of(case, running(case)))
    record(declared, case, Deed(OPENING, name, at, opening.issuer.code, "", opening_told(opening, case), opening.files))
    publish(CaseOpened(case.pk, case.type, name, at))
    return case


def turn_of(declared: CaseType, case: Case) -> str:
    """Whose move it is in the present state: the named owner's for the unit's side, else the side's unit's."""
    state = declared.by_state[case.state]
    if state.turn is None or not state.is_open:
        return ""
    unit = unit_of_side(case, state.turn)
    is_owners = case.owner is not None and unit == (case.unit_id or "")
    return turn_key(unit, case.owner.user_id if is_owners and case.owner else None)


def _opener(declared: CaseType, opening: Opening, by: Any) -> str:
    if isinstance(by, str):
        return by
    check(declared.create, by)
    reach = reach_of(by)
    if not reach.covers(opening.area_key):
        raise OutOfReach(f"cases.area:{opening.area_key}")
    if not reach.everything and opening.issuer.code not in reach.organisations:
        raise OutOfReach(f"people.organisation:{opening.issuer.code}")
    return str(by.get_username())


def _check(declared: CaseType, opening: Opening, today: date) -> None:
    wrong = wrong_values(declared, opening.data)
    if not opening.title.strip():
        wrong["title"] = _("请写明事项。")
    if is_due_given(declared) and opening.due_on is None:
        wrong["due_on"] = _("请填写期限。")
    if opening.due_on and opening.due_on < today:
        wrong["due_on"] = _("期限不能早于今天。")
    elif too_far(today, opening.due_on):
        wrong["due_on"] = _("期限在十年以后，请核对年份。")
    for each in declared.fields:
        if each.is_required and opening.data.get(each.name) in (None, ""):
            wrong[each.name] = _("请填写%(field)s。") % {"field": each.title}
    if wrong:
        raise CaseRefused("", **wrong)
    if declared.states[0].turn is Side.UNIT and opening.unit is None:
        raise CaseRefused("", unit=_("请选择承办单位。"))
    if opening.parent and not opening.parent.is_open:
        raise CaseRefused(_("上级事项已经办结，不能再分解。"))


def is_due_given(declared: CaseType) -> bool:
    """Does whoever opens a case of the type say its last day?"""
    return any(each.is_given and OPENING in each.starts for each in declared.clocks)


def made(declared: CaseType, opening: Opening, at: datetime) -> Case:
    """The case in its first state, not yet saved, without number and turn."""
    return Case(
        type=declared.key,
        title=opening.title.strip(),
        body=opening.body.strip(),
        source=opening.source,
        subject=opening.subject,
        item_code=opening.item_code,
        operator_code=opening.operator_code,
        state=declared.states[0].key,
        is_urgent=opening.is_urgent,
        issuer=opening.issuer,
        unit=opening.unit,
        verifier=opening.verifier,
        owner=opening.owner,
        owner_name=opening.owner.name if opening.owner else "",
        parent=opening.parent,
        data=dict(opening.data),
        opened_on=opening.opened_on or timezone.localdate(at),
        created_at=at,
        updated_at=at,
        **columns_of_key(opening.area_key),
    )


def _numbered(declared: CaseType, opening: Opening, day: date) -> str:
    """The next number of the series, whose row stays locked until the commit. A file may have brought a case of
    another area under a number of this series: that one is passed over."""
    told = naming(opening, day)
    series = series_of(declared.key, declared.numbering, told)
    with connection.cursor() as cursor:
        while True:
            cursor.execute(NEXT_NUMBER, [series, 1])
            number = numbered(declared.numbering, told, cursor.fetchone()[0])
            if not Case.objects.filter(type=declared.key, number=number).exists():
                return number


def naming(opening: Opening, day: date) -> dict[str, Any]:
    """What a number may name."""
    issuer = opening.issuer
    return {"issuer": issuer.short_name or issuer.name, "area": opening.area_key, "year": day.year}


def opening_told(opening: Opening, case: Case) -> dict[str, Any]:
    """What the first event keeps of the opening; empty values are left out."""
    told = {
        "title": case.title,
        "body": case.body,
        "area": opening.area_key,
        "issuer": opening.issuer.code,
        "unit_asked": opening.unit.code if opening.unit else "",
        "verifier": opening.verifier.code if opening.verifier else "",
        "owner": case.owner_name,
        "source": case.source,
        "subject": case.subject,
        "item": case.item_code,
        "operator": case.operator_code,
        "is_urgent": case.is_urgent or "",
        "parent": opening.parent.number if opening.parent else "",
        "opened_on": case.opened_on.isoformat(),
        "due_asked": opening.due_on.isoformat() if opening.due_on else "",
        "due_on": case.due_on.isoformat() if case.due_on else "",
        **{f"field_{key}": value for key, value in case.data.items()},
    }
    return {key: value for key, value in told.items() if value not in ("", None)}
