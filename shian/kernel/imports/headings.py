"""Finding the heading row of a sheet and matching its headings to the fields of an importer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from shian.kernel.imports.rules import heading_keys, text_of
from shian.kernel.imports.specs import ImportField, ImportSpec

SEARCHED_ROWS = 20
ROW_COLUMN, CULPRIT_COLUMN, REASON_COLUMN, REMEDY_COLUMN = "行号", "问题列", "问题", "处理办法"
OWN_COLUMNS = {ROW_COLUMN, CULPRIT_COLUMN, REASON_COLUMN, REMEDY_COLUMN}


Remembered = Mapping[str, str]  # comparable heading → field name, "" for a column that is left out
NOTHING_REMEMBERED: Remembered = {}


class FileUnusable(ValueError):
    """The file as a whole cannot be imported; the text tells the user why and what to do."""


class HeadingsUnmatched(FileUnusable):
    """Required columns are missing; `matched` is what was found, so that a person can match the rest by hand."""

    def __init__(self, text: str, matched: "Matched") -> None:
        super().__init__(text)
        self.matched = matched


@dataclass(frozen=True)
class Matched:
    """Which column of the file feeds which field."""

    row_no: int
    headings: tuple[str, ...]
    positions: dict[str, int]  # field name → column
    ignored: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)

    def heading_of(self, name: str, spec: ImportSpec) -> str:
        """The heading as the file writes it, or the field's title when the file lacks it."""
        position = self.positions.get(name)
        return self.headings[position] if position is not None else str(spec.field(name).title)


def match(
    spec: ImportSpec, row_no: int, cells: Sequence[object], remembered: Remembered = NOTHING_REMEMBERED
) -> Matched:
    """Match one row as headings; a column that no field claims is ignored and reported. What was matched by hand goes
    before names and aliases."""
    exact, bare = _names(spec.fields)
    positions: dict[str, int] = {}
    ignored, repeated = [], []
    headings = tuple(text_of(cell) for cell in cells)
    for position, heading in enumerate(headings):
        if not heading or heading in OWN_COLUMNS:
            continue
        full, short = heading_keys(heading)
        name = remembered.get(full) if full in remembered else _named(full, short, exact, bare)
        if not name:
            ignored.append(heading)
        elif name in positions:
            repeated.append(heading)
        else:
            positions[name] = position
    return Matched(row_no, headings, positions, tuple(ignored), tuple(repeated))


def _named(full: str, short: str, exact: Mapping[str, str], bare: Mapping[str, str]) -> str | None:
    return exact.get(full) or exact.get(short) or bare.get(full) or bare.get(short)


def _names(fields: Iterable[ImportField]) -> tuple[dict[str, str], dict[str, str]]:
    """Comparable heading → field name: whole headings, and those without units that only one field has."""
    exact: dict[str, str] = {}
    bare: dict[str, set[str]] = {}
    for each in fields:
        for name in (*titles_of(each), each.name, *each.aliases):
            full, short = heading_keys(name)
            exact.setdefault(full, each.name)
            bare.setdefault(short, set()).add(each.name)
    return exact, {key: next(iter(names)) for key, names in bare.items() if len(names) == 1 and key}


def titles_of(field: ImportField) -> set[str]:
    """The field's title in every language of the pages: a template may be downloaded in one and checked in another."""
    titles = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            titles.add(str(field.title))
    return titles


def find_headings(
    spec: ImportSpec, rows: Sequence[tuple[int, Sequence[object]]], remembered: Remembered = NOTHING_REMEMBERED
) -> Matched:
    """The best matching row among the first rows (a title may stand above it).

    Raises FileUnusable; HeadingsUnmatched where a person could match the rest by hand.
    """
    tried = [match(spec, row_no, cells, remembered) for row_no, cells in rows[:SEARCHED_ROWS]]
    best = max(tried, key=lambda each: len(each.positions), default=None)
    if best is None:
        raise FileUnusable(_("文件里没有内容，请检查后重新上传。"))
    missing = [str(each.title) for each in spec.fields if each.required and each.name not in best.positions]
    if not best.positions:
        found = "、".join(heading for heading in tried[0].headings if heading)[:200]
        wanted = "、".join(str(each.title) for each in spec.fields if each.required)
        raise HeadingsUnmatched(
            _("没有找到“%(title)s”的表头。需要的列：%(wanted)s。文件第一行是：%(found)s。请核对导入类型或下载模板。")
            % {"title": spec.title, "wanted": wanted, "found": found or _("（空）")},
            tried[0],
        )
    if missing:
        found = "、".join(heading for heading in best.headings if heading)
        raise HeadingsUnmatched(
            _("缺少必需的列：%(missing)s。文件第 %(row)s 行的表头是：%(found)s。请补齐这些列，或下载模板对照。")
            % {"missing": "、".join(missing), "row": best.row_no, "found": found[:400]},
            best,
        )
    best.notes.extend(_remarks(best))
    return best


def told_headings(spec: ImportSpec, matched: Matched) -> list[dict[str, str]]:
    """Each heading with the field that it feeds, as a batch keeps them."""
    by_position = {position: name for name, position in matched.positions.items()}
    told = []
    for position, heading in enumerate(matched.headings):
        name = by_position.get(position, "")
        if heading and heading not in OWN_COLUMNS:
            told.append({"heading": heading, "field": name, "title": str(spec.field(name).title) if name else ""})
    return told


def _remarks(matched: Matched) -> list[str]:
    notes = []
    if matched.row_no > 1:
        notes.append(_("表头在第 %(row)s 行，其上的标题行已略过。") % {"row": matched.row_no})
    if matched.ignored:
        notes.append(_("以下列不属于本表，已忽略：%(columns)s。") % {"columns": "、".join(matched.ignored)})
    if matched.repeated:
        notes.append(_("以下列重复出现，只取第一列：%(columns)s。") % {"columns": "、".join(matched.repeated)})
    return notes


def find_field(spec: ImportSpec, heading: str) -> ImportField | None:
    """The field that a heading, an English name or an alias means."""
    matched = match(spec, 0, [heading])
    return next((spec.field(name) for name in matched.positions), None)
