"""From sheets to a definition: the documented subset, everything else refused by name with its place and a remedy."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from shian.engine.forms.check_logic import logic_faults, with_companions
from shian.engine.forms.check_rows import RowCheck, Yes, is_yes
from shian.engine.forms.definition import NOT_APPLICABLE, Choice, Definition, Question
from shian.engine.forms.faults import Fault, FormRefused
from shian.engine.forms.question_types import GROUPS, read_type
from shian.engine.forms.sheets import CHOICES, SETTINGS, SURVEY, Sheet, SheetRow, Sheets

KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]{1,59}")
CHOICE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,39}")
HUNDRED = Decimal(100)
MOST_FAULTS = 200


def check_sheets(sheets: Sheets) -> Definition:
    """The definition that the sheets hold, companions included. Raises FormRefused with every fault found."""
    faults = _sheet_faults(sheets)
    lists = _lists(sheets.choices, faults)
    form = replace(_settings(sheets.settings, faults), choices=lists)
    form = replace(form, questions=_questions(sheets.survey, lists, faults))
    faults += _marks_faults(form)
    if not faults:
        faults += logic_faults(form)
    if faults:
        raise FormRefused(faults[:MOST_FAULTS])
    with override(settings.LANGUAGE_CODE):  # what the program adds is in the language of the sheet
        return with_companions(form)


def _sheet_faults(sheets: Sheets) -> list[Fault]:
    faults = [
        Fault(name, 0, "", _("不支持这种工作表。"), _("请删去它；可选项写在 choices 表。")) for name in sheets.others
    ]
    known = {"survey": SURVEY, "choices": CHOICES, "settings": SETTINGS}
    for name, columns in known.items():
        sheet: Sheet = getattr(sheets, name)
        faults += [
            Fault(name, 1, written, _("不支持这一列。"), _("请删去这一列；可用的列见表单说明。"))
            for heading, written in sheet.headings.items()
            if heading and heading not in columns
        ]
    if not sheets.survey.rows:
        faults.append(Fault("survey", 0, "", _("没有题目。"), _("每行写一道题，至少有 type 和 name 两列。")))
    return faults


def _lists(sheet: Sheet, faults: list[Fault]) -> dict[str, tuple[Choice, ...]]:
    found: dict[str, list[Choice]] = {}
    for row in sheet.rows:
        if not row["list_name"]:
            faults.append(Fault("choices", row.number, "list_name", _("没有填选项组。"), _("请填写选项组的名称。")))
            continue
        listed = found.setdefault(row["list_name"], [])
        faults += _choice_faults(row, {each.name for each in listed})
        listed.append(Choice(row["name"], row["label"], row["score"].lower(), row["deduct"]))
    return {name: tuple(listed) for name, listed in found.items()}


def _choice_faults(row: SheetRow, taken: set[str]) -> list[Fault]:
    faults = []
    if not CHOICE_NAME.fullmatch(row["name"]):
        told = _("选项值“%(name)s”不合要求。") % {"name": row["name"]}
        faults.append(Fault("choices", row.number, "name", told, _("只用字母、数字和下划线，最多 40 个字符。")))
    if row["name"] in taken:
        told = _("选项值“%(name)s”在这一组里重复。") % {"name": row["name"]}
        faults.append(Fault("choices", row.number, "name", told, _("请改用另一个值。")))
    if not row["label"]:
        faults.append(Fault("choices", row.number, "label", _("没有填选项文字。"), _("请填写给人看的文字。")))
    score = row["score"].lower()
    if score and score != NOT_APPLICABLE and not _is_number(score, 0, 1):
        told = _("得分比例“%(score)s”看不懂。") % {"score": row["score"]}
        faults.append(Fault("choices", row.number, "score", told, _("请写 0 到 1 之间的数，不适用的写 na。")))
    if row["deduct"] and not _is_number(row["deduct"], 0, 1000):
        told = _("扣分“%(points)s”看不懂。") % {"points": row["deduct"]}
        faults.append(Fault("choices", row.number, "deduct", told, _("请写不小于 0 的数。")))
    return faults


def _is_number(text: str, least: int, most: int) -> bool:
    try:
        return least <= Decimal(text) <= most
    except InvalidOperation:
        return False


def _settings(sheet: Sheet, faults: list[Fault]) -> Definition:
    row = sheet.rows[0] if sheet.rows else SheetRow(2, {})
    if len(sheet.rows) > 1:
        faults.append(Fault("settings", sheet.rows[1].number, "", _("只能有一行设置。"), _("请删去多余的行。")))
    if not KEY.fullmatch(row["form_id"]):
        remedy = _("请填写表号：字母开头，只用字母、数字、下划线和短横线，最多 60 个字符。")
        faults.append(Fault("settings", row.number, "form_id", _("表号不合要求。"), remedy))
    if not row["form_title"]:
        faults.append(Fault("settings", row.number, "form_title", _("没有表名。"), _("请填写表的名称。")))
    faults += [
        Fault(
            "settings", row.number, name, _("“%(text)s”看不懂。") % {"text": row[name]}, _("请写 0 到 100 之间的数。")
        )
        for name in ("pass_mark", "excellent_mark")
        if row[name] and not _is_number(row[name], 0, 100)
    ]
    if row["valid_from"] and not _is_day(row["valid_from"]):
        told = _("“%(text)s”不是日期。") % {"text": row["valid_from"]}
        faults.append(Fault("settings", row.number, "valid_from", told, _("请写成 2026-01-01 的样子。")))
    faults += [
        Fault("settings", row.number, name, _("“%(text)s”看不懂。") % {"text": row[name]}, _("请写 yes 或 no。"))
        for name in ("withheld", "corrections")
        if is_yes(row[name]) is None
    ]
    return Definition(
        key=row["form_id"], title=row["form_title"][:120], version=row["version"][:40], series=row["series"][:60],
        valid_from=row["valid_from"], pass_mark=row["pass_mark"], excellent_mark=row["excellent_mark"],
        basis=row["legal_basis"], confidence=row["confidence"], is_withheld=is_yes(row["withheld"]) is Yes,
        takes_corrections=is_yes(row["corrections"]) is Yes,
    )  # fmt: skip


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _marks_faults(form: Definition) -> list[Fault]:
    """A form with points says from which score on it is passed; excellence lies above."""
    if not form.items:
        return []
    if not form.pass_mark:
        return [Fault("settings", 2, "pass_mark", _("有分值，但没有合格分。"), _("请填写合格分，如 80。"))]
    told = (form.pass_mark, form.excellent_mark or str(HUNDRED))
    if all(_is_number(each, 0, 100) for each in told) and Decimal(told[0]) > Decimal(told[1]):
        return [Fault("settings", 2, "excellent_mark", _("优秀分低于合格分。"), _("请核对两个分数。"))]
    return []


def _questions(sheet: Sheet, lists: Mapping[str, tuple[Choice, ...]], faults: list[Fault]) -> tuple[Question, ...]:
    """The tree of questions: a stack of open groups, each with what is in it so far."""
    check = RowCheck(lists, faults)
    stack: list[tuple[Question | None, list[Question]]] = [(None, [])]
    for row in sheet.rows:
        cell = read_type(row["type"])
        if cell.bracket == "end":
            _close(stack, row, cell.type, faults)
            continue
        inside = [group.type for group, _listed in stack if group]
        question = check.question(row, cell, in_repeat="repeat" in inside)
        if question is None:
            continue
        if question.type in GROUPS:
            stack.append((question, []))
        else:
            stack[-1][1].append(question)
    for group, _listed in stack[1:]:
        told = _("“%(name)s”没有结束。") % {"name": group.name if group else ""}
        faults.append(Fault("survey", group.row if group else 0, "type", told, _("请补上 end group 或 end repeat。")))
    return tuple(stack[0][1])


def _close(stack: list[tuple[Question | None, list[Question]]], row: SheetRow, type: str, faults: list[Fault]) -> None:
    group = stack[-1][0]
    if group is None or group.type != type:
        told = _("这里的 end %(type)s 没有对应的开头。") % {"type": type}
        faults.append(Fault("survey", row.number, "type", told, _("请核对 begin 和 end 是否成对。")))
        return
    _group, children = stack.pop()
    if not children:
        told = _("“%(name)s”里没有题目。") % {"name": group.name}
        faults.append(Fault("survey", group.row, "name", told, _("请写入题目，或删去这一组。")))
    stack[-1][1].append(replace(group, children=tuple(children)))
