"""The endpoints of cases."""

import base64
import binascii
import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Path, Query, Status

from shian.engine.cases.actions import CaseChanged, CaseRefused, Evidence, Given, Opening, move_case, open_case
from shian.engine.cases.actions.opening import EVIDENCE_KINDS
from shian.engine.cases.api.answers import case_in_full, case_told, event_told, type_told
from shian.engine.cases.api.schemas import (
    CaseDetailOut,
    CaseIn,
    CaseOut,
    CaseQuery,
    EventOut,
    FileIn,
    StepIn,
    TypeOut,
)
from shian.engine.cases.declarations import CaseType, case_type
from shian.engine.cases.permissions import CASE_READ, CASE_WORK
from shian.engine.cases.queries import CaseChoice, case_for, chosen_cases, types_for
from shian.kernel.api.paging import PageOut, PageQuery, page_of, page_of_few
from shian.kernel.api.problems import Problem
from shian.kernel.api.routing import ApiRouter
from shian.kernel.api.values import Number
from shian.kernel.files.actions import FileRefused, store_file
from shian.registers.areas.api import asked_area
from shian.registers.people.models import Organisation, Person

router = ApiRouter("cases")


@router.read("/types", policy=CASE_READ, response=PageOut[TypeOut])
def types(request: HttpRequest, page: Query[PageQuery]) -> dict[str, Any]:
    """Types of cases with their states and steps, by key."""
    return page_of_few(request, page, types_for(request.user), lambda each: each.key, type_told)


@router.read("", policy=CASE_READ, response=PageOut[CaseOut])
def cases(request: HttpRequest, page: Query[PageQuery], chosen: Query[CaseQuery]) -> dict[str, Any]:
    """Cases that the owner sees, in the order in which they came in."""
    told = chosen.dict()
    text = told.pop("q").strip()
    area = asked_area(request.user, chosen.area) if chosen.area else ""
    choice = CaseChoice(**{**told, "area": area, "text": text})
    rows = chosen_cases(choice, request.user, timezone.localdate())
    return page_of(request, page, rows, ("id",), case_told)


@router.read("/{int:number}", policy=CASE_READ, response=CaseDetailOut)
def case(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """One case with its clocks, its timeline and the steps that the owner may take."""
    return case_in_full(request.user, case_for(request.user, number))


@router.write("", policy=CASE_WORK, response={201: CaseDetailOut})
def case_open(request: HttpRequest, told: CaseIn, response: HttpResponse) -> Status[dict[str, Any]]:
    """Open a case: it is numbered, its clocks run, and it is sealed."""
    declared, now = _declared(request, told.type), timezone.now()
    opening = Opening(
        title=told.title, area_key=asked_area(request.user, told.area), issuer=_unit(told.issuer, "issuer"),
        unit=_unit(told.unit, "unit") if told.unit else None,
        verifier=_unit(told.verifier, "verifier") if told.verifier else None, owner=_person(told.owner),
        body=told.body, source=_one_of(told.source, dict(declared.sources), "source"), item_code=told.item_code,
        operator_code=told.operator_code, due_on=told.due_on, is_urgent=told.is_urgent,
        parent=case_for(request.user, told.parent) if told.parent else None, data=_values_in(declared, told.values),
        files=_evidence(request, declared, told.files, now),
    )  # fmt: skip
    try:
        made = open_case(declared=declared, opening=opening, by=request.user, at=now)
    except CaseRefused as refused:
        raise _problem(declared, refused) from refused
    response.headers["Location"] = f"{request.path}/{made.pk}"
    return Status(201, case_in_full(request.user, case_for(request.user, made.pk)))


@router.write("/{int:number}/steps", policy=CASE_WORK, response={201: EventOut})
def step_take(request: HttpRequest, told: StepIn, number: Path[Number]) -> Status[dict[str, Any]]:
    """Take a step.

    When somebody else was first, the answer is 409 with `version` and `events`: what they did since the version that
    was seen. Nothing is written then; read the case and decide again, with a new Idempotency-Key.
    """
    found, now = case_for(request.user, number), timezone.now()
    declared = case_type(found.type)
    try:
        taken = declared.step(told.step)
    except LookupError:
        raise _invalid("step", _("没有这个环节")) from None
    given = Given(
        note=told.note, files=_evidence(request, declared, told.files, now), data=_values_in(declared, told.values),
        unit=_unit(told.unit, "unit") if told.unit else None, owner=_person(told.owner), due_on=told.due_on,
    )  # fmt: skip
    try:
        event = move_case(
            declared=declared, case=found, step=taken, seen=told.seen, given=given, by=request.user, at=now
        )
    except CaseRefused as refused:
        raise _problem(declared, refused) from refused
    return Status(201, event_told(declared, event))


def _declared(request: HttpRequest, key: str) -> CaseType:
    found = next((each for each in types_for(request.user) if each.key == key), None)
    if found is None:
        raise _invalid("type", _("没有这类事项"))
    return found


def _unit(code: str, name: str) -> Organisation:
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        raise _invalid(name, _("没有这个单位"))
    return found


def _person(number: str) -> Person | None:
    found = Person.objects.filter(person_no=number).first() if number else None
    if number and found is None:
        raise _invalid("owner", _("没有这个人员"))
    return found


def _one_of(given: str, known: Mapping[str, Any], name: str) -> str:
    if given and given not in known:
        raise _invalid(name, _("可选：%(choices)s") % {"choices": "、".join(known)})
    return given


def _values_in(declared: CaseType, values: Mapping[str, Any]) -> dict[str, Any]:
    for name, value in values.items():
        known = declared.by_field.get(name)
        if known is None:
            raise _invalid(f"values/{name}", _("没有这个字段"))
        if known.enum:
            _one_of(str(value), dict.fromkeys(known.enum), f"values/{name}")
    return dict(values)


def _evidence(request: HttpRequest, declared: CaseType, files: list[FileIn], at: datetime) -> list[Evidence]:
    found, by = [], request.user.get_username()
    for place, each in enumerate(files):
        _one_of(each.kind, dict(declared.evidence_kinds), f"files/{place}/kind")
        try:
            content = io.BytesIO(base64.b64decode(each.content, validate=True))
            stored = store_file(name=each.name, stream=content, kinds=EVIDENCE_KINDS, by=by, at=at)
        except (binascii.Error, FileRefused) as error:
            raise _invalid(f"files/{place}/content", str(error)) from error
        found.append(Evidence(stored, each.name, each.kind))
    return found


def _invalid(name: str, reason: str) -> Problem:
    return Problem("invalid", more={"errors": [{"in": "body", "pointer": f"/{name}", "detail": reason}]})


def _problem(declared: CaseType, refused: CaseRefused) -> Problem:
    """A refusal as a program reads it: what is missing, what came between, or why not at all."""
    if isinstance(refused, CaseChanged):
        events = [EventOut(**event_told(declared, each)).model_dump(mode="json") for each in refused.events]
        last = {"version": events[-1]["number"]} if events else {}
        return Problem("conflict", str(refused), more={"events": events, **last})
    if refused.fields:
        told = [{"in": "body", "pointer": f"/{name}", "detail": text} for name, text in refused.fields.items()]
        return Problem("invalid", more={"errors": told})
    return Problem("conflict", str(refused))
