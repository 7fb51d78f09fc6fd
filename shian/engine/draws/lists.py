"""Lists that a drafter brings as a file: what is drawn from, and who can be drawn.

CSV in UTF-8 or GB 18030 with Chinese headings; columns that are not required may be missing. Everything here raises
BadList, which names at most the first five rows that are wrong.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from shian.engine.draws.frames import WIDTHS, FrameLine, PersonLine
from shian.engine.draws.rules.recusal import Person
from shian.engine.draws.rules.sampling import FrameRow
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import key_of_code

MOST_ROWS = 1_000_000
MOST_ERRORS = 5
KEY = "编号"
PERSON_WIDTHS = {
    KEY: 60, "姓名": 120, "区划": 12, "专长": 200, "考核有效期至": 10, "证件有效期至": 10, "有利害关系的单位": 4000,
    "上次检查的单位": 4000, "最多单位数": 4,
}  # fmt: skip
DAYS = ("考核有效期至", "证件有效期至")
BETWEEN = re.compile(r"[\s、，,；;]+")
Values = dict[str, str]


class BadList(ValueError):
    """A list that cannot be used; `problems` say where and why, for the reader; `field` is where it was given."""

    def __init__(self, problems: list[str], field: str = "list_file") -> None:
        super().__init__(" ".join(problems))
        self.problems, self.field = problems, field


def lines_in(content: bytes, reader: Any) -> list[FrameLine]:
    """The units of an uploaded list: headings as in WIDTHS, the first two required; areas in the reader's reach."""
    rows = _rows_in(content, WIDTHS, (KEY, "层"), lambda values: _area_problem(values["区划"], reader))
    return [_line(values) for values in rows]


def people_in(content: bytes, reader: Any) -> list[PersonLine]:
    """Who can be drawn: headings as in PERSON_WIDTHS, the first two required. Specialities and units are told apart by
    any of 、，； and blanks; units are named by their numbers in the list that is drawn from."""

    def problem(values: Values) -> str:
        return _area_problem(values["区划"], reader) or _fact_problem(values)

    try:
        rows = _rows_in(content, PERSON_WIDTHS, (KEY, "姓名"), problem)
    except BadList as bad:
        raise BadList(bad.problems, "people") from None
    return [PersonLine(_person(values), values["姓名"]) for values in rows]


def _rows_in(
    content: bytes, widths: Mapping[str, int], required: tuple[str, ...], problem: Callable[[Values], str]
) -> list[Values]:
    """The rows that are not empty, by heading; `problem` says what else is wrong with one."""
    told = _read(_text(content))
    headings = next(told, [])
    missing = [name for name in required if name not in headings]
    if missing:
        raise BadList([_("第 1 行缺少表头“%(name)s”。") % {"name": name} for name in missing])
    rows: list[Values] = []
    problems: list[str] = []
    seen: dict[str, int] = {}
    for number, cells in enumerate(told, start=2):
        given = dict(zip(headings, cells, strict=False))
        values = {name: given.get(name, "").strip() for name in widths}
        if not any(values.values()):
            continue
        wrong = _cell_problem(values, widths, required) or _again(values, seen) or problem(values)
        if wrong:
            problems.append(_("第 %(row)s 行：%(problem)s") % {"row": number, "problem": wrong})
        seen.setdefault(values[KEY], number)
        rows.append(values)
        if len(rows) > MOST_ROWS:
            raise BadList([_("最多 %(most)s 行。") % {"most": MOST_ROWS}])
    if problems:
        more = [_("另有 %(count)s 行有误。") % {"count": len(problems) - MOST_ERRORS}] * (len(problems) > MOST_ERRORS)
        raise BadList(problems[:MOST_ERRORS] + more)
    return rows


def _read(text: str) -> Iterator[list[str]]:
    """The rows that are not blank, the headings first."""
    try:
        yield from filter(None, csv.reader(io.StringIO(text, newline="")))
    except csv.Error:  # the reader goes on to the end of the file for the other quotation mark
        raise BadList([_("CSV 的引号没有成对。")]) from None


def _cell_problem(values: Values, widths: Mapping[str, int], required: tuple[str, ...]) -> str:
    """What is wrong with the cells of a row, whatever they mean; "" when nothing is."""
    empty = next((name for name in required if not values[name]), "")
    if empty:
        return _("“%(name)s”没有填写。") % {"name": empty}
    long = next((name for name, width in widths.items() if len(values[name]) > width), "")
    if long:
        return _("“%(name)s”最多 %(width)s 个字。") % {"name": long, "width": widths[long]}
    return _("单元格里不能换行。") if any("\n" in value or "\0" in value for value in values.values()) else ""


def _again(values: Values, seen: Mapping[str, int]) -> str:
    first = seen.get(values[KEY])
    return _("编号 %(key)s 与第 %(row)s 行重复。") % {"key": values[KEY], "row": first} if first else ""


def _area_problem(code: str, reader: Any) -> str:
    if not code:
        return ""
    try:
        key = key_of_code(code)
    except ValueError:
        return _("“%(code)s”不是区划代码。") % {"code": code}
    return "" if reach_of(reader).covers(key) else _("区划 %(code)s 不在管辖范围内。") % {"code": code}


def _fact_problem(values: Values) -> str:
    for name in DAYS:
        try:
            _day(values[name])
        except ValueError:
            return _("“%(name)s”应是日期，如 2027-12-31。") % {"name": name}
    most = values["最多单位数"]
    return "" if not most or (most.isdecimal() and int(most)) else _("“最多单位数”应是大于 0 的整数。")


def _line(values: Values) -> FrameLine:
    area = key_of_code(values["区划"]) if values["区划"] else ""
    row = FrameRow(values[KEY], values["层"], values["等级"], area, values["不参加抽取的原因"])
    return FrameLine(row, values["名称"])


def _person(values: Values) -> Person:
    most = values["最多单位数"]
    return Person(
        values[KEY], key_of_code(values["区划"]) if values["区划"] else "", _parts(values["专长"]),
        _day(values["考核有效期至"]), _day(values["证件有效期至"]), _parts(values["有利害关系的单位"]),
        _parts(values["上次检查的单位"]), int(most) if most else None,
    )  # fmt: skip


def _parts(text: str) -> frozenset[str]:
    return frozenset(part for part in BETWEEN.split(text) if part)


def _day(text: str) -> date | None:
    """Raises ValueError."""
    if not text:
        return None
    year, month, day = map(int, text.replace("/", "-").split("-"))
    return date(year, month, day)


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadList([_("文件不是 UTF-8 或 GB 18030 编码的 CSV。")])
