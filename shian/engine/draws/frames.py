"""Where frames come from: lists that apps register; lists.py reads the file that a drafter brings.

# apps.py of an app that keeps what may be drawn, in ready():
register_frame(FrameKind("operators", _("在营主体，按业态分层"), operator_rows))     # (FrameAsk) -> Iterable[FrameLine]
# of an app that drafts draws by itself, with its own lines (docs/draws.md):
register_frame(FrameKind("fieldchecks.points", _("点位名册"), owner_page=page_of_round))    # (owner) -> Crumb
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy

from shian.engine.draws.rules.inference import Result
from shian.engine.draws.rules.recusal import Person
from shian.engine.draws.rules.sampling import FrameRow
from shian.kernel.scope.rules import columns_of_key, key_of_code
from shian.kernel.ui.pieces import Crumb
from shian.kernel.ui.states import Text
from shian.registers.operators.models import Operator

OWN_LIST = "list"
WIDTHS = {"编号": 60, "层": 80, "等级": 20, "区划": 12, "不参加抽取的原因": 120, "名称": 120}


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
