"""Where frames come from: lists that apps register, and a file that the drafter brings.

# apps.py of an app that keeps what may be drawn, in ready():
register_frame(FrameKind("operators", _("在营主体，按业态分层"), operator_rows))     # (FrameAsk) -> Iterable[FrameLine]
# of an app that drafts draws by itself, with its own lines (docs/draws.md):
register_frame(FrameKind("fieldchecks.points", _("点位名册"), owner_page=page_of_round))    # (owner) -> Crumb
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.engine.draws.rules.inference import Result
from shian.engine.draws.rules.recusal import Person
from shian.engine.draws.rules.sampling import FrameRow
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import columns_of_key, key_of_code
from shian.kernel.ui.pieces import Crumb
from shian.kernel.ui.states import Text
from shian.registers.operators.models import Operator

OWN_LIST = "list"
MOST_ROWS = 1_000_000
MOST_ERRORS = 5
HEADINGS = ("编号", "层", "等级", "区划", "不参加抽取的原因", "名称")
WIDTHS = {"编号": 60, "层": 80, "等级": 20, "区划": 12, "不参加抽取的原因": 120, "名称": 120}


class BadList(ValueError):
    """A list that cannot become a frame; `problems` say where and why, for the reader."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class FrameAsk:
    """For which area (a key) and day; rows are cut to the reach of `reader`."""

    area: str
    as_of: date
    reader: Any


@dataclass(frozen=True)
class FrameLine:
    """One unit with what pages call it."""

    row: FrameRow
    label: str = ""


@dataclass(frozen=True)
class PersonLine:
    """Someone who can be drawn, with what pages call them."""

    person: Person
    label: str = ""


@dataclass(frozen=True)
class FrameKind:
    """A list that frames can be taken from; without `lines` only its own app drafts from it. `owner_page`: name and
    address of what a draw was made for, by Draw.owner. `results`: what was found at the sample of a draw, as far as
    the reader may know it; then the draw shows what that tells of the whole."""

    key: str
    title: Text
    lines: Callable[[FrameAsk], Iterable[FrameLine]] | None = None
    owner_page: Callable[[str], Crumb] | None = None
    results: Callable[[Any, Any], Iterable[Result]] | None = None


_kinds: dict[str, FrameKind] = {}


def register_frame(kind: FrameKind) -> None:
    """Name a list; registering the same key again replaces it."""
    _kinds[kind.key] = kind


def frame_kinds() -> list[FrameKind]:
    """The registered lists that are read by whoever drafts, by key."""
    return [_kinds[key] for key in sorted(_kinds) if is_read(key)]


def is_read(key: str) -> bool:
    """Are the units of this list read by its kind?"""
    return key in _kinds and _kinds[key].lines is not None


def has_results(kind: str) -> bool:
    """Does anybody tell what was found at samples of this kind of list?"""
    return kind in _kinds and _kinds[kind].results is not None


def results_of(kind: str, draw: Any, reader: Any) -> Iterable[Result]:
    """What was found at the sample of a draw, as far as the reader may know it."""
    told = _kinds[kind].results if kind in _kinds else None
    return told(draw, reader) if told else ()


def owner_page(kind: str, owner: str) -> Crumb | None:
    """The page of what a draw was made for; None when nobody names one."""
    named = _kinds[kind].owner_page if owner and kind in _kinds else None
    return named(owner) if named else None


def frame_title(key: str) -> Text:
    """What the list is called; its key when nobody registers it any more."""
    if key == OWN_LIST:
        return gettext_lazy("上传的名册")
    return _kinds[key].title if key in _kinds else key


def lines_of(key: str, ask: FrameAsk) -> list[FrameLine]:
    """The units of a list that is read by its kind. Raises LookupError for another."""
    read = _kinds[key].lines
    if read is None:
        raise LookupError(key)
    return list(read(ask))


def operators_by_format(ask: FrameAsk) -> Iterator[FrameLine]:
    """Operators registered on the day, one stratum for each format."""
    own = {name: value for name, value in columns_of_key(ask.area).items() if value}
    rows = Operator.objects.visible_to(ask.reader).filter(**own, opened_on__lte=ask.as_of)
    for code, name, form, kind, area, closed_on in rows.values_list(
        "code", "name", "format", "kind", "area_code", "closed_on"
    ):
        if closed_on is not None and closed_on <= ask.as_of:
            continue
        yield FrameLine(FrameRow(code, form or kind, area=key_of_code(area)), name)


def lines_in(content: bytes, reader: Any) -> list[FrameLine]:
    """The units of an uploaded list: CSV in UTF-8 or GB 18030, headings as in HEADINGS, the first two required.

    Raises BadList; it names at most the first five rows that are wrong.
    """
    told = csv.DictReader(io.StringIO(_text(content), newline=""))
    missing = [name for name in HEADINGS[:2] if name not in (told.fieldnames or ())]
    if missing:
        raise BadList([_("第 1 行缺少表头“%(name)s”。") % {"name": name} for name in missing])
    lines: list[FrameLine] = []
    problems: list[str] = []
    seen: dict[str, int] = {}
    for number, given in enumerate(told, start=2):
        values = {name: (given.get(name) or "").strip() for name in HEADINGS}
        if not any(values.values()):
            continue
        problem = _problem(values, seen, reader)
        if problem:
            problems.append(_("第 %(row)s 行：%(problem)s") % {"row": number, "problem": problem})
        elif len(lines) < MOST_ROWS:
            seen[values["编号"]] = number
            lines.append(_line(values))
    if problems:
        more = [_("另有 %(count)s 行有误。") % {"count": len(problems) - MOST_ERRORS}] * (len(problems) > MOST_ERRORS)
        raise BadList(problems[:MOST_ERRORS] + more)
    return lines


def _line(values: dict[str, str]) -> FrameLine:
    area = key_of_code(values["区划"]) if values["区划"] else ""
    row = FrameRow(values["编号"], values["层"], values["等级"], area, values["不参加抽取的原因"])
    return FrameLine(row, values["名称"])


def _problem(values: dict[str, str], seen: dict[str, int], reader: Any) -> str:
    """What is wrong with a row; "" when nothing is."""
    empty = next((name for name in HEADINGS[:2] if not values[name]), "")
    if empty:
        return _("“%(name)s”没有填写。") % {"name": empty}
    if values["编号"] in seen:
        return _("编号 %(key)s 与第 %(row)s 行重复。") % {"key": values["编号"], "row": seen[values["编号"]]}
    long = next((name for name, width in WIDTHS.items() if len(values[name]) > width), "")
    if long:
        return _("“%(name)s”最多 %(width)s 个字。") % {"name": long, "width": WIDTHS[long]}
    if any("\n" in value or "\0" in value for value in values.values()):
        return _("单元格里不能换行。")
    return _area_problem(values["区划"], reader) if values["区划"] else ""


def _area_problem(code: str, reader: Any) -> str:
    try:
        key = key_of_code(code)
    except ValueError:
        return _("“%(code)s”不是区划代码。") % {"code": code}
    return "" if reach_of(reader).covers(key) else _("区划 %(code)s 不在管辖范围内。") % {"code": code}


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadList([_("文件不是 UTF-8 或 GB 18030 编码的 CSV。")])
