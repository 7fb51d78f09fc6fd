"""One case: where it stands, whose move it is, what it says, its evidence, its parts, and everything that happened."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.engine.cases.actions.redating import REDATE
from shian.engine.cases.actions.sealing import subject_of
from shian.engine.cases.checks import after_its_day
from shian.engine.cases.declarations import CaseType, case_type
from shian.engine.cases.links import page_of
from shian.engine.cases.models import Case, CaseClock, CaseEvent, CaseFile, RequestKind
from shian.engine.cases.permissions import CASE_READ, acting_unit, may_take, unit_of_side
from shian.engine.cases.queries import case_for, children_of, clocks_of, events_of, files_of, open_requests
from shian.engine.cases.rules import Side
from shian.engine.cases.tables import CASES, area_text, case_row, case_url, standing_label, tone_of, unit_text
from shian.engine.cases.wording import ENGINE_STEPS, step_words
from shian.engine.ledgers.queries import Origin, origins_of
from shian.engine.ledgers.tables import value_of
from shian.kernel.accounts.permissions import requires
from shian.kernel.disclosures.door import Door
from shian.kernel.disclosures.models import Kind
from shian.kernel.notary.models import Entry
from shian.kernel.notary.queries import entries_of
from shian.kernel.scope.reach import reach_of
from shian.kernel.ui.actors import actor
from shian.kernel.ui.pages import RecordPage
from shian.kernel.ui.panels import panel_body, tabs_for
from shian.kernel.ui.pieces import Action, Callout, Clock, Crumb, Fact, Section, TimelineEntry
from shian.kernel.ui.states import DUE, OVERDUE, WAITING, Text
from shian.kernel.ui.tables import Cell, Column, Empty, Row, Table
from shian.kernel.workdays.queries import calendar
from shian.registers.areas.queries import area_names
from shian.registers.areas.tables import area_url

FILES = (
    Column("name", gettext_lazy("佐证材料"), is_wide=True, is_fixed=True),
    Column("kind", gettext_lazy("种类")),
    Column("round", gettext_lazy("轮次"), kind="number"),
    Column("at", gettext_lazy("提交时间"), kind="moment"),
)


@requires(CASE_READ)
def case_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole case, with the steps that the reader may take now."""
    case = case_for(request.user, pk)
    declared, today = case_type(case.type), timezone.localdate()
    children = children_of(case, request.user)
    page = RecordPage(
        case.title,
        code=case.number,
        kind=declared.title,
        state=tone_of(declared, case, today),
        state_label=standing_label(declared, case, today),
        clock=_clock(case, today),
        crumbs=_crumbs(declared, case),
        badges=_badges(case),
        actions=_actions(request, declared, case),
        sections=_sections(request, declared, case, today),
        timeline=_timeline(declared, case),
        tabs=tabs_for(f"case.{case.type}", case, request),
        body=panel_body(f"case.{case.type}", case, request),
    )
    context = {
        "record": page,
        "notes": _notes(request, case),
        "files": Table(FILES, _file_rows(declared, case), empty=Empty(_("还没有佐证材料")), id="files"),
        "children": Table(CASES, [case_row(each, today) for each in children], id="children") if children else None,
    }
    return render(request, "cases/case_detail.html", context)


def _crumbs(declared: CaseType, case: Case) -> list[Crumb]:
    found = [
        Crumb(_("待办事项"), reverse("cases:case_list")),
        Crumb(declared.title, reverse("cases:type_list", args=[declared.key])),
    ]
    return [*found, Crumb(case.parent.number, case_url(case.parent))] if case.parent else found


def _badges(case: Case) -> list[Text]:
    found: list[Text] = [_("加急")] if case.is_urgent else []
    found += [_("升级第 %(level)s 级") % {"level": case.level}] if case.level and case.is_open else []
    found += [_("重开 %(times)s 次") % {"times": case.reopened}] if case.reopened else []
    return found


def _clock(case: Case, today: date) -> Clock | None:
    """Days left or late of the earliest clock, in working days; the hour where the clock runs in hours."""
    if not case.is_open or case.due_on is None:
        return None
    days = calendar().workdays_between(today, case.due_on)
    if case.due_on < today:
        return Clock(_("逾期 %(days)s 个工作日") % {"days": max(1, -days)}, case.due_on, OVERDUE)
    if case.due_at:
        moment = timezone.localtime(case.due_at).strftime("%m-%d %H:%M")
        return Clock(_("%(moment)s 前") % {"moment": moment}, case.due_on, DUE)
    label = _("今日到期") if case.due_on == today else _("剩 %(days)s 个工作日") % {"days": days}
    return Clock(label, case.due_on, DUE if days <= 1 else WAITING)


def _actions(request: HttpRequest, declared: CaseType, case: Case) -> list[Action]:
    today = timezone.localdate()
    steps = [
        each for each in declared.steps_from(case.state)
        if not case.merged_into_id and not after_its_day(each, case.opened_on, today)
    ]  # fmt: skip
    allowed = [each for each in steps if may_take(request.user, declared, case, each).allowed]
    main = next((each for each in allowed if each.target not in ("", case.state) and each.kind == "secondary"), None)
    found = [
        Action(
            each.title, reverse("cases:step_take", args=[case.pk, each.key]), icon=each.icon,
            kind="primary" if each is main else "danger-quiet" if each.kind == "danger" else each.kind,
        )
        for each in sorted(allowed, key=lambda each: (each is not main, each.kind == "danger"))
    ]  # fmt: skip
    return [*found, *_usual(request.user, case)]


def _usual(user: Any, case: Case) -> list[Action]:
    """What every type has: more time, transfer, standing still, merging, a note, a part of its own."""
    if not case.is_open or not acting_unit(user, case, None):
        return []
    own = reach_of(user).organisations
    is_issuer, is_unit = case.issuer_id in own, (case.unit_id or "") in own
    offered = [
        (is_unit and case.due_on is not None, _("申请延期"), "extension_create", "clock"),
        (is_unit or is_issuer, _("移送"), "transfer_create", "arrow-right"),
        (is_issuer and case.due_on is not None, _("中止期限"), "case_suspend", "clock"),
        (is_issuer and _stands_still(case), _("恢复期限"), "case_resume", "clock"),
        (is_issuer, _("并案"), "case_merge", "hierarchy-2"),
        (True, _("记录情况"), "note_add", "edit"),
    ]
    return [
        Action(label, reverse(f"cases:{name}", args=[case.pk]), icon=icon, kind="quiet")
        for is_shown, label, name, icon in offered
        if is_shown
    ]


def _stands_still(case: Case) -> bool:
    return case.due_on is None and CaseClock.objects.filter(case=case, paused_on__isnull=False).exists()


def _notes(request: HttpRequest, case: Case) -> list[Callout]:
    """What waits for an answer, with the way to answer it; where a merged case went."""
    found = []
    for asked in open_requests(case):
        told = {"days": asked.days, "unit": asked.to_unit, "by": actor(asked.asked_by)}
        is_extension = asked.kind == RequestKind.EXTENSION
        title = _("申请延期 %(days)s 天") % told if is_extension else _("申请移送%(unit)s") % told
        decider = unit_of_side(case, Side.ISSUER) if is_extension else asked.to_unit_id
        is_deciders = decider in reach_of(request.user).organisations
        url = reverse("cases:request_answer", args=[case.pk, asked.pk])
        actions = [Action(_("答复"), url, icon="check", kind="primary")] if is_deciders else []
        found.append(Callout(title, f"{asked.reason}（{told['by']}）", state=DUE, actions=actions))
    if case.merged_into:
        found.append(Callout(_("已并入 %(number)s") % {"number": case.merged_into.number},
                             actions=[Action(_("查看"), case_url(case.merged_into))]))  # fmt: skip
    return found


def _sections(request: HttpRequest, declared: CaseType, case: Case, today: date) -> list[Section]:
    names = area_names(today)
    facts = [
        Fact(_("内容和要求"), case.body),
        Fact(_("交办单位"), unit_text(case.issuer)),
        Fact(_("承办单位"), unit_text(case.unit) or _("未定")),
        Fact(_("责任人"), case.owner_name),
        Fact(_("核实单位"), unit_text(case.verifier or case.issuer)),
        Fact(_("区划"), area_text(case.area, names), url=area_url(case.area)),
        Fact(_("来源"), dict(declared.sources).get(case.source, case.source)),
        Fact(_("评价内容"), case.item_code, url=page_of("item_code", case.item_code)),
        Fact(_("经营主体"), case.operator_code, url=page_of("operator_code", case.operator_code)),
        Fact(_("提出日期"), case.opened_on, kind="date"),
        Fact(_("办结时间"), case.closed_at, kind="moment"),
    ]
    own = [
        Fact(each.title, value_of(each, case.data.get(each.name)), unit=each.shown_unit, personal=each.personal)
        for each in declared.fields
        if case.data.get(each.name) not in (None, "")
    ]
    shown = [each for each in facts if each.value not in (None, "")] + own
    return [Section(_("事项"), shown), *_clock_section(declared, case)]


def _clock_section(declared: CaseType, case: Case) -> list[Section]:
    titles = {each.key: each.title for each in declared.clocks}
    facts = [
        Fact(titles.get(each.key, each.key), each.due_on, kind="date", note=_clock_note(each))
        for each in clocks_of(case)
    ]
    return [Section(_("期限"), facts, note=declared.legal_basis)] if facts else []


def _clock_note(clock: CaseClock) -> str:
    if clock.stopped_at:
        return _("%(day)s 结束") % {"day": timezone.localdate(clock.stopped_at)}
    if clock.paused_on:
        return _("%(day)s 起中止") % {"day": clock.paused_on}
    if clock.extension:
        return _("已延长 %(days)s 天") % {"days": clock.extension}
    return ""


def _file_rows(declared: CaseType, case: Case) -> list[Row]:
    kinds = dict(declared.evidence_kinds)
    return [
        Row(
            {
                "name": Cell(each.name, url=reverse("cases:file_download", args=[case.pk, each.pk])),
                "kind": kinds.get(each.kind, ""),
                "round": each.round,
                "at": each.event.at,
            },
            key=str(each.pk),
        )
        for each in files_of(case)
    ]


def _timeline(declared: CaseType, case: Case) -> list[TimelineEntry]:
    events = events_of(case)
    sealed: dict[Any, Entry] = {entry.uid: entry for entry in entries_of(subject_of(case))}
    shared = {each.seal for each in events if each.step == REDATE and each.seal}  # one seal for all the cases of a plan
    sealed |= {entry.uid: entry for entry in Entry.objects.filter(uid__in=shared)} if shared else {}
    brought = origins_of({each.batch for each in events if each.batch})
    return [_entry(declared, event, *_seal_of(event, sealed, brought)) for event in events]


def _seal_of(event: CaseEvent, sealed: Mapping[Any, Entry], brought: Mapping[int, Origin]) -> tuple[str, str]:
    """The seal of a step and where it is shown: its own, or that of the import that told of it."""
    if event.batch and event.batch in brought:
        return brought[event.batch].seal, reverse("imports:batch_detail", args=[event.batch])
    entry = sealed.get(event.seal)
    return (entry.seal, reverse("notary:entry_detail", args=[entry.uid])) if entry else ("", "")


def _entry(declared: CaseType, event: CaseEvent, seal: str, seal_url: str) -> TimelineEntry:
    title, icon = step_words(declared, event.step)
    state = declared.by_state.get(event.state)
    return TimelineEntry(
        title, event.at, by=actor(event.by), body=_told(event, state.title if state else ""), icon=icon,
        state=OVERDUE if event.step == "escalate" else "", seal=seal, seal_url=seal_url,
    )  # fmt: skip


def _told(event: CaseEvent, state: Text) -> str:
    parts = [event.note]
    if event.data.get("due_on"):
        parts.append(_("期限 %(day)s") % {"day": event.data["due_on"]})
    if event.data.get("rung_level"):
        parts.append(_("第 %(level)s 级") % {"level": event.data["rung_level"]})
    if event.data.get("owner"):
        parts.append(_("责任人 %(name)s") % {"name": event.data["owner"]})
    if files := [each.name for each in event.files.all()]:
        parts.append(_("附 %(files)s") % {"files": "、".join(files)})
    if state and event.step not in ENGINE_STEPS:
        parts.append(_("现为“%(state)s”") % {"state": state})
    return "；".join(filter(None, parts))


@requires(CASE_READ)
def file_download(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """A piece of evidence, for whoever may see the case."""
    case = case_for(request.user, pk)
    found = CaseFile.objects.select_related("stored").filter(case=case, pk=file).first()
    if found is None:
        raise Http404(file)
    return Door.of_page(request).let_out_stored(
        found.stored,
        found.name,
        kind=Kind.FILE,
        subject=f"cases.case:{case.pk}",
        title=f"{case}（{found.name}）",
        at=timezone.now(),
    )
