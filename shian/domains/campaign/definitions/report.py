"""The self-assessment report: what the evaluation adds to the template of engine/reports."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shian.domains.campaign.actions.reports import refresh_evaluation
from shian.domains.campaign.models import ItemResult, ItemState
from shian.domains.campaign.queries.answers import NO_LEAD, weights_note
from shian.domains.campaign.queries.declared import DECIMALS, decimals_of
from shian.domains.campaign.queries.evaluations import NotEvaluated, Score, kept_evaluation, report_blockers
from shian.domains.campaign.queries.report_figures import (
    FAILED,
    NOT_APPLICABLE,
    PARTIAL,
    PASSED,
    UNKNOWN,
    Findings,
    Gap,
    findings_of,
    gaps_of,
    outcome_of,
    points_to_gain,
    veto_word,
)
from shian.domains.campaign.queries.shown import TOTAL, ShownScore, shown_scores
from shian.domains.campaign.rules.rounding import rounded
from shian.engine.reports.kinds import Blocker, ReportColumn, ReportContext, ReportKind, ReportTable, SuppliedFigure
from shian.kernel.scope.rules import key_of_code
from shian.kernel.ui.figures import figure_text
from shian.kernel.ui.formats import difference_unit

SHORTFALLS = 8
SOURCE = "创建评价结果"
OUTCOME_WORDS = {PASSED: "达标", PARTIAL: "部分达标", FAILED: "不达标", UNKNOWN: "未定", NOT_APPLICABLE: "不适用"}


def self_assessment(area: str, as_of: date) -> ReportContext:
    """Words, figures and tables for one area; nothing but 〔待补充〕 when it was never evaluated."""
    found = findings_of(area, as_of)
    words: dict[str, Any] = {
        "vetoes": [_veto_words(result) for result in found.vetoes],
        "shortfalls": [_gap_words(found, gap) for gap in gaps_of(found)[:SHORTFALLS]],
    }
    figures = [*_figures(found), *(_gap_figure(found, result) for result in found.results)]
    tables = (_sections_table(found), _items_table(found), _losses_table(found), _vetoes_table(found))
    return ReportContext(words=words, figures={each.key: each for each in figures}, tables=tables)


def _figures(found: Findings) -> list[SuppliedFigure]:
    counts, total = found.outcomes, found.total
    remark = "（示例权重）" if found.evaluation.scoring.is_illustrative else ""
    vetoes = found.vetoes
    losing = [loss for loss in found.losses if loss.unit and (loss.items or loss.unknown_items)]
    return [
        _count("items", "评价内容", len(found.results)),
        _count("passed", "达标项目", counts[PASSED]),
        _count("partial", "部分达标项目", counts[PARTIAL]),
        _count("failed", "不达标项目", counts[FAILED]),
        _count("unknown", "未定项目", counts[UNKNOWN]),
        _count("not_applicable", "不适用项目", counts[NOT_APPLICABLE]),
        _points("score", "综合得分", total.earned, remark),
        _points("full", "满分", total.possible, remark),
        SuppliedFigure(
            "campaign.score_rate", "已定项目得分率", _rate(total.earned, total.decided), "%", decimals=1,
            part=total.earned, whole=total.decided, source=SOURCE, remark=remark,
        ),
        _count("vetoes", "否决情形", len(vetoes)),
        _count("vetoes_triggered", "触发的否决情形", sum(row.veto_state == "triggered" for row in vetoes)),
        _count("vetoes_unknown", "未定的否决情形", sum(row.veto_state == "unknown" for row in vetoes)),
        _count("units_losing", "有待得分的牵头单位", len(losing), "个"),
        _points("points_to_gain", "可提高的分值", total.lost + total.undecided, remark),
    ]  # fmt: skip


def _count(key: str, title: str, value: int, unit: str = "项") -> SuppliedFigure:
    return SuppliedFigure(f"campaign.{key}", title, value, unit, source=SOURCE)


def _points(key: str, title: str, value: Decimal, remark: str) -> SuppliedFigure:
    return SuppliedFigure(f"campaign.{key}", title, value, "分", decimals=2, source=SOURCE, remark=remark)


def _rate(part: Decimal, whole: Decimal) -> Decimal | None:
    return part / whole * 100 if whole else None


def _veto_words(result: ItemResult) -> dict[str, Any]:
    key, title = f"campaign.veto.{result.indicator.code}", result.indicator.title
    value = margin = None
    if result.value is not None:
        decimals, distance = decimals_of(result), difference_unit(result.unit)
        value = SuppliedFigure(key, title, result.value, result.unit, decimals, source=SOURCE)
        margin = SuppliedFigure(f"{key}.margin", f"{title}余量", result.margin, distance, decimals, source=SOURCE)
    threshold = f"{result.operator}{figure_text(result.threshold, result.unit)}" if result.threshold is not None else ""
    return {
        "title": result.indicator.title,
        "result": veto_word(result),
        "value": value,
        "threshold": threshold,
        "margin": margin,
        "reason": result.stated_reason or result.reason,
    }


def _gap_figure(found: Findings, result: ItemResult) -> SuppliedFigure:
    """What the item can still earn; zero for one that can earn nothing, so that a check always finds the figure."""
    remark = "（示例权重）" if found.evaluation.scoring.is_illustrative else ""
    code, title = result.indicator.code, f"{result.indicator.title}可提高分值"
    return SuppliedFigure(
        f"campaign.gap.{code}", title, points_to_gain(result), "分", DECIMALS, source=SOURCE, remark=remark
    )


def _gap_words(found: Findings, gap: Gap) -> dict[str, Any]:
    result = gap.result
    return {
        "title": result.indicator.title,
        "section": found.sections[result.section_number],
        "reason": (result.stated_reason or result.reason or "实测未达到目标值").rstrip("。"),
        "points": _gap_figure(found, result),
        "lead": "、".join(found.lead_of(result)) or str(NO_LEAD),
    }


def _sections_table(found: Findings) -> ReportTable:
    columns = (ReportColumn("大项", 2.4), *(ReportColumn(name, 1, "right") for name in
               ("评价内容", "适用分值", "得分", "失分", "未定分值", "未定项数")))  # fmt: skip
    lines = [(number, title) for number, title in sorted(found.sections.items()) if number in found.scores]
    shown = shown_scores(found.scores)
    rows = [_score_cells(title, found.scores[number], shown[number]) for number, title in lines]
    return ReportTable(
        "sections", "各部分自评情况", columns, [*rows, _score_cells("合计", found.total, shown[TOTAL])],
        note=weights_note(found.evaluation), is_annex=False,
    )  # fmt: skip


def _score_cells(title: str, score: Score, shown: ShownScore) -> list[str]:
    points = (shown.possible, shown.earned, shown.lost, shown.undecided)
    return [title, str(score.items), *map(str, points), str(score.states[ItemState.UNKNOWN])]


def _items_table(found: Findings) -> ReportTable:
    columns = (
        ReportColumn("编号", 0.7), ReportColumn("评价内容", 2.6), ReportColumn("结果", 0.9), ReportColumn("依据", 0.9),
        ReportColumn("数值", 0.9, "right"), ReportColumn("目标值", 0.9, "right"), ReportColumn("差距", 0.8, "right"),
        ReportColumn("得分", 0.7, "right"), ReportColumn("牵头单位", 1.5), ReportColumn("说明", 3),
    )  # fmt: skip
    rows = [_item_cells(found, result) for result in found.results]
    return ReportTable(
        "items", "评价内容逐项结果", columns, rows, note=weights_note(found.evaluation), is_landscape=True
    )


def _item_cells(found: Findings, result: ItemResult) -> list[str]:
    decimals = decimals_of(result)
    value, threshold = figure_text(result.value, result.unit, decimals), figure_text(result.threshold, result.unit)
    margin = figure_text(result.margin, difference_unit(result.unit), decimals)
    return [
        result.indicator.code,
        result.indicator.title,
        OUTCOME_WORDS[outcome_of(result)],
        str(ItemState(result.state).label),
        value,
        f"{result.operator}{threshold}" if threshold else "",
        margin,
        "" if result.score is None else str(rounded(result.score)),
        "、".join(found.lead_of(result)) or str(NO_LEAD),
        result.stated_reason or result.reason,
    ]


def _losses_table(found: Findings) -> ReportTable:
    columns = (ReportColumn("牵头单位", 2), ReportColumn("失分", 0.8, "right"), ReportColumn("未定分值", 0.8, "right"),
               ReportColumn("失分项", 3), ReportColumn("未定项", 3))  # fmt: skip
    rows = [
        [loss.unit.name if loss.unit else str(NO_LEAD), f"{loss.shown_lost}", f"{loss.shown_undecided}",
         "、".join(loss.items), "、".join(loss.unknown_items)]
        for loss in found.losses
    ]  # fmt: skip
    note = "同一评价内容有几个牵头单位的，分值平均计入各单位。" + weights_note(found.evaluation)
    return ReportTable("losses", "按牵头单位归集的失分", columns, rows, note=note)


def _vetoes_table(found: Findings) -> ReportTable:
    columns = (ReportColumn("编号", 0.7), ReportColumn("否决情形", 2), ReportColumn("结果", 1),
               ReportColumn("数值", 1, "right"), ReportColumn("标准", 1, "right"), ReportColumn("余量", 1, "right"),
               ReportColumn("说明", 3))  # fmt: skip
    rows = []
    for result in found.vetoes:
        cells = _item_cells(found, result)
        rows.append([cells[0], cells[1], veto_word(result), cells[4], cells[5], cells[6], cells[9]])
    return ReportTable("vetoes", "否决情形逐项核查结果", columns, rows)


def items_without_result(area: str, as_of: date) -> Sequence[Blocker]:
    """What forbids the report: no evaluation at all, or items with neither score nor stated reason."""
    try:
        evaluation = kept_evaluation(area, as_of)
    except NotEvaluated as error:
        return [Blocker(gettext("尚未评价"), str(error), reverse("campaign:item_list"))]
    key = key_of_code(area)
    seen = urlencode({"area": key, "as_of": as_of})
    return [
        Blocker(f"{item.code} {item.title}", item.reason, f"{reverse('campaign:item_detail', args=[item.code])}?{seen}")
        for item in report_blockers(evaluation, key)
    ]


SELF_ASSESSMENT = ReportKind(
    "self_assessment",
    _("自查自评报告"),
    template="self_assessment",
    context=self_assessment,
    blockers=items_without_result,
    refresh=refresh_evaluation,
)
