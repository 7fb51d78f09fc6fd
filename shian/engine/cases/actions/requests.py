"""What the unit asks of the issuer: more days, or that another unit takes over. The other side decides, once."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from shian.engine.cases.actions.clocks import due_of, extend, running
from shian.engine.cases.actions.opening import turn_of
from shian.engine.cases.actions.sealing import CaseChanged, CaseRefused, Deed, check_seen, record, write
from shian.engine.cases.declarations import CaseType, case_type
from shian.engine.cases.models import Case, CaseEvent, CaseRequest, RequestKind
from shian.engine.cases.permissions import unit_of_side
from shian.engine.cases.rules import Side
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import columns_of_key
from shian.kernel.scope.walls import system_scope
from shian.registers.people.models import Organisation


@transaction.atomic
def ask_extension(*, declared: CaseType, case: Case, seen: int, days: int, reason: str, by: Any, at: datetime) -> None:
    """The unit asks for more days of the running clock. Raises CaseChanged, CaseRefused."""
    if days < 1:
        raise CaseRefused("", days=_("请填写延长的天数。"))
    if not any(_may_extend(declared, each.key) for each in running(case)):
        raise CaseRefused(_("此事项没有可以延长的期限。"))
    asked = CaseRequest(case=case, kind=RequestKind.EXTENSION, days=days, reason=reason.strip())
    _ask(case, asked, seen=seen, by=by, at=at, data={"days": days})


@transaction.atomic
def ask_transfer(*, case: Case, seen: int, to_unit: Organisation, reason: str, by: Any, at: datetime) -> None:
    """The unit, or the issuer, asks another unit to take the case over. Raises CaseChanged, CaseRefused."""
    if to_unit.code == case.unit_id:
        raise CaseRefused("", to_unit=_("已经由这个单位承办。"))
    area = case.area if case.area.startswith(to_unit.area) else to_unit.area  # a county's case stays the county's
    asked = CaseRequest(case=case, kind=RequestKind.TRANSFER, to_unit=to_unit, to_area=area, reason=reason.strip())
    _ask(case, asked, seen=seen, by=by, at=at, data={"to_unit": to_unit.code})


def _may_extend(declared: CaseType, clock: str) -> bool:
    return any(each.key == clock and each.may_extend for each in declared.clocks)


def _ask(case: Case, asked: CaseRequest, *, seen: int, by: Any, at: datetime, data: dict[str, Any]) -> None:
    if not asked.reason:
        raise CaseRefused("", reason=_("请写明理由。"))
    check_seen(case, seen)
    if not case.is_open:
        raise CaseRefused(_("此事项已经办结。"))
    name, unit = acting_for(case, by, Side.UNIT, Side.ISSUER)
    if case.asked_unit:
        raise CaseRefused(_("已有一件申请等待答复。"))
    write(case, seen, {"asked_unit": asked.to_unit_id or case.issuer_id}, at)
    asked.asked_at, asked.asked_by = at, name
    asked.save(force_insert=True)
    record_request(case, f"ask_{asked.kind}", name, unit, asked.reason, data, at)


@transaction.atomic
def decide_request(
    *, declared: CaseType, request: CaseRequest, is_granted: bool, answer: str, by: Any, at: datetime
) -> None:
    """Grant or refuse: an extension is the issuer's to decide, a transfer the receiving unit's. Never by the asker.

    Of two who decide at once, the second is told. Raises CaseChanged, CaseRefused.
    """
    case = Case.objects.get(pk=request.case_id)
    name, unit = _decider(case, request, by)
    if name == request.asked_by:
        raise CaseRefused(_("申请人不能答复自己的申请。"))
    if not is_granted and not answer.strip():
        raise CaseRefused("", answer=_("不同意时请写明理由。"))
    with system_scope():  # who has answered may not see the case any more
        _decide(declared, case, request, is_granted=is_granted, answer=answer.strip(), by=name, unit=unit, at=at)


def _decide(
    declared: CaseType, case: Case, request: CaseRequest, *, is_granted: bool, answer: str, by: str, unit: str,
    at: datetime,
) -> None:  # fmt: skip
    undecided = CaseRequest.objects.filter(pk=request.pk, decided_at__isnull=True)
    if not undecided.update(decided_at=at, decided_by=by, is_granted=is_granted, answer=answer):
        raise CaseChanged(CaseEvent.objects.filter(case=case).order_by("-number")[:1])
    changes: dict[str, Any] = {"asked_unit": ""}
    if is_granted:
        changes |= _extended(declared, case, request) if request.days else _transferred(declared, case, request)
    write(case, case.version, changes, at)
    step = f"{'grant' if is_granted else 'deny'}_{request.kind}"
    record_request(case, step, by, unit, answer, {"days": request.days} if request.days else {}, at)


def _decider(case: Case, request: CaseRequest, by: Any) -> tuple[str, str]:
    if request.kind == RequestKind.EXTENSION:
        return acting_for(case, by, Side.ISSUER)
    if isinstance(by, str):
        return by, ""
    unit = request.to_unit_id or ""
    if unit not in reach_of(by).organisations:
        raise CaseRefused(_("移送由接收单位答复。"))
    return str(by.get_username()), unit


def _extended(declared: CaseType, case: Case, request: CaseRequest) -> dict[str, Any]:
    clock = next((each for each in running(case) if _may_extend(declared, each.key)), None)
    if clock is None:
        raise CaseRefused(_("此事项没有可以延长的期限。"))
    extend(clock, request.days or 0)
    return due_of(case, running(case))


def _transferred(declared: CaseType, case: Case, request: CaseRequest) -> dict[str, Any]:
    """The receiving unit has it now, where that unit lies unless it lay within already; its clocks go on."""
    case.unit, case.owner, case.owner_name = request.to_unit, None, ""
    columns: dict[str, Any] = {"unit_id": request.to_unit_id, "owner_id": None, "owner_name": ""}
    if request.to_area:
        columns |= columns_of_key(request.to_area)
    case.turn = turn_of(declared, case)
    return {**columns, "turn": case.turn}


def acting_for(case: Case, by: Any, *sides: Side) -> tuple[str, str]:
    """The actor's name and the unit in whose name, which must be on one of the sides. Raises CaseRefused."""
    if isinstance(by, str):
        return by, ""
    own = reach_of(by).organisations
    unit = next((code for side in sides if (code := unit_of_side(case, side)) in own), "")
    if not unit:
        raise CaseRefused(_("只有承办单位和交办单位可以这样做。") if len(sides) > 1 else _("这一步由交办单位办理。"))
    return str(by.get_username()), unit


def record_request(
    case: Case, step: str, by: str, unit: str, note: str, data: dict[str, Any], at: datetime
) -> CaseEvent:
    """The event of a verb that every type has."""
    return record(case_type(case.type), case, Deed(step, by, at, unit, note, data))
