"""The facts for the interview of one position (A-28): its duties; figures that each say as of when and from where."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from shian.domains.campaign.models import CatalogueState, Duty, Evaluation, ItemResult
from shian.domains.campaign.queries.declared import decimals_of_measure
from shian.domains.campaign.queries.evaluations import current_evaluations
from shian.domains.campaign.queries.report_figures import (
    FAILED,
    NOT_APPLICABLE,
    PARTIAL,
    PASSED,
    UNKNOWN,
    outcome_of,
)
from shian.domains.campaign.rules import Reading
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.engine.cases.queries import close_out
from shian.engine.ledgers.declarations import ledger
from shian.engine.ledgers.queries import rows_in, valid_at
from shian.engine.measures.declarations import measure
from shian.engine.measures.queries import figure
from shian.kernel.scope.rules import Level, level_of_key
from shian.kernel.ui.figures import figure_text
from shian.kernel.ui.languages import language_of_record
from shian.registers.areas.queries import area_names
from shian.registers.dictionaries.queries import name_of

INTERVIEW = "interview"
LEADERS = ("leader_duties.acts", "leader_duties.closed", "leader_duties.open_tasks")
FOLLOWED = ("problem", "task", "card")
WORDS = {PASSED: "达标", PARTIAL: "部分达标", FAILED: "不达标", UNKNOWN: "未定", NOT_APPLICABLE: "不适用"}
WEAK = frozenset({FAILED, PARTIAL, UNKNOWN})
EVALUATED = "创建评价结果"
MOST = 40  # lines of one list: a leader reads two pages, not twenty


@dataclass(frozen=True)
class Known:
    """One figure of a pack: as of which day, from which register."""

    title: str
    shown: str
    target: str
    as_of: date
    source: str


@dataclass(frozen=True)
class Owed:
    """One duty of the position, and where it is written."""

    text: str
    source: str


@dataclass(frozen=True)
class Pack:
    """Everything for one interview."""

    owed: list[Owed]
    known: list[Known]


def pack_of(case: Case, user: Any, day: date) -> Pack:
    """Duties and figures of the position in the case's area, on the day; what the user does not reach is not in it.

    Worded in the language of record: it is what the paper says.
    """
    with language_of_record():
        return _pack(case, user, day)


def _pack(case: Case, user: Any, day: date) -> Pack:
    evaluation = current_evaluations(case.area).filter(as_of__lte=day).first()
    known = [*_leaders(case, day), *_closed(case, day)]
    if evaluation:
        results = _led_items(case, evaluation, user)
        known += [line for result in results for line in _measured(result, evaluation.as_of)]
        is_led = bool(case.unit and case.unit.department_code)
        known += [line for each in results for line in _judged(each, evaluation.as_of, is_led=is_led)]
    return Pack(list(_duties(case, user, day)), known)


def _duties(case: Case, user: Any, day: date) -> Iterator[Owed]:
    position, names = str(case.data["position"]), area_names(day)
    title = str(ledger("supervision_pairs").title)
    for row in rows_in(ledger("supervision_pairs"), user).filter(valid_at(day), data__position=position):
        yield Owed(f"包联{names.get(row.area, row.data['area_code'])}，督促整改和创建工作", title)
    title = str(ledger("leader_duties").title)
    acts = rows_in(ledger("leader_duties"), user).filter(data__position=position, occurs_on__lte=day)
    for row in acts.order_by("-occurs_on", "-pk")[:10]:
        yield Owed(f"{row.occurs_on} {row.data['act']}：{row.data['subject']}", title)
    for duty in _owed_items(case):
        kind = str(duty.catalogue.get_kind_display())
        yield Owed(f"{duty.role}：{duty.indicator.code} {duty.indicator.title}（{duty.target}）", kind)


def _owed_items(case: Case) -> list[Duty]:
    """The lines of issued catalogues that fall to the unit; for a county's leaders those of the county."""
    unit = case.unit
    department = unit.department_code if unit else ""
    own = [department] if department else [case.county] if case.county else []
    rows = Duty.objects.filter(catalogue__state=CatalogueState.ISSUED, catalogue__city=case.city, audience__in=own)
    return list(rows.select_related("catalogue", "indicator").order_by("role", "indicator__order")[:MOST])


def _led_items(case: Case, evaluation: Evaluation, user: Any) -> list[ItemResult]:
    """The items that the unit leads; of a leader without a department code all items of the area."""
    rows = ItemResult.objects.visible_to(user).filter(evaluation=evaluation, area_key=case.area)
    rows = rows.select_related("indicator").order_by("indicator__order")
    department = case.unit.department_code if case.unit else ""
    return [each for each in rows if not department or department in each.lead_codes]


def _measured(result: ItemResult, as_of: date) -> Iterator[Known]:
    for line in result.basis.get("measures", ()):
        reading = Reading.from_json(line)
        if not reading.measure:
            continue
        shown = figure_text(reading.value, reading.unit, decimals_of_measure(reading.measure))
        target = figure_text(reading.threshold, reading.unit, None)
        source = str(name_of("registers", measure(reading.measure).register))
        title = f"{result.indicator.code} {reading.title}"
        value = shown or f"无数据（{reading.reason}）"
        yield Known(title, value, f"{reading.operator}{target}", as_of, source)


def _judged(result: ItemResult, as_of: date, *, is_led: bool) -> Iterator[Known]:
    """What stands without a number, and what is not met yet: what the leader will be asked about."""
    outcome = outcome_of(result)
    if outcome in WEAK or (is_led and not result.basis.get("measures")):
        title = f"{result.indicator.code} {result.indicator.title}"
        yield Known(title, WORDS[outcome], "达标", as_of, EVALUATED)


def _leaders(case: Case, day: date) -> Iterator[Known]:
    """How the area's leaders are seen to act."""
    for key in LEADERS:
        declared = measure(key)
        if Level(level_of_key(case.area)) not in declared.levels:
            continue
        found = figure(key, area=case.area, as_of=day)
        shown = figure_text(found.shown, str(declared.unit), declared.decimals)
        yield Known(
            str(declared.title), shown or f"无数据（{_(found.reason)}）", "", day,
            str(name_of("registers", declared.register)),
        )  # fmt: skip


def _closed(case: Case, day: date) -> Iterator[Known]:
    """Problems, tasks and cards of the unit, or of the area where none is named."""
    where = {"unit": case.unit_id} if case.unit_id else {Level(level_of_key(case.area)).value: case.area}
    for key in FOLLOWED:
        rows = Case.objects.filter(type=key, merged_into__isnull=True, **where).exclude(state="dismissed")
        out = close_out(rows, day)
        shown = f"{out.total} 件，已办结 {out.closed} 件，逾期 {out.overdue} 件"
        yield Known(f"{case_type(key).title}办结情况", shown, "", day, f"{case_type(key).title}台账")
