"""From a cell as read to the canonical text that is staged, with what is wrong with it. One parser per field."""

import re
from collections.abc import Callable, Sequence
from typing import cast

from django.utils.translation import gettext as _

from shian.kernel.imports.columns import quick_column
from shian.kernel.imports.rules import (
    Unreadable,
    lost_digits,
    parse_boolean,
    parse_date,
    parse_integer,
    parse_number,
    parse_year,
    text_of,
    without_apostrophe,
)
from shian.kernel.imports.specs import Finding, ImportField

REMEMBERED = 4096
PARSERS: dict[str, Callable[[str], str]] = {
    "string": without_apostrophe,
    "integer": parse_integer,
    "number": parse_number,
    "date": parse_date,
    "boolean": parse_boolean,
    "year": parse_year,
}
Parsed = tuple[str, tuple[Finding, ...]]
Column = tuple[list[str], dict[int, tuple[Finding, ...]]]
CLEAN: tuple[Finding, ...] = ()


class FieldParser:
    """Reads the cells of one column. Each distinct cell is judged once and remembered, within bounds."""

    def __init__(self, field: ImportField) -> None:
        self.field = field
        self.parse = PARSERS[field.type]
        self.accepted = field.accepted
        self.pattern = re.compile(field.pattern) if field.pattern else None
        self.least = None if field.minimum is None else float(field.minimum)
        self.most = None if field.maximum is None else float(field.maximum)
        self.memo: dict[object, Parsed] = {}
        self.quick = quick_column(field)
        special = (field.choices, field.pattern, field.normalise, field.checks, field.type != "string")
        self.is_plain = not any(special)

    def column(self, cells: Sequence[object]) -> Column:
        """The values of many cells, and the findings of those that have any (index → findings)."""
        kinds = set(map(type, cells))
        values = self._quickly(cells, kinds)
        if values is not None:
            return values, {}
        if bool in kinds:  # True is 1, for a dictionary
            judged = [self(cell) for cell in cells]
        else:
            known = {cell: self(cell) for cell in set(cells)}
            judged = [known[cell] for cell in cells]
        return [text for text, _findings in judged], {i: found for i, (_text, found) in enumerate(judged) if found}

    def _quickly(self, cells: Sequence[object], kinds: set[type]) -> list[str] | None:
        """The values of a column without a finding. A number that stands for a text may have lost digits: not here."""
        if self.quick is None or (kinds != {str} and (self.field.type == "string" or bool in kinds)):
            return None
        return self.quick(cast("Sequence[str]", cells) if kinds == {str} else list(map(text_of, cells)))

    def __call__(self, cell: object) -> Parsed:
        """The parsed cell."""
        key = cell if cell.__class__ is str else (cell.__class__, cell)
        known = self.memo.get(key)
        if known is None:
            known = self._judge(cell)
            if len(self.memo) < REMEMBERED:
                self.memo[key] = known
        return known

    def _judge(self, cell: object) -> Parsed:
        shown = text_of(cell)
        if not shown:
            return self._empty()
        if self.field.type == "string" and lost_digits(cell):
            reason = _("数字超过 15 位，表格软件已丢失末位")
            return "", (Finding(reason, _("请把该列设为文本格式后重新填写")),)
        if self.is_plain and 0 < len(shown) <= (self.field.max_length or len(shown)) and shown[0] not in "'=":
            return shown, CLEAN
        try:
            value = self.parse(shown)
        except Unreadable:
            return "", (self._unreadable(),)
        if self.field.normalise:
            value = self.field.normalise(value)
        if self.accepted:
            return self._chosen(value)
        findings = tuple(self._findings(value))
        return ("" if self.field.type != "string" and findings and _fatal(findings) else value), findings

    def _empty(self) -> Parsed:
        if self.field.required and not self.field.default:
            return "", (Finding(_("必填项为空"), _("请填写“%(title)s”") % {"title": self.field.title}),)
        return self.field.default, CLEAN

    def _unreadable(self) -> Finding:
        wanted = {
            "integer": (_("不是整数"), _("请填写整数，不带单位")),
            "number": (_("不是数字"), _("请填写数字，不带单位")),
            "date": (_("不是有效日期"), _("请写成 2022-11-24 的形式")),
            "boolean": (_("不是“是”或“否”"), _("请填写“是”或“否”")),
            "year": (_("不是年份"), _("请填写四位年份，如 2022")),
        }
        return Finding(*wanted[self.field.type])

    def _chosen(self, value: str) -> Parsed:
        stored = self.accepted.get(value)
        if stored is not None:
            return stored, CLEAN
        words = "、".join(word for word in self.accepted if word)
        remedy = _("可填：%(words)s") % {"words": words if len(words) <= 300 else words[:300] + "…"}
        return "", (Finding(_("不在可选范围内"), remedy),)

    def _findings(self, value: str) -> list[Finding]:
        field, found = self.field, []
        if field.max_length and len(value) > field.max_length:
            reason = _("超过 %(limit)s 个字") % {"limit": field.max_length}
            found.append(Finding(reason, _("请缩短后重新填写")))
        if self.pattern and not self.pattern.fullmatch(value):
            found.append(Finding(_("格式不正确"), field.pattern_hint or _("请按模板说明填写")))
        if self.least is not None and float(value) < self.least:
            found.append(Finding(_("小于下限 %(limit)s") % {"limit": field.minimum}, _("请核对数值和单位")))
        if self.most is not None and float(value) > self.most:
            found.append(Finding(_("大于上限 %(limit)s") % {"limit": field.maximum}, _("请核对数值和单位")))
        for check in field.checks:
            finding = check(value)
            if finding is not None:
                found.append(finding)
        return found


def _fatal(findings: tuple[Finding, ...]) -> bool:
    return any(finding.severity == "error" for finding in findings)
