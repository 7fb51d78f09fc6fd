"""Forms, versions, questions, changes and faults as tables."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from shian.engine.forms.definition import Definition, Question
from shian.engine.forms.faults import Fault
from shian.engine.forms.models import Form, FormVersion
from shian.engine.forms.queries import Change
from shian.engine.forms.question_types import GROUPS
from shian.kernel.ui.actors import actor
from shian.kernel.ui.states import Text
from shian.kernel.ui.tables import Cell, Column, Row

FORMS = (
    Column("title", _("表名"), sort="title", is_fixed=True, is_wide=True),
    Column("key", _("表号"), kind="code", sort="key"),
    Column("series", _("系列"), sort="series"),
    Column("version", _("现行版本"), kind="code"),
    Column("valid_from", _("启用日期"), kind="date"),
    Column("items", _("计分项"), kind="number"),
    Column("points", _("总分"), kind="number"),
    Column("state", _("状态")),
)
VERSIONS = (
    Column("name", _("版本"), kind="code", is_fixed=True),
    Column("state", _("状态")),
    Column("valid_from", _("启用日期"), kind="date"),
    Column("items", _("计分项"), kind="number"),
    Column("points", _("总分"), kind="number"),
    Column("uploaded_by", _("上传人")),
    Column("issued_at", _("发布时间"), kind="moment"),
    Column("issued_by", _("发布人")),
)
QUESTIONS = (
    Column("label", _("题目"), is_fixed=True, is_wide=True),
    Column("type", _("题型")),
    Column("points", _("分值"), kind="number"),
    Column("key_item", _("关键项")),
    Column("rule", _("扣分规则")),
    Column("photo", _("拍照")),
    Column("legal_basis", _("依据"), is_wide=True),
)
CHANGES = (
    Column("label", _("题目"), is_fixed=True, is_wide=True),
    Column("kind", _("变化")),
    Column("attribute", _("内容")),
    Column("before", _("原来"), is_wide=True),
    Column("now", _("现在"), is_wide=True),
)
FAULTS = (
    Column("sheet", _("工作表"), kind="code", is_fixed=True),
    Column("row", pgettext_lazy("column", "行"), kind="number"),
    Column("column", _("列"), kind="code"),
    Column("reason", _("问题"), is_wide=True),
    Column("remedy", _("处理办法"), is_wide=True),
)
TYPES: dict[str, Text] = {
    "select_one": _("单选"), "select_multiple": _("多选"), "rank": _("排序"), "select_one_from_file": _("从名单选一个"),
    "integer": _("整数"), "decimal": _("小数"), "range": _("滑块"), "text": _("文本"), "barcode": _("条码"),
    "date": _("日期"), "time": _("时间"), "datetime": _("日期和时间"), "image": _("照片"), "file": _("文件"),
    "geopoint": _("位置"), "acknowledge": _("确认"), "note": _("说明文字"), "calculate": _("计算"),
    "hidden": _("隐藏值"),
    "start": _("开始时间"), "end": _("结束时间"), "today": _("当天日期"), "deviceid": _("设备编号"),
    "username": _("填报账号"), "group": _("分组"), "repeat": _("重复组"),
}  # fmt: skip
PHOTOS: dict[str, Text] = {"always": _("必须"), "fail": _("失分时必须"), "": ""}
KINDS: dict[str, tuple[Text, str]] = {
    "added": (_("新增"), "due"),
    "gone": (_("删去"), "overdue"),
    "changed": (_("修改"), "due"),
}
ATTRIBUTES: dict[str, Text] = {
    "type": _("题型"), "label": _("题目"), "hint": _("提示"), "list_name": _("选项组"), "choices": _("选项"),
    "required": _("必填"), "relevant": _("显示条件"), "constraint": _("校验"), "calculation": _("算式"),
    "points": _("分值"), "rule": _("扣分规则"), "key_item": _("关键项"), "legal_basis": _("依据"), "photo": _("拍照"),
}  # fmt: skip
FLAGS = {"True": _("是"), "False": _("否")}


def form_row(form: Form, version: FormVersion | None, has_draft: bool) -> Row:
    """A form with the version that counts today."""
    state = Cell(_("在用"), state="done") if version else Cell(_("没有在用的版本"), state="waiting")
    cells: dict[str, object] = {
        "title": form.title,
        "key": form.key,
        "series": form.series,
        "version": version.name if version else None,
        "valid_from": version.valid_from if version else None,
        "state": state._replace(note=_("有草稿待发布")) if has_draft else state,
    }
    if version:
        cells |= _sums(version.definition)
    return Row(cells, url=reverse("forms:form_detail", args=[form.key]), key=form.key)


def _sums(definition: Definition) -> dict[str, object]:
    return {"items": len(definition.items), "points": definition.full}


def state_of(version: FormVersion, current: int | None, today: date) -> tuple[str, Text]:
    """The state of a version and its word; `current` is the key of the one that counts today."""
    if version.issued_at is None:
        return "due", _("草稿")
    if version.withdrawn_at is not None:
        return "neutral", _("已停用")
    if version.pk == current:
        return "done", _("在用")
    is_ahead = version.valid_from is not None and version.valid_from > today
    return ("waiting", _("待启用")) if is_ahead else ("neutral", _("已被替换"))


def version_row(version: FormVersion, current: int | None, today: date) -> Row:
    """A version in its form's list."""
    state, word = state_of(version, current, today)
    cells = {
        "name": version.name,
        "state": Cell(word, state=state),
        "valid_from": version.valid_from,
        "uploaded_by": actor(version.uploaded_by),
        "issued_at": version.issued_at,
        "issued_by": actor(version.issued_by) if version.issued_by else None,
        **_sums(version.definition),
    }
    return Row(cells, url=reverse("forms:version_detail", args=[version.pk]), key=str(version.pk))


def question_rows(definition: Definition) -> list[Row]:
    """Every question as it is asked; what accompanies an item is not listed."""
    return [_question_row(each) for each in definition.walk() if not each.companion_of]


def _question_row(question: Question) -> Row:
    mark = Cell(pgettext("题目", "关键"), state="overdue") if question.key_item else None
    label = question.label or TYPES[question.type]
    cells = {
        "label": Cell(label, note=question.name if question.type not in GROUPS else gettext("分组")),
        "type": TYPES[question.type],
        "points": question.full if question.is_scored else None,
        "key_item": mark,
        "rule": question.rule,
        "photo": PHOTOS[question.photo],
        "legal_basis": question.legal_basis,
    }
    return Row(cells, key=question.name)


def change_rows(changes: Iterable[Change]) -> list[Row]:
    """One line for each attribute that changed."""
    rows = []
    for change in changes:
        word, state = KINDS[change.kind]
        for attribute, before, now in change.attributes or (("", "", ""),):
            cells = {
                "label": Cell(change.label or change.name, note=change.name),
                "kind": Cell(word, state=state),
                "attribute": ATTRIBUTES.get(attribute, ""),
                "before": _shown(attribute, before),
                "now": _shown(attribute, now),
            }
            rows.append(Row(cells))
    return rows


def _shown(attribute: str, value: str) -> Text:
    if attribute == "type":
        return TYPES.get(value, value)
    return PHOTOS.get(value, value) if attribute == "photo" else FLAGS.get(value, value)


def fault_rows(faults: Iterable[Fault]) -> list[Row]:
    """What is wrong, where, and what to do."""
    return [
        Row(
            {
                "sheet": each.sheet,
                "row": each.row or None,
                "column": each.column,
                "reason": each.reason,
                "remedy": each.remedy,
            }
        )
        for each in faults
    ]
