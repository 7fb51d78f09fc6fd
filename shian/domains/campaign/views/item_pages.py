"""One item for one area: value, threshold, margin, children, definition, evidence, verdicts, timeline (pattern 4)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.campaign.models import Channel, Indicator, ItemResult, ItemState, Method, Verdict, VerdictWord
from shian.domains.campaign.permissions import EVALUATION_VIEW, MEASURED_ENTER, REASON_STATE, VERDICT_ENTER
from shian.domains.campaign.queries import inputs
from shian.domains.campaign.queries.answers import weights_note
from shian.domains.campaign.queries.declared import DECIMALS, decimals_of, decimals_of_measure
from shian.domains.campaign.queries.evaluations import child_results, item_result, verdicts_of
from shian.domains.campaign.queries.measured import entry_of
from shian.domains.campaign.queries.progress import deadline_of
from shian.domains.campaign.queries.report_figures import outcome_of
from shian.domains.campaign.queries.standards import standard_in_force
from shian.domains.campaign.queries.supporting import Supporting, supporting_figures
from shian.domains.campaign.queries.units import Units, department_names, units_for
from shian.domains.campaign.queries.wording import conversion_text
from shian.domains.campaign.rules import Reading, converted, points
from shian.domains.campaign.rules.readings import plain_text
from shian.domains.campaign.rules.rounding import rounded
from shian.domains.campaign.tables.results import (
    OUTCOMES,
    RANKING,
    level_words,
    margin_text,
    points_text,
    ranking_row,
    target_text,
)
from shian.domains.campaign.views.items import decimal_from
from shian.domains.campaign.views.sights import Seen, crumbs, seen, weights_callout
from shian.kernel.accounts.permissions import requires
from shian.kernel.notary.deeds import deed_text
from shian.kernel.notary.queries import entries_of
from shian.kernel.scope.rules import code_of_key
from shian.kernel.ui.actors import actor
from shian.kernel.ui.languages import ChineseText
from shian.kernel.ui.pages import FigurePage, RecordPage
from shian.kernel.ui.panels import panel_body, tabs_for
from shian.kernel.ui.pieces import Action, Callout, Crumb, Fact, Section, Tab, TimelineEntry
from shian.kernel.ui.tables import Table

TIMELINE = 20
ACTION_WORDS = frozenset({"campaign.reason_stated", "campaign.item_rescored", "campaign.measured_entered"})


@requires(EVALUATION_VIEW)
def item_detail(request: HttpRequest, code: str) -> HttpResponse:
    """The item in its area; before the first evaluation its definition alone."""
    found = seen(request)
    if found.sight.evaluation is None:
        return _definition_only(request, code)
    result = item_result(found.evaluation, code, found.area_key, request.user)
    units = units_for(found.evaluation.standard, found.area_key, found.as_of)
    indicator = result.indicator
    word, state = OUTCOMES[outcome_of(result)]
    figure = FigurePage(
        ChineseText(f"{indicator.code} {indicator.title}"),
        result.value if result.value is not None else result.score,
        unit=result.unit if result.value is not None else _("分"),
        decimals=decimals_of(result) if result.value is not None else DECIMALS,
        target=target_text(result.operator, result.threshold, result.unit),
        margin=margin_text(result.margin, result.unit, decimals_of(result)),
        state=state,
        state_label=word,
        crumbs=crumbs(Crumb(found.title, f"{reverse('campaign:item_list')}?{_seen_at(found)}")),
        actions=_actions(request.user, found, result),
        tabs=_tabs(request, found, result),
        filters=None,
        ranking=_ranking(request.user, found, indicator),
        facts=[
            result_section(result),
            *measure_sections(result, found),
            *_supporting_section(supporting_figures(indicator, found.area_key, found.as_of), found),
            _duty_section(result, units, deadline_of(result, request.user, timezone.localdate())),
            *_indicator_sections(indicator),
        ],
        notes=_notes(request, found, result),
    )
    timeline = item_timeline(found, code, request.user)
    context = {"figure": figure, "timeline": timeline, "result": result, "body": panel_body("item", result, request)}
    return render(request, "campaign/item_detail.html", context)


def _tabs(request: HttpRequest, found: Seen, result: ItemResult) -> list[Tab]:
    """What other nouns tell of the item, in the same area and on the same day."""
    return [
        replace(tab, url=f"{tab.url}{'&' if '?' in tab.url else '?'}{_seen_at(found)}")
        for tab in tabs_for("item", result, request)
    ]


def _definition_only(request: HttpRequest, code: str) -> HttpResponse:
    standard = standard_in_force()
    indicator = Indicator.objects.filter(standard=standard, code=code).select_related("point__section").first()
    if indicator is None:
        raise Http404(code)
    names = department_names(indicator.standard_id)
    duties = Section(
        _("牵头和责任单位"),
        [
            Fact(_("牵头单位"), "、".join(names.get(each, each) for each in indicator.stated_leads) or _("无牵头单位")),
            Fact(_("责任单位"), "、".join(names.get(each, each) for each in indicator.responsible_codes)),
        ],
    )
    page = RecordPage(
        ChineseText(indicator.title),
        code=indicator.code,
        kind=_("评价内容"),
        crumbs=crumbs(),
        sections=[duties, *_indicator_sections(indicator)],
    )
    return render(request, "ui/page_record.html", {"record": page})


def _seen_at(found: Seen) -> str:
    return urlencode({"area": found.area_key, "as_of": found.as_of})


def _actions(user: Any, found: Seen, result: ItemResult) -> list[Action]:
    code, at = result.indicator.code, _seen_at(found)
    actions = []
    if VERDICT_ENTER(user).allowed and result.level in result.indicator.levels:
        url = f"{reverse('campaign:verdict_enter', args=[code])}?{at}"
        actions.append(Action(_("录入评审结论"), url, icon="gavel", kind="primary"))
    if MEASURED_ENTER(user).allowed and entry_of(result.indicator, result.level):
        url = f"{reverse('campaign:measured_enter', args=[code])}?{at}"
        actions.append(Action(_("录入实测值"), url, icon="edit"))
    if REASON_STATE(user).allowed and result.state == ItemState.UNKNOWN:
        url = f"{reverse('campaign:reason_state', args=[code])}?{at}"
        actions.append(Action(_("说明理由"), url, icon="edit"))
    return actions


def _ranking(user: Any, found: Seen, indicator: Indicator) -> Table | None:
    rows = list(child_results(found.evaluation, indicator, found.area_key, user))
    if not any(row.level in indicator.levels for row in rows):
        return None
    order = {state: place for place, state in enumerate(("failed", "partial", "unknown", "passed", "not_applicable"))}
    rows.sort(key=lambda each: (order[outcome_of(each)], each.margin or Decimal(0), each.area_key))
    drawn = [ranking_row(each, indicator.code, found.names, found.as_of) for each in rows]
    return Table(RANKING, drawn, caption=_("下级区划"), id="ranking")


def _two(number: Decimal | None) -> Decimal | None:
    return None if number is None else rounded(number)


def result_section(result: ItemResult) -> Section:
    facts = [
        Fact(_("来源"), ItemState(result.state).label),
        Fact(_("分值"), rounded(result.weight), kind="number", unit=_("分"), note=weights_note(result.evaluation)),
        Fact(_("得分"), _two(result.score), kind="number", unit=_("分")),
        Fact(_("失分"), _two(result.lost), kind="number", unit=_("分")),
        Fact(_("折算公式"), conversion_text(result.formula)),
        Fact(_("说明"), result.reason),
        Fact(_("创建办说明的理由"), result.stated_reason),
    ]
    verdict = result.basis.get("verdict")
    if verdict:
        facts.append(Fact(_("评审结论"), VerdictWord(verdict["verdict"]).label, note=verdict["reason"]))
        facts.append(Fact(_("评审人"), f"{verdict['reviewer']} {verdict['reviewed_on']}"))
    return Section(_("本项结果"), [fact for fact in facts if fact.value not in (None, "")])


def measure_sections(result: ItemResult, found: Seen) -> list[Section]:
    """One box per number of the item: value, part and whole, threshold, and the link to the figure's own page."""
    return [_measure_section(line, found) for line in result.basis["measures"]]


def _measure_section(line: dict[str, Any], found: Seen) -> Section:
    reading = Reading.from_json(line)
    url = figure_url(reading.measure, found) if reading.measure else ""
    met = {True: "done", False: "overdue", None: "waiting"}[reading.met]
    word = {True: _("达到目标值"), False: _("未达到目标值"), None: _("没有数值")}[reading.met]
    facts = [
        Fact(_("数值"), points_text(reading.value, reading.unit, decimals_of_measure(reading.measure)), url=url),
        Fact(_("目标值"), target_text(reading.operator, reading.threshold, reading.unit)),
        Fact(_("余量"), margin_text(reading.margin, reading.unit, decimals_of_measure(reading.measure))),
        Fact(_("分子"), reading.part if reading.whole is not None else None, kind="number"),
        Fact(_("分母"), reading.whole, kind="number"),
        Fact(_("判断"), word, state=met),
        Fact(_("原因"), reading.reason),
    ]
    return Section(reading.title, [fact for fact in facts if fact.value not in (None, "")])


def figure_url(measure: str, found: Seen) -> str:
    """The page of a measure for this area and date."""
    page = reverse("figures:figure_detail", args=[measure])
    return f"{page}?{urlencode({'area': code_of_key(found.area_key), 'as_of': found.as_of})}"


def _supporting_section(figures: list[Supporting], found: Seen) -> list[Section]:
    """Numbers that stand beside the item and decide nothing."""
    facts = [
        Fact(each.title, each.shown if each.shown is not None else None, kind="number", unit=each.unit,
             url=figure_url(each.measure, found), note=each.reason)
        for each in figures
    ]  # fmt: skip
    return [Section(_("参考数据"), facts, note=_("供评审参考，不直接决定结果。"))] if facts else []


def _duty_section(result: ItemResult, units: Units, due_on: date | None) -> Section:
    code = result.indicator.code
    lead = units.names(result.lead_codes, code)
    inferred = units.names(result.indicator.lead_codes, code) if result.indicator.is_lead_inferred else []
    return Section(
        _("牵头和责任单位"),
        [
            Fact(
                _("牵头单位"),
                "、".join(lead) or _("无牵头单位"),
                state="" if lead else "waiting",
                note=_("推断为%(unit)s，不计作牵头单位") % {"unit": "、".join(inferred)} if inferred else "",
            ),
            Fact(_("责任单位"), "、".join(units.names(result.indicator.responsible_codes, code))),
            *([Fact(_("完成期限"), due_on, kind="date")] if due_on else []),
        ],
    )


def _indicator_sections(indicator: Indicator) -> list[Section]:
    registers = indicator.standard.registers
    definition = [
        Fact(_("内容要义"), ChineseText(indicator.gist)),
        Fact(_("大项"), ChineseText(indicator.point.section.title)),
        Fact(_("考评要点"), ChineseText(indicator.point.title)),
        Fact(_("检查方式"), _("、").join(str(Method(each).label) for each in indicator.methods)),
        Fact(_("主渠道"), Channel(indicator.primary_channel).label, note=indicator.standard.channel_note),
        Fact(_("适用层级"), level_words(indicator.levels)),
        Fact(_("数据登记"), "、".join(registers.get(each, each) for each in indicator.registers)),
        Fact(_("现场类别"), "、".join(indicator.field_sites)),
        Fact(_("说明"), ChineseText(indicator.note)),
    ]
    evidence = [Fact(str(number), ChineseText(each)) for number, each in enumerate(indicator.evidence, 1)]
    shown = [fact for fact in definition if fact.value not in (None, "")]
    return [Section(_("定义"), shown), Section(_("佐证材料"), evidence)]


def _notes(request: HttpRequest, found: Seen, result: ItemResult) -> list[Callout]:
    notes = [note for note in (weights_callout(found.evaluation), _trial(request, found, result)) if note]
    if result.state == ItemState.UNKNOWN:
        notes.append(Callout(_("未定：%(reason)s") % {"reason": result.reason}, state="waiting"))
    return notes


def _trial(request: HttpRequest, found: Seen, result: ItemResult) -> Callout | None:
    """?try=79.9 shows what a measured value would give, and by which formula; nothing is stored."""
    value = decimal_from(request.GET.get("try", ""))
    lines = result.basis["measures"]
    if value is None or not lines:
        return None
    item = inputs.assessed(result.indicator, found.evaluation.scoring)
    line = {**lines[0], "value": str(value), "part": None, "whole": None}
    ratio = converted(item.item.formula, [Reading.from_json(line)])
    formula = item.item.formula
    text = _("得 %(points)s 分（分值 %(weight)s，得分率 %(ratio)s），折算办法：%(kind)s。") % {
        "points": str(rounded(points(item.weight, ratio))),
        "weight": str(rounded(item.weight)),
        "ratio": plain_text(ratio),
        "kind": conversion_text(f"{formula.kind}@{formula.version}"),
    }
    return Callout(_("试算：实测 %(value)s") % {"value": value}, text, state="neutral")


def item_timeline(found: Seen, code: str, user: Any) -> list[TimelineEntry]:
    """Verdicts (imported ones are sealed with their batch) and what else was sealed about this item, newest first."""
    area = code_of_key(found.area_key)
    entries = list(entries_of(f"campaign.item:{code}/{area}")[:TIMELINE])
    seals = {entry.at: entry.seal for entry in entries if entry.action == "campaign.verdict_entered"}
    told = [
        TimelineEntry(
            _("评审结论：%(verdict)s") % {"verdict": verdict.get_verdict_display()},
            verdict.entered_at,
            by=verdict.reviewer,
            body=" ".join(filter(None, [str(verdict.reviewed_on), verdict.reason, _superseded(verdict)])),
            seal=seals.get(verdict.entered_at, ""),
        )
        for verdict in verdicts_of(found.evaluation, code, area, user)[:TIMELINE]
    ]
    told += [
        TimelineEntry(
            deed_text(entry.action),
            entry.at,
            by=actor(entry.actor),
            body=entry.data.get("reason", ""),
            seal=entry.seal,
        )
        for entry in entries
        if entry.action in ACTION_WORDS
    ]
    return sorted(told, key=lambda each: str(each.at), reverse=True)[:TIMELINE]


def _superseded(verdict: Verdict) -> str:
    return _("（已更正）") if verdict.superseded_at else ""
