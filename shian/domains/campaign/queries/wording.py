"""What the rules find, in words: problems of a source, quantified targets."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.domains.campaign.rules.catalogues import Candidate
from shian.domains.campaign.rules.problems import Invalid, Problem
from shian.domains.campaign.rules.readings import plain_text
from shian.kernel.ui.states import Text

CONVERSIONS: dict[str, Text] = {
    "step": gettext_lazy("达到全部目标得满分，否则不得分"),
    "pro_rata": gettext_lazy("按实测值与目标值之比"),
    "share_met": gettext_lazy("按达到目标的指标所占比例"),
    "floor": gettext_lazy("在下限与满分线之间按比例"),
}
TEMPLATES: dict[str, Text] = {
    "file.no_standard": gettext_lazy("文件不是评价细则：缺少 meta 一节。"),
    "file.kind": gettext_lazy("%(name)s：请上传 XLSX 或 YAML 文件。"),
    "file.workbook": gettext_lazy("工作簿无法读取：%(error)s"),
    "file.yaml": gettext_lazy("文件不是有效的 YAML：%(error)s"),
    "standard.superseded": gettext_lazy("%(title)s（修订 %(revision)s）已被取代，不能再启用。"),
    "pack.no_sections": gettext_lazy("文件中没有任何大项。"),
    "item.twice": gettext_lazy("评价内容 %(item)s：编号重复 %(times)s 次。"),
    "item.lacks": gettext_lazy("评价内容 %(item)s：缺少 %(field)s。"),
    "item.channel": gettext_lazy("评价内容 %(item)s：主渠道“%(value)s”不在 %(known)s 之内。"),
    "item.method": gettext_lazy("评价内容 %(item)s：检查方式“%(value)s”不认识。"),
    "item.level": gettext_lazy("评价内容 %(item)s：适用层级“%(value)s”不认识。"),
    "item.department": gettext_lazy("评价内容 %(item)s：部门代码 %(value)s 不在部门表中。"),
    "measure.lacks": gettext_lazy("评价内容 %(item)s，指标 %(measure)s：缺少 %(field)s。"),
    "measure.comparison": gettext_lazy(
        "评价内容 %(item)s，指标 %(measure)s：比较 %(operator)s %(threshold)s 无法计算。"
    ),
    "sheet.missing": gettext_lazy("缺少工作表“%(sheet)s”。"),
    "sheet.columns": gettext_lazy("工作表“%(sheet)s”缺少列：%(columns)s。"),
    "cell.no_item": gettext_lazy("工作表“%(sheet)s”第 %(row)s 行“%(column)s”：“%(value)s”不是评价内容的编号。"),
    "cell.unknown": gettext_lazy(
        "工作表“%(sheet)s”第 %(row)s 行“%(column)s”：“%(value)s”不认识，请改为表中已有的名称。"
    ),
    "cell.no_whole_number": gettext_lazy("工作表“%(sheet)s”第 %(row)s 行“%(column)s”：“%(value)s”不是整数。"),
    "cell.no_number": gettext_lazy("工作表“%(sheet)s”第 %(row)s 行“%(column)s”：“%(value)s”不是数字。"),
    "plan.no_clauses": gettext_lazy("文件中没有任何任务条款。"),
    "plan.other_standard": gettext_lazy("任务分工属于细则 %(named)s，不是 %(standard)s。"),
    "clause.no_title": gettext_lazy("第 %(number)s 条：缺少标题。"),
    "clause.no_items": gettext_lazy("第 %(number)s 条%(title)s：没有对应的评价内容。"),
    "clause.no_units": gettext_lazy("第 %(number)s 条%(title)s：既没有牵头单位，也没有责任单位。"),
    "clause.item": gettext_lazy("第 %(number)s 条%(title)s：评价内容 %(value)s 不在细则中。"),
    "clause.department": gettext_lazy("第 %(number)s 条%(title)s：部门代码 %(value)s 不在部门表中。"),
    "schedule.shape": gettext_lazy("文件不是工作计划：%(error)s"),
    "schedule.numbers": gettext_lazy("阶段要从 1 起连续编号。"),
    "schedule.overlap": gettext_lazy("阶段“%(title)s”应在“%(before)s”结束以后开始。"),
    "schedule.no_days": gettext_lazy("阶段“%(title)s”的截止日期早于开始日期。"),
    "schedule.final": gettext_lazy("最终期限 %(final_on)s 应是最后一个阶段的截止日期。"),
    "schedule.stage": gettext_lazy("步骤“%(title)s”：没有第 %(value)s 阶段。"),
    "schedule.item": gettext_lazy("步骤“%(title)s”：评价内容 %(value)s 不在细则中。"),
    "schedule.department": gettext_lazy("步骤“%(title)s”：部门代码 %(value)s 不在部门表中。"),
    "weights.other_standard": gettext_lazy("计分版本属于细则 %(named)s，不是 %(standard)s。"),
    "weights.no_item": gettext_lazy("评价内容 %(item)s 不在细则中，不能单独给分。"),
    "weights.sum": gettext_lazy("第 %(section)s 大项共 %(total)s 分，单独给分的评价内容合计 %(taken)s 分，两者不符。"),
    "weights.formula": gettext_lazy("折算公式 %(formula)s 无法使用：%(error)s"),
    "weights.nothing": gettext_lazy("各大项分值之和须大于 0。"),
    "weights.no_source": gettext_lazy("请写明分值的来源文件。"),
    "weights.no_rules": gettext_lazy("还没有折算办法，请先装入计分版本。"),
}
COMPARISONS: dict[str, Text] = {
    ">=": gettext_lazy("%(title)s不低于%(number)s"),
    ">": gettext_lazy("%(title)s高于%(number)s"),
    "<=": gettext_lazy("%(title)s不超过%(number)s"),
    "<": gettext_lazy("%(title)s低于%(number)s"),
    "=": gettext_lazy("%(title)s达到%(number)s"),
}
WORDED: dict[str, Callable[[Any], str]] = {
    "columns": lambda names: _("、").join(names),
    "known": lambda names: _("、").join(names),
    "item": lambda code: str(code or _("（无编号）")),
}


def problem_text(problem: Problem) -> str:
    """One problem as a sentence that names its place."""
    return str(TEMPLATES[problem.code]) % _worded(problem.facts)


def problem_texts(error: Invalid) -> list[str]:
    """Every problem of a refused source, in its order."""
    return [problem_text(each) for each in error.problems]


def _worded(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: WORDED[name](value) if name in WORDED else value for name, value in facts.items()}


def target_text(item: Candidate) -> str:
    """The quantified target in words: every threshold, or the item itself where the standard gives no number."""
    numbers = [
        str(COMPARISONS[operator]) % {"title": title, "number": f"{plain_text(threshold)}{unit}"}
        for title, operator, threshold, unit in item.targets
    ]
    return _("；").join(numbers) or _("%(title)s达到评价要求，佐证材料齐全") % {"title": item.title}


def conversion_text(formula: str) -> Text:
    """How a result kept as "kind@version" was converted into points, in words, and by which version of the formula."""
    kind, _at, version = formula.partition("@")
    words = CONVERSIONS.get(kind, kind)
    return _("%(words)s（公式第 %(version)s 版）") % {"words": words, "version": _number(version)} if version else words


def _number(version: str) -> str:
    """From "step-2" comes "2": the kind is said in words already."""
    return version.rpartition("-")[2]
