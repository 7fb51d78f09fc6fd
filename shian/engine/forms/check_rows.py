"""One row of the survey sheet: what kind of question it is, and whether its cells fit together."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from shian.engine.forms.definition import ALWAYS, NOT_APPLICABLE, WHEN_FAILED, Choice, Question
from shian.engine.forms.faults import Fault
from shian.engine.forms.question_types import (
    CHOOSING,
    FROM_LIST,
    GROUPS,
    REFUSED,
    SILENT,
    SUPPORTED,
    TypeCell,
)
from shian.engine.forms.sheets import SheetRow

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,59}")
RESERVED = re.compile(r"(?i)(shian_.*|meta|instanceid|instancename)")
PER_FAULT = re.compile(
    r"每(?:发现)?(?:1|一)?(?:处|项|个|起|次)?扣(?P<each>\d+(?:\.\d+)?)分?"
    r"(?:[，,；;](?:最多扣(?P<most>\d+(?:\.\d+)?)分?|扣完为止))?"
    r"|each (?P<each2>\d+(?:\.\d+)?)(?: max (?P<most2>\d+(?:\.\d+)?))?"
)
PARAMETERS = {"range": ("start", "end", "step"), "image": ("max-pixels",), "select_one_from_file": ("value", "label")}
APPEARANCES = frozenset(
    {"", "minimal", "likert", "horizontal", "columns", "multiline", "signature", "field-list", "new", "quick",
     "numbers",
     "thousands-sep", "placement-map", "maps", "autocomplete", "search", "label", "list-nolabel", "picker"}
)  # fmt: skip
PHOTOS = {
    "": "",
    "no": "",
    "yes": ALWAYS,
    "always": ALWAYS,
    "fail": WHEN_FAILED,
    "是": ALWAYS,
    "不合格时": WHEN_FAILED,
    "否": "",
}
MOST_POINTS = 1000
Yes = True


def is_yes(cell: str) -> bool | None:
    """yes, no, or None for what is neither; an empty cell says no."""
    plain = cell.strip().lower().removesuffix("()")
    if plain in {"yes", "true", "1", "是"}:
        return True
    return False if plain in {"", "no", "false", "0", "否"} else None


def decimal_of(text: str) -> Decimal | None:
    """A finite number that is written plainly, or None."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


class RowCheck:
    """Rows one after the other; faults are added to the list that it was given."""

    def __init__(self, lists: Mapping[str, tuple[Choice, ...]], faults: list[Fault]) -> None:
        self.lists, self.faults = lists, faults
        self.names: dict[str, int] = {}
        self.row = SheetRow(0, {})

    def fault(self, column: str, reason: str, remedy: str = "") -> None:
        self.faults.append(Fault("survey", self.row.number, column, reason, remedy))

    def question(self, row: SheetRow, cell: TypeCell, *, in_repeat: bool) -> Question | None:
        """The question of this row; None when not even its type can be told."""
        self.row = row
        if not self._has_type(cell):
            return None
        self._check_name(row["name"])
        self._check_list(cell)
        each, most = self._deduction(cell)
        found = Question(
            name=row["name"], type=cell.type, label=row["label"], hint=row["hint"],
            list_name=cell.list_name.removesuffix(".csv"), required=self._yes("required"),
            required_message=row["required_message"], relevant=row["relevant"], constraint=row["constraint"],
            constraint_message=row["constraint_message"], calculation=row["calculation"], default=row["default"],
            appearance=row["appearance"], read_only=self._yes("read_only"), parameters=self._parameters(cell),
            points=self._points(cell, in_repeat), each=each, most=most, rule=row["deduction"],
            key_item=self._yes("key_item"), legal_basis=row["legal_basis"], photo=self._photo(), row=row.number,
        )  # fmt: skip
        self._check_whole(found)
        return found

    def _has_type(self, cell: TypeCell) -> bool:
        if cell.type in SUPPORTED or cell.type in GROUPS:
            return True
        if not cell.type:
            self.fault("type", _("没有填题型。"), _("请填写题型，如 select_one、text、image。"))
        elif cell.type in REFUSED:
            self.fault("type", _("不支持题型“%(type)s”。") % {"type": cell.type}, _("请改用表单说明里列出的题型。"))
        else:
            self.fault(
                "type", _("没有“%(type)s”这种题型。") % {"type": cell.type}, _("请核对拼写，可用的题型见表单说明。")
            )
        return False

    def _check_name(self, name: str) -> None:
        if not NAME.fullmatch(name):
            told = _("题目名称“%(name)s”不合要求。") % {"name": name}
            self.fault("name", told, _("字母开头，只用字母、数字和下划线，最多 60 个字符。"))
        elif RESERVED.fullmatch(name):
            self.fault("name", _("“%(name)s”是系统保留的名称。") % {"name": name}, _("请换一个名称。"))
        elif (first := self.names.setdefault(name.lower(), self.row.number)) != self.row.number:
            told = _("名称“%(name)s”与第 %(row)s 行重复。") % {"name": name, "row": first}
            self.fault("name", told, _("请换一个名称。"))

    def _check_list(self, cell: TypeCell) -> None:
        if cell.more:
            told = _("不支持“%(word)s”。") % {"word": cell.more}
            self.fault("type", told, _("需要“其他”时，在选项组里加一个选项，再加一道文本题。"))
        if cell.type == FROM_LIST and not cell.list_name.endswith(".csv"):
            self.fault("type", _("名单只能写成“名称.csv”。"), _("如 select_one_from_file operators.csv。"))
        if cell.type in CHOOSING and not cell.list_name:
            self.fault("type", _("没有写选项组。"), _("题型后面空一格写选项组的名称。"))
        elif cell.type in CHOOSING and cell.list_name not in self.lists:
            told = _("choices 表里没有选项组“%(name)s”。") % {"name": cell.list_name}
            self.fault("type", told, _("请在 choices 表补上这一组，或改正名称。"))

    def _yes(self, column: str) -> bool:
        found = is_yes(self.row[column])
        if found is None:
            self.fault(column, _("“%(text)s”看不懂。") % {"text": self.row[column]}, _("请写 yes 或 no。"))
        return bool(found)

    def _photo(self) -> str:
        cell = self.row["photo_required"].lower()
        if cell not in PHOTOS:
            self.fault(
                "photo_required", _("“%(text)s”看不懂。") % {"text": cell}, _("请写 yes、fail（失分时）或留空。")
            )
        elif PHOTOS[cell] and not self.row["points"]:
            self.fault("photo_required", _("只有计分的题目可以要求拍照。"), _("请另加一道 image 题。"))
        return PHOTOS.get(cell, "")

    def _parameters(self, cell: TypeCell) -> dict[str, str]:
        told = dict(part.partition("=")[::2] for part in self.row["parameters"].replace(",", " ").split())
        allowed = PARAMETERS.get(cell.type, ())
        for name in told.keys() - set(allowed):
            self.fault("parameters", _("不支持参数“%(name)s”。") % {"name": name}, _("请删去这个参数。"))
        if cell.type == "range" and any(decimal_of(value) is None for value in told.values()):
            self.fault("parameters", _("参数应是数。"), _("如 start=0 end=10 step=1。"))
        return told

    def _points(self, cell: TypeCell, in_repeat: bool) -> str:
        text = self.row["points"]
        if not text:
            return ""
        points = decimal_of(text)
        if points is None or not 0 < points <= MOST_POINTS:
            self.fault("points", _("分值“%(text)s”看不懂。") % {"text": text}, _("请写大于 0 的数。"))
            return ""
        if in_repeat:
            self.fault("points", _("重复组里的题目不能计分。"), _("请把计分的题目移到重复组外。"))
        if cell.type == "select_one":
            self._check_shares(cell)
        elif cell.type == "select_multiple":
            self._check_takings(cell)
        elif cell.type != "integer":
            self.fault("points", _("这种题型不能计分。"), _("计分只能用 select_one、select_multiple 或 integer。"))
        return format(points.normalize(), "f")

    def _check_shares(self, cell: TypeCell) -> None:
        listed = self.lists.get(cell.list_name, ())
        if bare := [each.name for each in listed if not each.score]:
            told = _("选项组“%(name)s”里“%(choices)s”没有得分比例。") % {
                "name": cell.list_name,
                "choices": "、".join(bare),
            }
            self.fault("type", told, _("请在 choices 表的 score 列写 0 到 1 之间的数，不适用的写 na。"))
        elif listed and all(each.score == NOT_APPLICABLE or Decimal(each.score) < 1 for each in listed):
            told = _("选项组“%(name)s”里没有得满分的选项。") % {"name": cell.list_name}
            self.fault("type", told, _("请在 choices 表把合格的选项的 score 写成 1。"))

    def _check_takings(self, cell: TypeCell) -> None:
        listed = self.lists.get(cell.list_name, ())
        if bare := [each.name for each in listed if not each.deduct and each.score != NOT_APPLICABLE]:
            told = _("选项组“%(name)s”里“%(choices)s”没有写扣几分。") % {
                "name": cell.list_name,
                "choices": "、".join(bare),
            }
            self.fault("type", told, _("请在 choices 表的 deduct 列写扣的分数。"))
        elif listed and all(each.deduct and Decimal(each.deduct) for each in listed):
            told = _("选项组“%(name)s”里没有不扣分的选项。") % {"name": cell.list_name}
            self.fault("type", told, _("请加一个“没有发现问题”的选项，deduct 写 0。"))

    def _deduction(self, cell: TypeCell) -> tuple[str, str]:
        text = "".join(self.row["deduction"].split()) if "每" in self.row["deduction"] else self.row["deduction"]
        if cell.type != "integer":
            if text and not self.row["points"]:
                self.fault("deduction", _("没有分值，不能写扣分规则。"), _("请填写分值，或删去扣分规则。"))
            return "", ""
        if not self.row["points"]:
            return "", ""
        found = PER_FAULT.fullmatch(text.rstrip("。"))
        if not found:
            told = _("扣分规则“%(text)s”看不懂。") % {"text": self.row["deduction"]}
            self.fault("deduction", told, _("请写成“每处扣2分”或“每处扣2分，最多扣6分”。"))
            return "", ""
        return found["each"] or found["each2"] or "", found["most"] or found["most2"] or ""

    def _check_whole(self, found: Question) -> None:
        """What cells must have, or must not have, beside each other."""
        if not found.label and found.type not in SILENT and found.type not in GROUPS:
            self.fault("label", _("没有题目文字。"), _("请填写给人看的题目。"))
        if found.type == "calculate" and not found.calculation:
            self.fault("calculation", _("没有算式。"), _("请填写 calculation。"))
        if found.key_item and not found.is_scored:
            self.fault("key_item", _("没有分值的题目不能是关键项。"), _("请填写分值。"))
        if found.type == "range" and not {"start", "end"} <= set(found.parameters):
            self.fault("parameters", _("没有写起止。"), _("如 start=0 end=10 step=1。"))
        if strange := set(found.appearance.split()) - APPEARANCES:
            told = _("不支持外观“%(words)s”。") % {"words": " ".join(sorted(strange))}
            self.fault("appearance", told, _("请删去，或改用表单说明里的外观。"))
