"""A measure's definition in words, made from its declaration: what a page shows is what the compiler computes."""

from django.utils.translation import gettext as _

from shian.engine.ledgers.conditions import conditions_text
from shian.engine.measures.declarations import Measure, Part, measure, source_of
from shian.engine.measures.formulas import Node, Operand, Operation
from shian.engine.measures.rules import BEGINNING

_SIGNS = {"*": "×", "/": "÷", "-": "−", "+": "+"}


def definition_text(found: Measure) -> str:
    """What is counted, among what, in one sentence."""
    if found.formula:
        return _formula(found.tree)
    assert found.part is not None
    text = _part(found.part)
    if isinstance(found.whole, str):
        text = _("%(part)s，占“%(whole)s”的比") % {"part": text, "whole": measure(found.whole).title}
    elif found.whole:
        text = _("%(part)s，占%(whole)s的比") % {"part": text, "whole": _part(found.whole)}
    return _("%(definition)s。") % {"definition": f"{text}{_scale(found)}"}


def period_text(found: Measure) -> str:
    """Which days count."""
    if found.period == "none":
        return _("时点数：数据时点当日有效的记录")
    if found.period == "year":
        return _("按年：默认为数据时点所在年度，截至数据时点")
    if found.period == "campaign":
        return _("累计：截至数据时点的全部记录")
    if found.period == "range":
        return _("按所选期间，截至数据时点")
    months = found.period.removeprefix("lookback:").removesuffix("m")
    return _("回溯：截至数据时点的 %(months)s 个月") % {"months": months}


def period_words(text: str) -> str:
    """A written period as a page shows it: what begins before all records is "up to" its last day."""
    start, _slash, end = text.partition("/")
    if start == BEGINNING.isoformat():
        return _("截至 %(day)s") % {"day": end}
    return _("%(start)s 至 %(end)s") % {"start": start, "end": end} if end else text


def levels_text(found: Measure) -> str:
    """The levels at which the figure means something."""
    names = {"province": _("省"), "city": _("市"), "county": _("县"), "township": _("乡"), "village": _("村")}
    return _("、").join(names[level] for level in found.levels)


def _part(part: Part) -> str:
    source = source_of(part.source)
    column = source.titles.get(part.column, part.column)
    where = conditions_text(part.where, source.titles, source.words)
    rows = _("“%(source)s”中%(where)s的") % {"source": source.title, "where": where} if where else ""
    rows = rows or _("“%(source)s”中") % {"source": source.title}
    ways = {
        "count": _("记录数") if where else _("全部记录数"),
        "sum": _("“%(column)s”合计"),
        "distinct": _("不同“%(column)s”的个数"),
        "min": _("“%(column)s”最小值"),
        "max": _("“%(column)s”最大值"),
        "latest": _("本级最近一条记录的“%(column)s”"),
        "longest_run": _("本级记录截至最近年度连续符合的年数"),
    }
    return rows + ways[part.aggregate] % {"column": column}


def _scale(found: Measure) -> str:
    if found.scale == 1:
        return ""
    if found.scale == 100 and found.is_ratio:
        return _("，以百分数表示")
    return _("，乘以 %(scale)s") % {"scale": format(found.scale.normalize(), "f")}


def _formula(node: Node) -> str:
    if isinstance(node, Operation):
        left, right = _formula(node.left), _formula(node.right)
        text = f"{left} {_SIGNS[node.sign]} {right}"
        return f"({text})" if node.sign in "+-" else text
    if isinstance(node, Operand):
        title = measure(node.key).title
        if node.shift < 0:
            return _("“%(title)s”（早 %(years)s 年）") % {"title": title, "years": -node.shift}
        if node.shift:
            return _("“%(title)s”（晚 %(years)s 年）") % {"title": title, "years": node.shift}
        if node.fixed:
            return _("“%(title)s”（%(year)s 年）") % {"title": title, "year": node.fixed}
        return _("“%(title)s”") % {"title": title}
    return format(node, "f")
