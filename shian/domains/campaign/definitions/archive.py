"""The evaluation as an export set: one folder per item of an area, for the document review and for keeping (N-09)."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.campaign.models import (
    Channel,
    Evaluation,
    EvidenceNeed,
    ItemResult,
    ItemState,
    Method,
    NeedState,
    ReviewWord,
    RoundItem,
    Verdict,
    VerdictWord,
)
from shian.domains.campaign.queries.answers import item_as_json, weights_note
from shian.domains.campaign.queries.declared import decimals_of, decimals_of_measure
from shian.domains.campaign.queries.evaluations import prefixes, score_from, sight_for
from shian.domains.campaign.queries.evidence import accepted_links, links_of_need, rounds_of_need, standing_verdicts
from shian.domains.campaign.queries.report_figures import (
    FAILED,
    NOT_APPLICABLE,
    PARTIAL,
    PASSED,
    UNKNOWN,
    outcome_of,
)
from shian.domains.campaign.queries.units import Units, units_for
from shian.domains.campaign.rules import Reading
from shian.domains.campaign.rules.bindings import period_at
from shian.domains.campaign.rules.readings import plain_text
from shian.domains.campaign.rules.rounding import rounded
from shian.engine.archives.sets import (
    Contribution,
    FigureAsk,
    Group,
    ItemAsk,
    ItemFolder,
    SetAsk,
    SetContent,
    SetKind,
    SetNotReady,
)
from shian.kernel.files.queries import path_of
from shian.kernel.scope.rules import code_of_key, columns_of_key
from shian.kernel.ui.figures import figure_text
from shian.kernel.ui.masking import masked_name
from shian.kernel.ui.states import DONE, DUE, NEUTRAL, OVERDUE, WAITING, Text
from shian.registers.areas.queries import area_at

PERSON_LENGTH = 4  # a reviewer's name of so many characters is a person's, a longer one a body's
OUTCOMES: dict[str, tuple[Text, str]] = {
    PASSED: (gettext_lazy("达标"), DONE),
    PARTIAL: (gettext_lazy("部分达标"), DUE),
    FAILED: (gettext_lazy("不达标"), OVERDUE),
    UNKNOWN: (gettext_lazy("未定"), WAITING),
    NOT_APPLICABLE: (gettext_lazy("不适用"), NEUTRAL),
}
SIGNS = {">=": "≥", "<=": "≤"}
Verdicts = dict[str, list[Verdict]]


def evaluation_set(ask: SetAsk) -> SetContent:
    """The kept evaluation of the area and day. Raises SetNotReady, OutOfReach."""
    found = sight_for(ask.reader, code_of_key(ask.area), ask.as_of).evaluation
    if found is None:
        text = _("%(area)s 在 %(day)s 还没有评价结果，请先运行评价。")
        raise SetNotReady(text % {"area": code_of_key(ask.area), "day": ask.as_of})
    results = _results(found, ask)
    if not results:
        raise SetNotReady(_("%(day)s 的评价结果里没有这个区划。") % {"day": ask.as_of})
    verdicts = _verdicts(found, ask)
    units = units_for(found.standard, ask.area, ask.as_of)
    area = area_at(code_of_key(ask.area), ask.as_of)
    return SetContent(
        title=_("%(standard)s · 评价档案") % {"standard": found.standard.title},
        area_name=area.name if area else code_of_key(ask.area),
        facts=_facts(found, ask, results),
        items=[_folder(result, units, verdicts.get(result.indicator.code, []), ask) for result in results],
        notes=[weights_note(found)] if found.scoring.is_illustrative else [],
        data={"standard": found.standard.key, "scoring": found.scoring.key, "digest": found.result_digest},
    )


def _results(evaluation: Evaluation, ask: SetAsk) -> list[ItemResult]:
    rows = ItemResult.objects.visible_to(ask.reader).filter(evaluation=evaluation, area_key=ask.area)
    related = rows.select_related("indicator__point__section", "indicator__standard", "evaluation__scoring")
    return list(related.prefetch_related("indicator__measures").order_by("indicator__order"))


def _verdicts(evaluation: Evaluation, ask: SetAsk) -> Verdicts:
    """Item → its verdicts up to the day, newest first, corrected ones included."""
    rows = Verdict.objects.visible_to(ask.reader).filter(
        standard=evaluation.standard_id, area_code=code_of_key(ask.area), reviewed_on__lte=evaluation.as_of
    )
    found: Verdicts = {}
    for row in rows.order_by("-reviewed_on", "-id"):
        found.setdefault(row.indicator_code, []).append(row)
    return found


def _facts(evaluation: Evaluation, ask: SetAsk, results: Sequence[ItemResult]) -> list[tuple[Text, Text]]:
    outcomes = [outcome_of(each) for each in results]
    counts = [(word, outcomes.count(outcome)) for outcome, (word, _tone) in OUTCOMES.items()]
    facts: list[tuple[Text, Text]] = [
        (_("评价细则"), f"{evaluation.standard.title}（{evaluation.standard.key}）"),
        (_("计分"), weights_note(evaluation)),
        *((word, _("%(count)s 项") % {"count": count}) for word, count in counts),
    ]
    row = evaluation.scores.filter(area_key=ask.area, section_number=0).first()
    if row is not None:
        score = score_from(row, evaluation.scoring)
        facts += [
            (_("得分"), f"{rounded(score.earned)} / {rounded(score.possible)}"),
            (_("失分"), str(rounded(score.lost))),
            (_("未定分值"), str(rounded(score.undecided))),
        ]
    return [*facts, (_("评价结果摘要"), evaluation.result_digest)]


def _folder(result: ItemResult, units: Units, verdicts: Sequence[Verdict], ask: SetAsk) -> ItemFolder:
    indicator = result.indicator
    word, tone = OUTCOMES[outcome_of(result)]
    subjects = [f"campaign.item:{indicator.code}/{code_of_key(key)}" for key in prefixes(ask.area)[-1:]]
    return ItemFolder(
        code=indicator.code,
        title=indicator.title,
        section=f"{indicator.point.section.title} › {indicator.point.title}",
        state=word,
        tone=tone,
        score="" if result.score is None else f"{rounded(result.score)} / {rounded(result.weight)}",
        value=figure_text(result.value, result.unit, decimals_of(result)),
        groups=_groups(result, units, verdicts),
        data=_data(result, units, verdicts),
        figures=_figures(result, ask),
        subjects=[*subjects, *_evidence_subjects(result, ask), f"campaign.evaluation:{result.evaluation_id}"],
    )


def _figures(result: ItemResult, ask: SetAsk) -> list[FigureAsk]:
    """The bound measures of the item at this level, and those that stand beside it."""
    bound = [
        FigureAsk(row.measure, period_at(row.bound_period, ask.as_of))
        for row in result.indicator.measures.all()
        if row.measure and result.level in row.levels
    ]
    beside = [FigureAsk(row["measure"], period_at(row["period"], ask.as_of)) for row in result.indicator.supporting]
    return list(dict.fromkeys([*bound, *beside]))


def _groups(result: ItemResult, units: Units, verdicts: Sequence[Verdict]) -> list[Group]:
    readings = [Reading.from_json(line) for line in result.basis["measures"]]
    groups = [
        _result_group(result),
        *(_reading_group(reading) for reading in readings),
        *(_verdict_group(verdict) for verdict in verdicts),
        *_round_groups(result),
        _duty_group(result, units),
        _definition_group(result),
    ]
    evidence = [(str(number), each) for number, each in enumerate(result.indicator.evidence, 1)]
    return [*groups, Group(_("应有佐证材料"), evidence)] if evidence else groups


def _said(lines: Sequence[tuple[Text, Any]]) -> list[tuple[Text, Text]]:
    """The lines that say something."""
    return [(name, str(value)) for name, value in lines if value not in (None, "")]


def _result_group(result: ItemResult) -> Group:
    lines = [
        (_("来源"), ItemState(result.state).label),
        (_("分值"), rounded(result.weight)),
        (_("得分"), None if result.score is None else rounded(result.score)),
        (_("失分"), None if result.lost is None else rounded(result.lost)),
        (_("折算公式"), result.formula),
        (_("说明"), result.reason),
        (_("创建办说明的理由"), result.stated_reason),
    ]
    return Group(_("本项结果"), _said(lines))


def _reading_group(reading: Reading) -> Group:
    met: dict[bool | None, str] = {True: _("达到目标值"), False: _("未达到目标值"), None: _("没有数值")}
    decimals = decimals_of_measure(reading.measure)
    made_of = None if reading.whole is None else f"{_plain(reading.part)} / {_plain(reading.whole)}"
    lines = [
        (_("数值"), figure_text(reading.value, reading.unit, decimals)),
        (_("目标值"), f"{SIGNS.get(reading.operator, reading.operator)} {_plain(reading.threshold)}{reading.unit}"),
        (_("余量"), figure_text(reading.margin, "", decimals)),
        (_("分子 / 分母"), made_of),
        (_("判断"), met[reading.met]),
        (_("原因"), reading.reason),
        (_("统计口径"), reading.measure),
    ]
    return Group(reading.title, _said(lines))


def _plain(number: Decimal | None) -> str:
    return "—" if number is None else plain_text(number)


def _verdict_group(verdict: Verdict) -> Group:
    title = _("评审结论 %(day)s") % {"day": verdict.reviewed_on}
    lines = [
        (_("结论"), VerdictWord(verdict.verdict).label),
        (_("得分率"), plain_text(verdict.ratio)),
        (_("理由"), verdict.reason),
        (_("评审人"), _reviewer(verdict.reviewer)),
        (_("更正"), _("其后已更正") if verdict.superseded_at else ""),
    ]
    return Group(title, _said(lines))


def _reviewer(name: str) -> str:
    """A person's name is masked, a body's stands."""
    return masked_name(name) if len(name) <= PERSON_LENGTH else name


def _duty_group(result: ItemResult, units: Units) -> Group:
    code = result.indicator.code
    lead = "、".join(units.names(result.lead_codes, code)) or _("无牵头单位")
    responsible = "、".join(units.names(result.indicator.responsible_codes, code))
    return Group(_("牵头和责任单位"), _said([(_("牵头单位"), lead), (_("责任单位"), responsible)]))


def _round_groups(result: ItemResult) -> list[Group]:
    """Every round of review that listed the item: why it was on the list, and where the round left it."""
    need = EvidenceNeed.objects.filter(item_code=result.indicator.code, **columns_of_key(result.area_key)).first()
    items = rounds_of_need(need) if need else []
    found = []
    for item in items:
        lines = [
            (_("列入原因"), NeedState(item.before).label),
            (_("本轮结论"), NeedState(item.outcome).label),
            *_round_lines(item),
        ]
        found.append(Group(_("佐证审核：%(title)s") % {"title": item.round.title}, _said(lines)))
    return found


def _round_lines(item: RoundItem) -> list[tuple[Text, Any]]:
    """The documents that the round judged under the item, with version, verdict and comment."""
    links = links_of_need(item.need)
    verdicts = standing_verdicts(links)
    told = [(link, verdicts.get((link.pk, item.round_id))) for link in links]
    return [
        (link.evidence.title, " ".join(filter(None, [str(ReviewWord(given.verdict).label),
         _("版本 %(number)s") % {"number": given.version.number}, given.comment])))
        for link, given in told if given
    ]  # fmt: skip


def _evidence_subjects(result: ItemResult, ask: SetAsk) -> list[str]:
    """What was sealed about the accepted documents: filing, versions, verdicts."""
    links = accepted_links(result.indicator.code, result.area_key, ask.as_of)
    return [f"campaign.evidence:{each.evidence_id}" for each in links]


def accepted_files(ask: ItemAsk) -> Iterable[Contribution]:
    """The accepted version of every document under the item, as it was pinned."""
    for link in accepted_links(ask.code, ask.area, ask.as_of):
        version = link.accepted
        path = path_of(link.accepted_sha256)
        if version is None or not path.exists():
            continue
        evidence = link.evidence
        told = _("%(unit)s · %(doc)s · 版本 %(number)s · SHA-256 %(hash)s") % {
            "unit": evidence.unit.name, "doc": evidence.doc_no or _("无文号"), "number": version.number,
            "hash": link.accepted_sha256,
        }  # fmt: skip
        yield Contribution(version.name, path, evidence.title, told)


def _definition_group(result: ItemResult) -> Group:
    indicator = result.indicator
    registers = indicator.standard.registers
    lines = [
        (_("内容要义"), indicator.gist),
        (_("检查方式"), "、".join(str(Method(each).label) for each in indicator.methods)),
        (_("主渠道"), Channel(indicator.primary_channel).label),
        (_("数据登记"), "、".join(registers.get(each, each) for each in indicator.registers)),
        (_("现场类别"), "、".join(indicator.field_sites)),
        (_("说明"), indicator.note),
    ]
    return Group(_("定义"), _said(lines))


def _data(result: ItemResult, units: Units, verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """The same for programs, the basis whole; a reviewer who is a person is masked."""
    told = item_as_json(result, units)
    basis = dict(told["basis"])
    if basis.get("verdict"):
        basis["verdict"] = {**basis["verdict"], "reviewer": _reviewer(basis["verdict"]["reviewer"])}
    given = [
        {
            "verdict": each.verdict,
            "ratio": plain_text(each.ratio),
            "reason": each.reason,
            "reviewer": _reviewer(each.reviewer),
            "reviewed_on": each.reviewed_on.isoformat(),
            "is_superseded": each.superseded_at is not None,
        }
        for each in verdicts
    ]
    indicator = result.indicator
    defined = {"gist": indicator.gist, "evidence": list(indicator.evidence), "registers": list(indicator.registers)}
    return {**told, **defined, "basis": basis, "verdicts": given, "digest": result.digest}


EVALUATION_SET = SetKind("evaluation", gettext_lazy("评价档案"), evaluation_set)
